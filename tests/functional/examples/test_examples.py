# SPDX-License-Identifier: Apache-2.0
"""Each example, with senders that know nothing but its command."""
import configparser
import functools
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

import pytest
import requests
import yaml

from heat_plugins.localcloud import demo
from heat_plugins.zaqar import guest


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
    assert stack.output('reports') == {'w1': 1, 'w2': 2, 'w3': 3, 'w4': 4}
    assert stack.output('received') == 4


def test_03_stock_wait_condition(example, shell):
    stack, command = example('03-stock-wait-condition.yaml')

    for _sender in range(2):
        sent = shell(command)
        assert sent.returncode == 0, sent.stderr

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert list(json.loads(stack.output('data')).values()) == [None, None]


def test_04_topic_fan_out(project, webhook, eventually):
    stack = project.created(demo.examples() / '04-topic-fan-out.yaml',
                            {'webhook': webhook.url})

    project.post(stack.output('orders'), {'number': 7})

    [request] = eventually(lambda: webhook.requests)
    assert request.headers['x-source'] == 'orders'
    assert request.json['text'] == 'an order has come'
    assert request.json['order']['body'] == {'number': 7}
    for queue in stack.output('billing'), stack.output('audit'):
        [body] = eventually(functools.partial(project.bodies, queue))
        assert body['body'] == {'number': 7}


def test_05_queue_to_scaling(project, eventually):
    stack = project.created(demo.examples() / '05-queue-to-scaling.yaml')
    assert stack.output('size') == 1

    project.post(stack.output('alarms'), 'too slow')

    eventually(lambda: stack.output('size') == 2)
    stack.wait()


def test_06_dead_letters(project):
    stack = project.created(demo.examples() / '06-dead-letters.yaml')
    jobs = project.queue(stack.output('jobs'))
    project.post(jobs.name, {'job': 1})

    for _attempt in range(3):
        claim = jobs.claim(ttl=60, grace=60)
        assert [each.body for each in claim] == [{'job': 1}]
        claim.delete()  # given up, not done
    assert list(jobs.claim(ttl=60, grace=60)) == []

    assert project.bodies(stack.output('failed_jobs')) == [{'job': 1}]


def test_07_announce_to_webhook(project, webhook, eventually):
    file = demo.examples() / '07-announce-to-webhook.yaml'
    stack = project.created(file, {'webhook': webhook.url})
    project.updated(stack, file, {'webhook': webhook.url, 'release': '1.1'})
    project.heat.actions.suspend(stack.id)
    stack.wait()
    project.heat.actions.resume(stack.id)
    stack.wait()
    project.deleted(stack)

    eventually(lambda: len(webhook.requests) == 5)
    events = [request.json['body'] for request in webhook.requests]
    assert [(each['type'].rpartition('.')[2], each['data']['release'])
            for each in events] == [
                ('create', '1.0'), ('update', '1.1'), ('suspend', '1.1'),
                ('resume', '1.1'), ('delete', '1.1')]


def test_08_guest_url(project, shell):
    stack = project.created(demo.examples() / '08-guest-url.yaml')
    project.post(stack.output('jobs'), {'job': 1})

    claimed = shell(stack.output('claim_command'), '{"ttl": 60, "grace": 60}')

    assert claimed.returncode == 0, claimed.stderr
    [message] = json.loads(claimed.stdout)['messages']
    assert message['body'] == {'job': 1}
    done = requests.delete(
        project.cloud.endpoints['zaqar'] + message['href'],
        headers=stack.output('headers'), timeout=30)
    assert done.status_code == 204
    assert project.bodies(stack.output('jobs')) == []


def test_09_wait_for_another_stack(project, name, eventually):
    waiting = project.create(
        demo.examples() / '09-wait-for-another-stack.yaml', {'queue': name})
    eventually(project.queue(name).exists)

    project.created(demo.examples() / '10-tell-another-stack.yaml',
                    {'queue': name})

    assert waiting.wait() == 'CREATE_COMPLETE', waiting.reason
    assert waiting.output('database') == {
        'address': '192.0.2.10', 'port': 5432}


