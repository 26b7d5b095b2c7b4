# SPDX-License-Identifier: Apache-2.0
"""Templates held against all rules: without Heat, and without a cloud."""
import json
import pathlib
import textwrap

import jsonschema
import pytest
import yaml

from heat_plugins.localcloud import demo
from heat_plugins.resources import described
from heat_plugins.templates import document
from heat_plugins.templates import editor
from heat_plugins.templates import lint
from heat_plugins.templates import rules
from heat_plugins.templates import sarif
from heat_plugins.templates import template as templates

TESTS = pathlib.Path(__file__).parents[1]
HEAD = 'heat_template_version: 2021-04-16\n'
EXAMPLES = sorted(demo.examples().glob('*.yaml'))
GOOD = sorted(TESTS.glob('*/**/good/*.yaml'))
# What a good template of the tests does on purpose.
ON_PURPOSE = {
    'HZ201': 'the tests post to the queue themselves',
    'HZ203': 'nobody is to hear the message of values/known-later',
    'HZ205': 'the tests shorten the one or the other by a parameter',
}
BAD = sorted(TESTS.glob('*/**/bad/*.yaml'))
# Bad templates that only Heat refuses, and why.
_CLOUD = 'it depends on what there is in the cloud'
NOT_FOUND = {
    'pools/pool-flavor-unknown': _CLOUD,
    'pools/queue-flavor-unknown': _CLOUD,
    'subscription/workflow-without-mistral': _CLOUD,
    'wait_condition/expression-syntax': 'YAQL is not on every host of authors',
}
RULES = rules.all_rules()


def found(text, **given):
    return lint.findings(templates.Template(
        document.Document('t.yaml', text), **given))


def with_resources(text, rule=None):
    return ''.join([
        HEAD, *('parameters:\n' + textwrap.indent(each, '  ')
                for each in [getattr(rule, 'PARAMETERS', None)] if each),
        'resources:\n', textwrap.indent(text, '  ')])


def ids(findings):
    return sorted({each.rule for each in findings})


def test_the_types_are_as_their_classes():
    assert described.path().read_text() == described.to_text(), (
        'run python -m heat_plugins.resources.described')


@pytest.mark.parametrize('rule', RULES, ids=lambda rule: rule.ID)
class TestRules:
    @pytest.fixture(autouse=True)
    def _beside(self, rule, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / 'nested.yaml').write_text(getattr(rule, 'NESTED', ''))

    def test_it_finds_what_is_bad(self, rule):
        assert ids(found(with_resources(rule.BAD, rule))) == [rule.ID]

    def test_it_leaves_what_is_good(self, rule):
        assert not [each for each in found(with_resources(rule.GOOD, rule))
                    if each.rule == rule.ID]

    def test_it_is_described(self, rule):
        assert rule.TITLE
        assert not rule.TITLE.endswith('.')
        assert rule.WHY.strip().endswith('.')

    def test_a_comment_switches_it_off_in_a_line(self, rule):
        text = with_resources(rule.BAD, rule)
        lines = text.splitlines()
        for each in found(text):
            lines[each.place.line - 1] += '  # heat-zaqar: ignore ' + rule.ID

        assert not found('\n'.join(lines))


def test_no_two_rules_have_one_id():
    assert len({rule.ID for rule in RULES}) == len(RULES)


@pytest.mark.parametrize('path', EXAMPLES, ids=lambda path: path.name)
def test_the_examples_are_clean(path):
    assert lint.check(path) == []


@pytest.mark.parametrize('path', GOOD, ids=lambda path: '/'.join(
    path.parts[-4:]))
def test_the_good_templates_of_the_tests_are_clean(path):
    assert not [each for each in lint.check(path)
                if each.rule not in ON_PURPOSE]


@pytest.mark.parametrize('path', BAD, ids=lambda path: '/'.join(
    path.parts[-3:]))
