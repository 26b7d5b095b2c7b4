# SPDX-License-Identifier: Apache-2.0
"""Templates with Heat's own types become ones with ours."""
import textwrap

import pytest

from heat_plugins.cli import app
from heat_plugins.templates import convert
from heat_plugins.templates import document
from heat_plugins.templates import lint
from heat_plugins.templates import template as templates

pytestmark = pytest.mark.usefixtures('own_logging')

HEAD = 'heat_template_version: 2021-04-16\n'
CASES = {
    'a queue': ('''
resources:
  # all that is to be done
  jobs:
    type: OS::Zaqar::Queue   # one for all
    properties:
      name: "jobs"
      metadata: {mine: 1}
outputs:
  name: {value: {get_attr: [jobs, queue_id]}}
''', '''
resources:
  # all that is to be done
  jobs:
    type: Zaqar::Messaging::Queue # one for all
    properties:
      name: "jobs"
      metadata: {mine: 1}
outputs:
  name: {value: {get_attr: [jobs, name]}}
''', []),
    'a wait': ('''
resources:
  handle:
    type: OS::Heat::WaitConditionHandle
    properties:
      signal_transport: ZAQAR_SIGNAL
  wait:
    type: OS::Heat::WaitCondition
    properties:
      handle: {get_resource: handle}  # the servers report there
      count: 2
      timeout: 600
outputs:
  command: {value: {get_attr: [handle, curl_cli]}}
  data: {value: {get_attr: [wait, data]}}
''', '''
resources:
  handle:
    type: Zaqar::Workflow::WaitConditionHandle
  wait:
    type: Zaqar::Workflow::WaitCondition
    properties:
      queue: {get_resource: handle}   # the servers report there
      count: 2
      timeout: 600
outputs:
  command: {value: {get_attr: [handle, curl_cli]}}
  data: {value: {get_attr: [wait, data]}}
''', []),
    'subscriptions': ('''
resources:
  hook:
    type: OS::Zaqar::Subscription
    properties:
      queue_name: jobs
      subscriber: https://example.org/
      options:
        post_headers:
          X-Mine: 1
  workflow:
    type: OS::Zaqar::MistralTrigger
    properties:
      queue_name: jobs
      workflow_id: 11111111-2222-3333-4444-555555555555
      input:
        a: 1
  url:
    type: OS::Zaqar::SignedQueueURL
    properties:
      queue: jobs
      methods:
        - POST
''', '''
resources:
  hook:
    type: Zaqar::Messaging::Subscription
    properties:
      queue: jobs
      subscriber: https://example.org/
      headers:
        X-Mine: 1
  workflow:
    type: Zaqar::Messaging::Subscription
    properties:
      queue: jobs
      workflow:
        id: 11111111-2222-3333-4444-555555555555
        input:
          a: 1
  url:
    type: Zaqar::Messaging::SignedURL
    properties:
      queue: jobs
      methods:
        - POST
''', []),
    'what has no equal': ('''
resources:
  handle:
    type: OS::Heat::WaitConditionHandle
  wait:
    type: OS::Heat::WaitCondition
    properties:
      handle: {get_param: handle}
outputs:
  token: {value: {get_attr: [handle, token]}}
''', '''
resources:
  handle:
    type: Zaqar::Workflow::WaitConditionHandle
  wait:
    type: OS::Heat::WaitCondition
    properties:
      handle: {get_param: handle}
outputs:
  token: {value: {get_attr: [handle, token]}}
''', [(7, '"wait" is left as it is'),
      (11, 'the attribute "token" of "handle" has no equal: ours need no')]),
    'nothing': ('''
resources:
  it:   {type: "OS::Heat::None"}
''', '''
resources:
  it:   {type: "OS::Heat::None"}
''', []),
}


def converted(text):
    return convert.convert(document.Document('t.yaml', text))


@pytest.mark.parametrize('name', CASES)
def test_a_template_is_rewritten(name):
    before, after, notes = CASES[name]
    text, told = converted(HEAD + before)

    assert text == HEAD + after
    assert [(each.line, each.text[:len(begin)]) for each, (_line, begin)
            in zip(told, notes, strict=True)] == notes


@pytest.mark.parametrize('name', [
    name for name, case in CASES.items() if not case[2]])
def test_what_comes_of_it_is_clean(name):
    text, _notes = converted(HEAD + CASES[name][0])

    assert not lint.findings(templates.Template(document.Document(
        't.yaml', text)))


def test_lines_that_do_not_change_stay_as_they_are():
    text = '''\
heat_template_version: 2021-04-16

resources:
  box:   # where they report
    type: OS::Heat::WaitConditionHandle
  it:
    type: OS::Heat::WaitCondition
    depends_on:
    - box
    properties: { count:  2,
                  handle: { get_resource: box } }
outputs:
  it: { value: [ get_attr: [ it, data ],
                 'x' ] }
'''
    after, notes = converted(text)

    changed = {line.strip() for line in after.splitlines()} - {
        line.strip() for line in text.splitlines()}
    assert changed == {
        'type: Zaqar::Workflow::WaitConditionHandle',
        'type: Zaqar::Workflow::WaitCondition',
        'properties: {count: 2, queue: {get_resource: box}}'}
    assert not notes


@pytest.mark.parametrize('name', CASES)
def test_it_changes_nothing_a_second_time(name):
    text, _notes = converted(HEAD + CASES[name][0])

    assert converted(text)[0] == text


@pytest.mark.parametrize('text', ['a: [', '[]', 'a: 1', 'a: &a [*a]'])
def test_what_is_no_template_is_told(text):
    with pytest.raises(document.SourceError):
        converted(text)


class TestCommand:
    @pytest.fixture
    def file(self, tmp_path):
        path = tmp_path / 't.yaml'
        path.write_text(HEAD + CASES['a queue'][0])
        return path

    def test_it_prints_the_new_template(self, file, capsys):
        assert app.main(['convert', str(file)]) == 0
        assert capsys.readouterr().out == HEAD + CASES['a queue'][1]

    def test_it_writes_it(self, file, capsys):
        assert app.main(['convert', '--write', str(file)]) == 0
        assert file.read_text() == HEAD + CASES['a queue'][1]

    def test_it_shows_the_difference(self, file, capsys):
        assert app.main(['convert', '--diff', str(file)]) == 0
        assert '-    type: OS::Zaqar::Queue   # one for all' in (
            capsys.readouterr().out.splitlines())

    def test_it_checks(self, file, capsys):
        assert app.main(['convert', '--check', str(file)]) == 1
        app.main(['convert', '--write', str(file)])
        assert app.main(['convert', '--check', str(file)]) == 0

    def test_it_says_what_it_left(self, tmp_path, capsys):
        path = tmp_path / 't.yaml'
        path.write_text(HEAD + textwrap.dedent(
            CASES['what has no equal'][0]))
        assert app.main(['convert', str(path)]) == 0
        assert '%s:11: the attribute "token"' % path in (
            capsys.readouterr().err)