def test_10_tell_another_stack(project, name):
    stack = project.create(demo.examples() / '10-tell-another-stack.yaml',
                           {'queue': name})

    assert stack.wait() == 'CREATE_FAILED'
    assert 'there is no queue "%s"' % name in stack.reason


class Test11Approval:
    @pytest.mark.parametrize(('decision', 'status'), [
        ('approved', 'CREATE_COMPLETE'), ('denied', 'CREATE_FAILED')])
    def test_somebody_decides(self, example, send, decision, status):
        stack, command = example('11-approval.yaml')
        made = {'decision': decision, 'by': 'boss', 'reason': 'in time'}

        send(command, {'decision': 'approved'})  # nobody's
        send(command, made)

        assert stack.wait() == status, stack.reason
        if decision == 'approved':
            assert stack.output('decided') == made
            assert stack.output('by_default') is False
        else:
            assert 'in time' in stack.reason

    @pytest.mark.parametrize(('default', 'status'), [
        ('approved', 'CREATE_COMPLETE'), ('denied', 'CREATE_FAILED')])
    def test_nobody_decides(self, project, default, status):
        stack = project.create(demo.examples() / '11-approval.yaml',
                               {'default': default, 'timeout': 1})

        assert stack.wait() == status, stack.reason
        assert stack.output('by_default') is True
        assert stack.output('decided') is None


def test_12_step_by_step(example, send, eventually):
    stack, command = example('12-step-by-step.yaml')

    for step in ('prepared', 'copied', 'switched'):
        send(command, {'step': step, 'bytes': 100})

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('bytes') == 100


class Test13Quorum:
    @pytest.fixture
    def report(self, example, send):
        stack, command = example('13-quorum.yaml')

        def reporting(name, status='SUCCESS', reason=''):
            send(command, {'member': {'name': name}, 'status': status,
                           'reason': reason})
            return stack
        return reporting

    def test_three_are_enough(self, report):
        for name in 'aab':
            report(name)
        report('c', 'FAILURE', 'no disk')
        stack = report('d')

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert sorted(stack.output('members')) == ['a', 'b', 'c', 'd']
        assert stack.output('failures') == ['no disk']

    def test_two_failures_are_too_many(self, report):
        report('a', 'FAILURE', 'no disk')
        stack = report('b', 'FAILURE', 'no power')

        assert stack.wait() == 'CREATE_FAILED'
        assert 'no disk (id a); no power (id b)' in stack.reason


class Test14Heartbeat:
    def test_signs_of_life_lead_to_the_end(self, example, send):
        stack, command = example('14-heartbeat.yaml')
        send(command, {'status': 'IN_PROGRESS', 'reason': '40 %'})
        send(command, {'status': 'SUCCESS'})

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason

    def test_a_dead_job_is_not_waited_for(self, example):
        stack, _command = example('14-heartbeat.yaml', heartbeat=2)

        assert stack.wait() == 'CREATE_FAILED'
        assert 'no sign of life for 2 seconds' in stack.reason


def test_15_wait_again(project, example, send):
    stack, command = example('15-wait-again.yaml')
    for name in 'ab':
        send(command, {'id': name})
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason

    stack.update(demo.examples() / '15-wait-again.yaml', {'version': '2'})
    for name in 'ab':
        send(command, {'id': name})

    assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
    assert stack.output('received') == 2


def test_16_custom_resource_queue(project):
    stack = project.created(demo.examples() / '16-custom-resource-queue.yaml')
    project.post(stack.output('queue'), {'job': 1})
    signed = json.loads(stack.output('signed_url'))
    queue = guest.queue(signed['url'], signed['headers'])

    # all that a worker does
    [message] = claim = queue.claim(ttl=60, grace=60, limit=1)
    claim.update(ttl=120, grace=60)
    assert queue.message(message.id).body == {'job': 1}
    queue.delete_messages(message.id)

    assert project.bodies(stack.output('queue')) == []