def test_the_bad_templates_of_the_tests_are_found(path):
    name = '%s/%s' % (path.parts[-3], path.stem)

    assert bool(lint.check(path)) is (name not in NOT_FOUND)


@pytest.mark.parametrize(('text', 'line', 'error'), [
    ('a: [', 1, 'not YAML'), ('- 1', 1, 'it is no template'), ('', 1, 'none'),
    ('a: &a [*a, *a]', 1, 'not YAML'),
    (HEAD + 'resources: [1]', 2, '"resources" must be a map'),
    (HEAD + 'resources:\n  a: {}\n  b: {}\n  a: {}', 5,
     'the key "a" is there twice, first in line 3'),
    (HEAD + '? [1]\n: 2', 2, 'a key must be a plain value'),
    ('a: ' + '[' * 3000, 1, 'nested too deeply')])
def test_what_is_no_template_is_told(tmp_path, text, line, error):
    path = tmp_path / 't.yaml'
    path.write_text(text)
    [finding] = lint.check(path)

    assert finding.rule == lint.UNREADABLE
    assert finding.place[:2] == (str(path), line)


def test_a_bomb_does_no_harm(tmp_path):
    lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    lines += ['a%d: &a%d [%s]' % (level, level, ', '.join(
        ['*a%d' % (level - 1)] * 9)) for level in range(1, 9)]
    path = tmp_path / 't.yaml'
    path.write_text(HEAD + '\n'.join(lines))

    [finding] = lint.check(path)

    assert 'an alias in itself' in finding.text


def test_what_is_too_large_for_heat_is_told(tmp_path):
    path = tmp_path / 't.yaml'
    path.write_text(HEAD + '#' * document.LARGEST)

    [finding] = lint.check(path)

    assert 'Heat takes no more than 524288' in finding.text


def test_a_file_that_is_not_there_is_told(tmp_path):
    [finding] = lint.check(tmp_path / 'none.yaml')

    assert finding.text == 'No such file or directory'


class TestNested:
    @pytest.fixture
    def check(self, tmp_path):
        def checking(outer, inner, **parameters):
            (tmp_path / 'inner.yaml').write_text(
                HEAD + textwrap.dedent(inner))
            path = tmp_path / 'outer.yaml'
            path.write_text(with_resources(textwrap.dedent(outer)))
            return lint.check(path, parameters=parameters)
        return checking

    INNER = '''\
        parameters:
          queue: {type: string}
          timeout: {type: number, default: 60}
        resources:
          it:
            type: Zaqar::Workflow::WaitCondition
            properties: {queue: {get_param: queue}, heartbeat: 20,
                         timeout: {get_param: timeout}}
        '''

    def test_its_parameters_are_the_properties_of_its_resource(self, check):
        outer = '''\
            box: {type: "Zaqar::Workflow::WaitConditionHandle"}
            member:
              type: inner.yaml
              properties: {queue: {get_resource: box}, timeout: 10}
            '''

        [finding] = check(outer, self.INNER)

        assert finding.rule == 'HZ205'
        assert finding.place.file.endswith('inner.yaml')
        assert finding.place.line == 8

    def test_members_of_a_group_are_looked_at(self, check):
        [finding] = check('''\
            box: {type: "Zaqar::Workflow::WaitConditionHandle"}
            members:
              type: OS::Heat::ResourceGroup
              properties:
                count: 3
                resource_def:
                  type: Zaqar::Workflow::WaitCondition
                  properties: {queue: {get_resource: box}, tiemout: 9}
            ''', self.INNER)

        assert (finding.rule, finding.place.line) == ('HZ102', 10)

    def test_what_the_members_differ_in_is_not_known(self, check):
        assert not check('''\
            jobs: {type: "Zaqar::Messaging::Queue"}
            tell:
              type: Zaqar::Messaging::Message
              properties: {queue: {get_resource: jobs}, body: {n: '1'}}
            members:
              type: OS::Heat::ResourceGroup
              properties:
                count: 3
                resource_def:
                  type: Zaqar::Workflow::WaitCondition
                  properties: {queue: {get_resource: jobs}, consume: false,
                               match: {n: ['%index%']}}
            ''', self.INNER)

    def test_one_that_is_not_there_is_told(self, check):
        [finding] = check('it: {type: other.yaml}', self.INNER)

        assert finding.rule == lint.UNREADABLE
        assert finding.place.line == 3
        assert 'other.yaml:1:1: No such file' in finding.text

    def test_one_within_itself_comes_to_an_end(self, check):
        assert not check('it: {type: inner.yaml}', '''\
            resources:
              again: {type: inner.yaml}
            ''')

    def test_it_is_read_once(self, check, monkeypatch):
        read = []
        monkeypatch.setattr(document.Document, 'read', classmethod(
            lambda cls, path, real=document.Document.read: (
                read.append(str(path)), real(path))[1]))

        check('it: {type: inner.yaml, properties: {queue: q}}', self.INNER)

        assert sum(path.endswith('inner.yaml') for path in read) == 1

    def test_an_environment_may_name_it(self, tmp_path):
        (tmp_path / 'inner.yaml').write_text(
            HEAD + textwrap.dedent(self.INNER))
        (tmp_path / 'deep').mkdir()
        environment = tmp_path / 'deep/env.yaml'
        environment.write_text(
            'resource_registry: {My::Type: ../inner.yaml}')
        path = tmp_path / 'outer.yaml'
        path.write_text(with_resources('it: {type: My::Type}'))

        [finding] = lint.check(path, [document.Document.read(environment)])

        assert finding.text.endswith('needs the parameter "queue"')


