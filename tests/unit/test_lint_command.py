# SPDX-License-Identifier: Apache-2.0
"""The commands ``heat-zaqar lint`` and ``heat-zaqar schema``."""
import json
import pathlib

import pytest
import yaml

from heat_plugins.cli import app
from heat_plugins.localcloud import demo

pytestmark = pytest.mark.usefixtures('own_logging')

ROOT = pathlib.Path(__file__).parents[2]
TEMPLATE = '''heat_template_version: 2021-04-16
parameters: {ttl: {type: number}}
resources:
  it:
    type: Zaqar::Messaging::Que
  other:
    type: Zaqar::Messaging::Queue
    properties: {message_ttl: {get_param: ttl}}
'''


@pytest.fixture
def template(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / 't.yaml').write_text(TEMPLATE)
    return tmp_path / 't.yaml'


def run(capsys, *arguments):
    code = app.main(list(arguments))
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_finding_says_where_and_what(template, capsys):
    assert run(capsys, 'lint', 't.yaml') == (
        1, 't.yaml:5:5: HZ101 there is no type "Zaqar::Messaging::Que": did '
        'you mean "Zaqar::Messaging::Queue"?\n', '')


def test_nothing_found_is_nothing_said(capsys):
    examples = [str(each) for each in demo.examples().glob('*.yaml')]

    assert run(capsys, 'lint', *examples) == (0, '', '')


def test_a_parameter_may_be_given(template, capsys):
    code, text, _errors = run(capsys, 'lint', '-P', 'ttl=5', 't.yaml',
                              '--ignore', 'HZ101')

    assert code == 1
    assert text.startswith('t.yaml:8:18: HZ105 "5" of "message_ttl" is not ')


def test_an_environment_may_be_given(template, capsys):
    (template.parent / 'e.yaml').write_text('parameters: {ttl: 5}')

    assert 'HZ105' in run(capsys, 'lint', '-e', 'e.yaml', 't.yaml')[1]


def test_an_environment_that_cannot_be_read_is_told_once(template, capsys):
    assert run(capsys, 'lint', '-e', 'none.yaml', 't.yaml', 't.yaml') == (
        1, 'none.yaml:1:1: HZ001 No such file or directory\n', '')


@pytest.mark.parametrize('ignored', ['HZ101', 'HZ1'])
def test_a_file_may_switch_rules_off(template, capsys, ignored):
    (template.parent / '.heat-zaqar.yaml').write_text(
        'lint: {ignore: [%s]}' % ignored)

    assert run(capsys, 'lint', 't.yaml') == (0, '', '')


@pytest.mark.parametrize(('options', 'file', 'is_found'), [
    ([], '', True), (['--stack-timeout', '120'], '', False),
    ([], 'lint: {stack_timeout: 120}', False),
    (['--stack-timeout', '90'], 'lint: {stack_timeout: 120}', True)])
def test_the_timeout_of_the_stack_may_be_given(template, capsys, options, file,
                                               is_found):
    (template.parent / '.heat-zaqar.yaml').write_text(file)
    template.write_text(template.read_text().partition('resources')[0] + '''
resources:
  it:
    type: Zaqar::Workflow::WaitCondition
    properties: {queue: jobs, timeout: 7200}
''')

    found = run(capsys, 'lint', *options, 't.yaml')[1]
    assert ('HZ211' in found) is is_found


@pytest.mark.parametrize('minutes', ['0', '-5', 'soon'])
def test_a_timeout_of_the_stack_that_is_none_is_refused(template, capsys,
                                                        minutes):
    with pytest.raises(SystemExit) as ended:
        run(capsys, 'lint', '--stack-timeout=' + minutes, 't.yaml')

    assert ended.value.code == 2
    assert '%s is not a whole number from 1 to' % minutes in (
        capsys.readouterr().err)


def test_a_file_that_says_something_else_is_told(template, capsys):
    (template.parent / '.heat-zaqar.yaml').write_text('lint: {ignore: 5}')

    code, _text, errors = run(capsys, 'lint', 't.yaml')
    assert code == 2
    assert ".heat-zaqar.yaml:1:8: 5 is not of type 'array'" in errors


def test_the_hook_for_pre_commit_is_this_command(template, capsys):
    [hook] = yaml.safe_load((ROOT / '.pre-commit-hooks.yaml').read_text())
    program, *words = hook['entry'].split()

    assert program == 'heat-zaqar'
    assert run(capsys, *words, 't.yaml')[0] == 1
    assert hook['language'] == 'python'


def test_it_can_be_read_by_tools(template, capsys):
    [finding] = json.loads(run(capsys, 'lint', '-f', 'json', 't.yaml')[1])
    assert (finding['file'], finding['line'], finding['rule']) == (
        't.yaml', 5, 'HZ101')

    report = json.loads(run(capsys, 'lint', '-f', 'sarif', 't.yaml')[1])
    assert report['version'] == '2.1.0'


def test_a_parameter_without_a_value_is_refused(template, capsys):
    with pytest.raises(SystemExit):
        run(capsys, 'lint', '-P', 'ttl', 't.yaml')
    assert 'is not of the form NAME=VALUE' in capsys.readouterr().err


def test_the_schema_is_printed(capsys):
    code, text, _errors = run(capsys, 'schema')
    assert code == 0
    assert 'Zaqar::Messaging::Queue' in json.loads(text)['$defs']

    types = json.loads(run(capsys, 'schema', '--types')[1])
    assert types['Zaqar::Workflow::WaitCondition']['properties']['queue'][
        'use'] == 'waits on'