WORKERS = demo.examples() / 'workers'


def test_17_custom_resource(project, workers):
    workers.start(handler='zone:Records', folder=WORKERS)
    file = demo.examples() / '17-custom-resource.yaml'

    def records():
        return [line.partition(' ;')[0]
                for line in workers.file('example.zone')]

    stack = project.created(file, {'queue': workers.queue})
    assert records() == ['www 300 IN A 192.0.2.7',
                         'alias 300 IN CNAME www.example.org.']
    assert stack.output('fqdn') == 'www.example.org.'

    project.updated(stack, file, {'queue': workers.queue, 'name': 'web',
                                  'address': '192.0.2.9'})
    assert sorted(records()) == ['alias 300 IN CNAME web.example.org.',
                                 'web 300 IN A 192.0.2.9']

    other = project.create(file, {'queue': workers.queue, 'name': 'web'})
    assert other.wait() == 'CREATE_FAILED'
    assert 'the zone has "web" already' in other.reason
    project.deleted(other)
    project.deleted(stack)
    assert records() == []


class TestDeployments:
    """What the files for systemd and for containers would run."""

    @pytest.fixture
    def served(self, project, workers, tmp_path):
        """Runs a command of such a file, with paths of this test.

        :returns: a function of the command, and of a map of paths.
        """
        def serve(words, paths, **variables):
            for name, path in paths.items():
                words = [each.replace(name, str(path)) for each in words]
            assert words[0].endswith('heat-zaqar')
            process = workers.run(
                [sys.executable, '-W', 'ignore', '-m', 'heat_plugins.cli.app',
                 *words[1:]], WORKERS, **variables)
            stack = project.created(
                demo.examples() / '17-custom-resource.yaml',
                {'queue': workers.queue})
            assert stack.output('fqdn') == 'www.example.org.'
            assert (tmp_path / 'requests').exists()
            process.terminate()
            assert process.wait(60) == 0
        return serve

    def test_systemd(self, served, workers, tmp_path):
        unit = configparser.ConfigParser(interpolation=None)
        unit.optionxform = str
        unit.read(WORKERS / 'zone.service')
        service = unit['Service']
        credential, _colon, _file = service['LoadCredential'].partition(':')
        assert credential == workers.signed_url.name

        served(shlex.split(service['ExecStart']), {
            '${CREDENTIALS_DIRECTORY}': workers.signed_url.parent,
            '${STATE_DIRECTORY}': tmp_path})

    def test_a_container(self, served, workers, tmp_path):
        lines = (WORKERS / 'Containerfile').read_text().splitlines()
        words = [word for line in lines
                 if line.startswith(('ENTRYPOINT', 'CMD'))
                 for word in json.loads(line.partition(' ')[2])]

        served(words, {'/run/secrets': workers.signed_url.parent,
                       '/data': tmp_path})


def test_18_custom_resource_shell(project, workers, tmp_path):
    workers.run(['sh', 'hosts.sh', str(workers.signed_url),
                 str(tmp_path / 'hosts')], WORKERS)
    file = demo.examples() / '18-custom-resource-shell.yaml'

    def lines():
        return sorted(line.partition(' #')[0]
                      for line in workers.file('hosts'))

    stack = project.created(file, {'queue': workers.queue})
    assert lines() == ['192.0.2.7 web.example.org',
                       '192.0.2.8 database.example.org']
    assert stack.output('file') == str(tmp_path / 'hosts')

    project.updated(stack, file, {'queue': workers.queue,
                                  'address': '2001:db8::7'})
    assert lines() == ['192.0.2.8 database.example.org',
                       '2001:db8::7 web.example.org']

    other = project.create(file, {'queue': workers.queue,
                                  'address': 'nonsense "$(id)"'})
    assert other.wait() == 'CREATE_FAILED'
    assert 'The property address is not an IP address.' in other.reason
    project.deleted(other)
    project.deleted(stack)
    assert lines() == []
    assert project.bodies(workers.queue) == []


