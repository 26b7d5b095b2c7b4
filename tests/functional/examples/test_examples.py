# SPDX-License-Identifier: Apache-2.0
"""Each example, with senders that know nothing but its command."""
import json
import subprocess
import sys

import pytest

from heat_plugins.localcloud import demo


@pytest.fixture
def example(project, eventually):
    """Begins the stack of an example; gives it and its senders' command."""
    def begin(name, **parameters):
        stack = project.create(demo.examples() / name, parameters)
        return stack, eventually(lambda: stack.output('signal_command'))
    return begin


def test_01_signal(example, shell):
    stack, command = example('01-signal.yaml')

    sent = shell(command, '{"data": {"address": "192.0.2.7"}}')

    assert sent.returncode == 0, sent.stderr
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('message') == {'data': {'address': '192.0.2.7'}}


def test_02_fan_in(example, shell):
    stack, command = example('02-fan-in.yaml', workers=4)

    for number in (1, 2, 1, 3, 2, 4):
        sent = shell(command, json.dumps({'id': 'w%d' % number,
                                          'data': number}))
        assert sent.returncode == 0, sent.stderr

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert json.loads(stack.output('reports')) == {
        'w1': 1, 'w2': 2, 'w3': 3, 'w4': 4}
    assert stack.output('received') == 4


def test_03_stock_wait_condition(example, shell):
    stack, command = example('03-stock-wait-condition.yaml')

    for _sender in range(2):
        sent = shell(command)
        assert sent.returncode == 0, sent.stderr

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert list(json.loads(stack.output('data')).values()) == [None, None]


@pytest.mark.parametrize('name', ['01-signal.yaml', '02-fan-in.yaml'])
def test_the_demo_runs_it_to_its_end(cloud, name):
    lines = []

    demo.run(cloud, demo.examples() / name, lines.append)

    told = '\n'.join(lines)
    assert 'Stack CREATE completed successfully' in told
    assert 'worker-1' in told
    assert lines[-1].endswith('Stack DELETE completed successfully')


@pytest.fixture
def demo_command(cloud):
    """Runs ``heat-zaqar demo`` with a template, on a cloud that runs."""
    def run(template):
        return subprocess.run(
            [sys.executable, '-m', 'heat_plugins.cli.app', 'demo', '--keep',
             '--dir', str(cloud.directory), '--template', str(template)],
            capture_output=True, text=True, timeout=120)
    return run


def test_the_command_keeps_the_cloud_and_says_how_to_use_it(cloud,
                                                            demo_command):
    shown = demo_command(demo.examples() / '01-signal.yaml')

    assert shown.returncode == 0, shown.stderr
    assert '1 of 1 received' in shown.stdout
    assert 'cloud env --dir %s' % cloud.directory in shown.stdout
    assert cloud.is_running


def test_the_command_tells_of_a_failure_and_deletes_the_stack(
        demo_command, project, tmp_path):
    template = tmp_path / 'failing.yaml'
    template.write_text('heat_template_version: 2021-04-16\n'
                        'resources:\n'
                        '  it:\n'
                        '    type: Zaqar::Workflow::WaitCondition\n'
                        '    properties: {queue: no-such-queue}\n')

    shown = demo_command(template)

    assert shown.returncode == 1
    assert 'there is no queue "no-such-queue"' in shown.stderr
    assert demo.NAME not in [each.stack_name
                             for each in project.heat.stacks.list()]


def test_each_example_is_tested_here():
    for file in demo.examples().iterdir():
        assert 'test_' + file.stem.replace('-', '_') in globals()
