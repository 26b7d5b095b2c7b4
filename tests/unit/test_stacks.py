# SPDX-License-Identifier: Apache-2.0
"""What is told of stacks, where the real cloud cannot be made to say it."""
import pytest

from heat_plugins.messages import criteria
from heat_plugins.messages import message
from heat_plugins.messages import record
from heat_plugins.stacks import conditions
from heat_plugins.stacks import watching

STACK = '/stacks/s/1'
CONDITION = {
    'resource_name': 'it', 'resource_type': conditions.TYPE,
    'resource_status_reason': '', 'physical_resource_id': 'x',
    'updated_time': 't', 'links': [
        {'rel': 'self', 'href': 'http://h/v1/p%s/resources/it' % STACK},
        {'rel': 'stack', 'href': 'http://h/v1/p' + STACK}]}


class Heat:
    """Answers as Heat's API; it is its own user, adapter and answer.

    :ivar asked: the paths, in order.
    """

    def __init__(self):
        self.events = 0
        self.status = 'CREATE_IN_PROGRESS'
        self.asked = []
        self._path = ''

    def service(self, _type):
        return self

    def get(self, path):
        self.asked.append(path)
        self._path = path
        return self

    def json(self):
        path, _mark, query = self._path.partition('?')
        end = path.rpartition('/')[2]
        if path.endswith('it/events'):
            return {'events': [{'id': 1}]}
        if '/it/events/' in path:
            return {'event': {'resource_properties': {'count': 2}}}
        if end == 'events':
            limit = int(query.partition('limit=')[2].partition('&')[0])
            return {'events': [{
                'id': number, 'event_time': '2026-11-27T00:00:00Z',
                'resource_name': 'it', 'resource_status': 'S',
                'resource_status_reason': str(number), 'links': [
                    {'rel': 'stack', 'href': 'http://h/v1/p' + STACK}]}
                for number in range(self.events, 0, -1)][:limit]}
        if end == 'resources':
            return {'resources': [{**CONDITION,
                                   'resource_status': self.status}]}
        if end == 'metadata':
            kept = record.Record(2)
            [verdict] = criteria.Criteria().judge([message.Message('m', 1)])
            kept.take(verdict)
            return {'metadata': kept.to_metadata()}
        return {'stack': {'id': '1', 'stack_name': 's',
                          'stack_status': 'CREATE_IN_PROGRESS',
                          'stack_status_reason': '', 'updated_time': None,
                          'creation_time': '2026-11-27T00:00:00Z'}}


@pytest.fixture
def heat():
    return Heat()


@pytest.fixture
def watched(heat):
    return watching.Watching(heat, 's')


def test_each_of_many_events_is_told_once(heat, watched):
    told = []
    for heat.events in (0, 1, 2500, 2501, 2700):
        told += [each.text for each in watched.look().news]

    assert told == [str(number) for number in range(1, 2701)]


def test_a_condition_is_asked_for_as_long_as_it_waits(heat, watched):
    def asked():
        heat.asked.clear()
        [row] = watched.look().rows
        assert (row.received, row.needed, row.text) == (
            1, 2, '1 of 2 received')
        return [path for path in heat.asked if '/resources/it' in path]

    assert len(asked()) == 3
    assert asked() == [STACK + '/resources/it/metadata']
    heat.status = 'CREATE_COMPLETE'
    assert len(asked()) == 3
    assert asked() == []


def queue(**differs):
    return {'queue': 'q', 'exists': True, 'messages': 0, 'counted': 0,
            'would_count': 0, 'mismatches': [], 'senders': [], **differs}


def told(one, **differs):
    return '\n'.join(conditions.tell({
        'summary': '', 'received_from': [], 'expression': None,
        'times_out': None, 'silent_until': None, 'queues': [one],
        **differs}))


@pytest.mark.parametrize(('ended', 'is_told'), [
    ((True,), True), ((True, True), True), ((True, False), False),
    ((), False)])
def test_that_nobody_can_post_any_more_is_told(ended, is_told):
    senders = [{'resource': 'box%d' % number, 'expires': '',
                'has_ended': each} for number, each in enumerate(ended)]

    assert ('nobody can post to it' in told(queue(senders=senders))) is (
        is_told)


@pytest.mark.parametrize(('expires', 'has_ended'), [
    ('2020-01-01T00:00:00', True), ('2020-01-01T00:00:00Z', True),
    ('2999-01-01T00:00:00', False), (None, False)])
def test_a_signed_url_ends_at_its_time(expires, has_ended):
    assert conditions._has_ended(expires) is has_ended


def test_many_senders_of_whatever_name_are_a_few_harmless_ones():
    names = ['a\x1b[2J\n' + 'x' * 1000, *map(str, range(5000))]

    text = told(queue(), received_from=names)

    assert 'a\\x1b[2J\\nxxx' in text
    assert 'and 4981 more' in text
    assert len(text) < 1000


def test_what_the_engine_has_not_seen_is_told():
    assert 'one message would count, and the engine has not looked yet' in (
        told(queue(messages=1, would_count=1)))