@pytest.mark.parametrize(('setup', 'status'), [
    ('true', 'CREATE_COMPLETE'),
    ('ls /no/such/place', 'CREATE_FAILED')])
def test_20_cloud_init(project, eventually, tmp_path, setup, status):
    stack = project.create(demo.examples() / '20-cloud-init.yaml',
                           {'setup': setup})
    config = yaml.safe_load(eventually(lambda: stack.output('user_data')))

    # what cloud-init does
    [file] = config['write_files']
    program = tmp_path / pathlib.Path(file['path']).name
    program.write_text(file['content'])
    program.chmod(int(file['permissions'], 8))
    for command in config['runcmd']:
        subprocess.run(['sh', '-c', command], check=True, env={
            'PATH': '%s:%s' % (tmp_path, os.environ['PATH'])})

    assert stack.wait() == status, stack.reason
    if status == 'CREATE_FAILED':
        assert '/no/such/place' in stack.reason


def test_21_several_queues(example, send, eventually):
    stack, command = example('21-several-queues.yaml', builds=2)

    for build, result in (('a', 'passed'), ('b', 'failed'), ('c', 'passed')):
        send(command, {'id': build, 'result': result})
    approve = eventually(lambda: stack.output('approve_command'))
    send(approve, {'approved': True, 'by': 'Ada'})

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert [each['id'] for each in stack.output('builds')] == ['a', 'c']
    assert stack.output('approved_by') == 'Ada'


@pytest.fixture
def upgrade(workers, tmp_path, monkeypatch):
    """Has workers run a command, which fails for the version "bad".

    :returns: a function that gives the lines it has written.
    """
    log = tmp_path / 'upgrades'
    command = tmp_path / 'upgrade'
    command.write_text('#!/bin/sh\nset -e\necho "begin $*" >> %s\n'
                       'if [ "$2" = bad ]; then echo no disk >&2; exit 1; fi\n'
                       'sleep 0.3\necho "end $*" >> %s\n' % (log, log))
    command.chmod(0o755)
    monkeypatch.setenv('UPGRADE', str(command))
    workers.start(handler='members:Members', folder=WORKERS)
    return lambda: log.read_text().splitlines()


def test_22_one_after_the_other(project, workers, upgrade):
    file = demo.examples() / '22-one-after-the-other.yaml'
    stack = project.created(file, {'queue': workers.queue})
    project.updated(stack, file, {'queue': workers.queue, 'version': '2.0'})

    lines = upgrade()
    assert len(lines) == 12
    for begun, ended in zip(lines[::2], lines[1::2], strict=True):
        assert ended == begun.replace('begin', 'end')
    assert [line.rpartition(' ')[2] for line in lines[::2]] == [
        '1.0'] * 3 + ['2.0'] * 3
    assert stack.output('versions') == ['2.0'] * 3

    stack.update(file, {'queue': workers.queue, 'version': 'bad'})
    assert stack.wait() == 'UPDATE_FAILED'
    assert 'no disk' in stack.reason
    assert len(upgrade()) == 13


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


def test_each_example_is_tested():
    """Here, or where there is a cloud that it can run on."""
    elsewhere = [
        name for file in (
            'pools/test_pools.py', 'pipes/test_pipes.py',
            'notifications/test_driver.py', '../reach/test_services.py')
        for name in re.findall(r'def (test_\d\d_\w+)', (
            pathlib.Path(__file__).parents[1] / file).read_text())]
    tests = [re.sub('[^a-z0-9]', '', name.lower())
             for name in (*globals(), *elsewhere)]
    for file in demo.examples().glob('*.yaml'):
        assert 'test' + file.stem.replace('-', '') in tests