def test_a_parameter_makes_a_value_known():
    text = HEAD + '''
parameters: {ttl: {type: number}}
resources:
  it:
    type: Zaqar::Messaging::Queue
    properties: {message_ttl: {get_param: ttl}}
'''
    assert found(text) == []
    assert ids(found(text, parameters={'ttl': '5'})) == ['HZ105']


def test_an_environment_maps_a_name_to_a_type():
    text = HEAD + '''
resources:
  it: {type: "My::Queue", properties: {message_tll: 60}}
'''
    environment = document.Document('e.yaml', '''
resource_registry: {"My::Queue": "Zaqar::Messaging::Queue"}
''')
    assert found(text) == []
    [finding] = found(text, environments=[environment])
    assert finding.text == (
        'there is no property "message_tll": did you mean "message_ttl"?')
    assert finding.place == ('t.yaml', 4, 40)


def test_the_report_for_code_review_names_all(tmp_path):
    made = sarif.report(found(with_resources(RULES[0].BAD)), '1')

    [result] = made['runs'][0]['results']
    assert result['ruleId'] == RULES[0].ID
    assert len(made['runs'][0]['tool']['driver']['rules']) == len(RULES)


class TestEditor:
    @pytest.fixture(scope='class')
    def validator(self):
        schema = json.loads(json.dumps(editor.schema()))
        jsonschema.Draft7Validator.check_schema(schema)
        return jsonschema.Draft7Validator(schema)

    @pytest.mark.parametrize('path', EXAMPLES, ids=lambda path: path.name)
    def test_the_examples_are_valid(self, validator, path):
        assert not list(validator.iter_errors(
            document.Document.read(path).data))

    @pytest.mark.parametrize('rule', [
        rule for rule in RULES if rule.ID in (
            'HZ101', 'HZ102', 'HZ104', 'HZ105')], ids=lambda rule: rule.ID)
    def test_mistakes_of_a_resource_are_not(self, validator, rule):
        assert list(validator.iter_errors(yaml.safe_load(
            'heat_template_version: "2021-04-16"\n' +
            with_resources(rule.BAD, rule).partition('\n')[2])))
