# SPDX-License-Identifier: Apache-2.0
"""What the page of ``heat-zaqar view`` is told, without a cloud."""
import json
import threading
import time

import pytest

from heat_plugins.cli import view
from heat_plugins.stacks import gates
from heat_plugins.stacks import watching
from heat_plugins.templates import document
from heat_plugins.templates import template as templates
from heat_plugins.view import depths
from heat_plugins.view import picture
from heat_plugins.view import pushing
from heat_plugins.view import source
from heat_plugins.zaqar import errors

HEAD = 'heat_template_version: 2021-04-16\nresources:\n'
CONDITION = 'Zaqar::Workflow::WaitCondition'
QUEUE = 'Zaqar::Messaging::Queue'


def row(name, status='CREATE_IN_PROGRESS', type=CONDITION, **more):
    return watching.Row(name, type, status, 'it says', **more)


def drawn(text, rows=()):
    return picture.Picture(templates.Template(document.Document(
        's', HEAD + text)), rows)


class TestPicture:
    def test_a_condition_fills(self):
        made = drawn('  c: {type: "%s", properties: {queue: q}}' % CONDITION)
        rows = [row('c', received=1, needed=3), row('other')]

        states = made.states(rows, {'q': 1})

        assert made.queues(rows) == ['q']
        assert states['queue q']['text'] == '1 message'
        assert states['s c']['text'] == '1 of 3 received'
        assert states['s c']['kind'] == 'progress'
        assert states['s c']['names'] == ['c']

    def test_the_members_of_a_group_are_one_box(self):
        made = drawn(
            '  g:\n    type: OS::Heat::ResourceGroup\n    properties:\n'
            '      count: 3\n      resource_def:\n        type: %s\n'
            '        properties: {queue: q}\n' % CONDITION)
        rows = [row('g/%d' % each, status, received=1, needed=1)
                for each, status in enumerate((
                    'CREATE_COMPLETE', 'CREATE_FAILED', 'INIT_COMPLETE'))]

        [state] = [each for each in made.states(rows, {}).values()
                   if each['type'] == CONDITION]

        assert state['names'] == ['g/0', 'g/1', 'g/2']
        assert state['kind'] == 'failed'
        assert (state['received'], state['needed']) == (3, 3)

    def test_a_queue_that_is_not_there_is_told(self):
        made = drawn('  q: {type: "%s"}' % QUEUE)
        rows = [row('q', 'CREATE_COMPLETE', QUEUE, physical_id='s-q-1')]

        assert made.queues(rows) == ['s-q-1']
        for depth, text in ((depths.GONE, 'the queue is not there'),
                            (None, 'it says'), (0, '0 messages')):
            assert made.states(rows, {'s-q-1': depth})['s q']['text'] == text

    def test_a_queue_with_a_name_is_found_by_it(self):
        made = drawn('  q: {type: "%s", properties: {name: news}}' % QUEUE)
        rows = [row('q', 'CREATE_COMPLETE', QUEUE, physical_id='news')]

        assert made.states(rows, {'news': 2})['queue news']['kind'] == (
            'complete')

    def test_without_the_template_all_of_ours_are_there(self):
        made = picture.Picture(None, [row('a'), row('b', type='OS::X')])

        assert list(made.states([row('a')], {})) == ['a']

    @pytest.mark.parametrize(('status', 'kind'), [
        ('INIT_COMPLETE', ''), ('CREATE_COMPLETE', 'complete'),
        ('UPDATE_IN_PROGRESS', 'progress'), ('DELETE_FAILED', 'failed'),
        ('', '')])
    def test_a_status_is_of_a_kind(self, status, kind):
        assert picture.kind(status) == kind


class TestSource:
    def test_it_looks_once_for_all_and_only_while_somebody_follows(self):
        looks = []
        seen = source.Source(lambda: looks.append(1) or len(looks), 0.01)
        followers = [seen.follow(), seen.follow()]
        first = [next(each) for each in followers]
        more = [next(each) for each in followers]
        assert all(one < other for one, other in zip(first, more,
                                                     strict=True))

        for each in followers:
            each.close()
        for each in threading.enumerate():
            if each.name == 'heat-zaqar-view':
                each.join(60)
        before = len(looks)
        time.sleep(0.1)
        assert len(looks) == before

        assert next(seen.follow()) > 0  # it begins again

    def test_what_has_not_changed_is_not_told(self, monkeypatch):
        monkeypatch.setattr(source, '_QUIET', 0.2)
        following = source.Source(lambda: 'the same', 0.01).follow()

        assert next(following) == 'the same'
        assert next(following) is None

    def test_it_goes_on_when_a_look_has_failed(self):
        looks = iter([ValueError('no JSON'), 'found'])

        def look():
            found = next(looks)
            if isinstance(found, Exception):
                raise found
            return found

        assert next(source.Source(look, 0.01).follow()) == 'found'

    def test_it_looks_soon_if_it_is_to(self):
        looks = []
        seen = source.Source(lambda: looks.append(1) or len(looks), 3600)
        following = seen.follow()
        assert next(following) == 1

        seen.hasten()

        assert next(following) == 2


def test_only_changes_are_pushed():
    pushed = [each.decode() for each in pushing.events([
        {'nodes': {'a': 1, 'b': 2}, 'trouble': ''}, None,
        {'nodes': {'a': 1, 'c': 'x\ny'}, 'trouble': ''}])]

    assert pushed == [
        'event: begin\ndata: null\n\n',
        'event: nodes\ndata: {"a": 1, "b": 2}\n\n',
        'event: trouble\ndata: ""\n\n', ': still here\n\n',
        'event: nodes\ndata: {"c": "x\\ny", "b": null}\n\n']


class TestDepths:
    class Zaqar:
        """Its own queues: name → depth, or an error."""

        def __init__(self, **known):
            self.known = known
            self.asked = []

        def queue(self, name):
            self.asked.append(name)
            self.name = name
            return self

        @property
        def stats(self):
            found = self.known.get(self.name, 0)
            if isinstance(found, Exception):
                raise found
            return {'total': found}

        def exists(self):
            return self.name in self.known

    def test_each_is_told(self):
        zaqar = self.Zaqar(a=3, b=0, d=errors.ServerError('claims', 503))

        assert depths.Depths(zaqar).look(list('abcd')) == {
            'a': 3, 'b': 0, 'c': depths.GONE, 'd': None}

    def test_of_many_each_has_its_turn(self):
        zaqar = self.Zaqar()
        names = ['q%d' % number for number in range(50)]
        seen = depths.Depths(zaqar)

        found = [len(seen.look(names)) for _number in range(3)]

        assert found == [20, 40, 50]
        assert set(zaqar.asked) == set(names)

    def test_trouble_is_raised(self):
        zaqar = self.Zaqar(a=errors.Unreachable('nobody is there'))

        with pytest.raises(errors.Unreachable):
            depths.Depths(zaqar).look(['a'])


class TestGates:
    def answers(self, queue='q', **properties):
        return gates.answers({'queue': 'q', **properties}, queue, 'anna',
                             'because', 'k')

    def test_without_a_pattern_it_is_a_signal(self):
        assert self.answers() == {
            'approve': {'id': 'k', 'reason': 'because'},
            'reject': {'id': 'k', 'reason': 'because', 'status': 'FAILURE'}}

    @pytest.mark.parametrize('pattern', [
        {'decision': ['yes'], 'by': [{'exists': True}]},
        {'a': {'b': [{'prefix': 'x'}], 'c': [{'numeric': ['>', 4]}]}},
        {'a': [{'anything-but': ['b']}], 'c': [{'exists': False}]},
        {'$or': [{'a': [1]}, {'b': [2]}]}, {'a': [None]}, {'a': [True]},
        {'a': [{'wildcard': 'x*y'}]}, {'a': [{'suffix': '.z'}]},
        {'a': [{'equals-ignore-case': 'X'}]},
        {'a': [{'numeric': ['<', 4]}]}, {'a': [{'numeric': ['=', 4]}]}])
    def test_a_pattern_is_met(self, pattern):
        found = self.answers(match=pattern)

        assert found['approve']['reason'] == 'because'
        assert found['reject']['status'] == 'FAILURE'

    def test_a_failure_is_what_fails_it(self):
        assert self.answers(match={'d': ['yes']}, fail_on={'d': ['no']}) == {
            'approve': {'id': 'k', 'reason': 'because', 'd': 'yes'},
            'reject': {'id': 'k', 'reason': 'because', 'd': 'no'}}

    def test_each_queue_has_its_own_pattern(self):
        queues = [{'queue': 'q', 'match': {'a': [1]}}, {'queue': 'r'}]

        assert gates.queues({'queues': queues}) == ['q', 'r']
        assert gates.answers({'queues': queues}, 'q', 'anna')['approve'] == {
            'a': 1}
        assert gates.answers({'queues': queues}, 'r', 'anna')['approve'] == {}

    def test_who_answers_is_whom_it_is_distinct_by(self):
        assert self.answers(distinct_by='member.name')['approve'] == {
            'id': 'k', 'reason': 'because', 'member': {'name': 'anna'}}
        assert self.answers(distinct_by='by', match={'by': ['bert']})[
            'approve']['by'] == 'bert'

    def test_where_none_can_be_made_there_is_none(self):
        assert self.answers(match={'a': [{'cidr': '10.0.0.0/8'}]})[
            'approve'] is None


@pytest.mark.parametrize(('variables', 'is_there'), [
    ({}, False), ({'DISPLAY': ':0'}, True), ({'WAYLAND_DISPLAY': 'w'}, True),
    ({'BROWSER': 'firefox'}, True)])
def test_a_browser_is_opened_where_there_is_a_screen(monkeypatch, variables,
                                                     is_there):
    for each in ('DISPLAY', 'WAYLAND_DISPLAY', 'BROWSER'):
        monkeypatch.delenv(each, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr('sys.platform', 'linux')

    assert view.has_screen() == is_there


def test_all_that_is_pushed_is_one_line_of_json():
    [_begin, pushed] = pushing.events([{'trouble': 'a\r\nb\u2028c'}])

    assert json.loads(pushed.split(b'data: ')[1]) == 'a\r\nb\u2028c'
    assert pushed.count(b'\n') == 3
