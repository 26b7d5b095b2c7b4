# SPDX-License-Identifier: Apache-2.0
"""One wait on several queues, which crashes anywhere."""
import json

from hypothesis import given
from hypothesis import strategies as st
import pytest

from heat_plugins.messages import criteria
from heat_plugins.messages import patterns
from heat_plugins.messages import record
from heat_plugins.messages import shares
from heat_plugins.testing import server
from heat_plugins.waiting import joint
from heat_plugins.waiting import patience
from heat_plugins.waiting import progress
from heat_plugins.waiting import reader
from heat_plugins.waiting import wait
from heat_plugins.zaqar import errors

NAMES = 'a', 'b'
DONE = {'state': ['done']}


class Crash(BaseException):
    """The engine is killed."""


class Engine:
    """Waits on two queues; what it saved outlives it."""

    def __init__(self, zaqar, counts, **criterion):
        self.queues = {name: zaqar.client().queue(name) for name in NAMES}
        for each in self.queues.values():
            each.create({})
        self.metadata = {}
        self._counts = counts
        self._criterion = criterion
        self.steps_left = None

    def wait(self, consumed=NAMES):
        """A new wait that goes on from what was saved."""
        kind = shares.Shares if isinstance(self._counts, dict) else (
            record.Record)
        return wait.Wait(
            joint.Joint([Steps(self, reader.Reader(each))
                         for each in self.queues.values()]),
            criteria.Criteria(by_queue=dict.fromkeys(NAMES),
                              **self._criterion),
            kind.from_metadata(self.metadata, self._counts), self.save,
            progress.Progress(lambda text: None, 10), consumed,
            patience.Patience(100))

    def save(self, saved):
        self.step()
        self.metadata = json.loads(json.dumps(saved.to_metadata()))

    def step(self):
        """Crash after so many."""
        if self.steps_left is not None:
            self.steps_left -= 1
            if self.steps_left < 0:
                raise Crash

    def post(self, name, *bodies):
        self.queues[name].post([{'body': each} for each in bodies])

    def left(self):
        """The bodies that each queue has."""
        return {name: [each['body'] for each in queue.page()]
                for name, queue in self.queues.items()}

    @property
    def keys(self):
        return sorted(self.metadata.get('signals', {}))


class Steps:
    """A reader each call of which is a step."""

    def __init__(self, engine, inner):
        self._engine = engine
        self._inner = inner
        self.name = inner.name
        self.position = inner.position

    def read(self):
        self._engine.step()
        return self._inner.read()

    def delete(self, messages):
        self._engine.step()
        self._inner.delete(messages)


def finish(engine):
    waiting = engine.wait()
    return any(waiting.poll() for _poll in range(10))


class TestShares:
    @pytest.fixture
    def engine(self, zaqar):
        return Engine(zaqar, {'a': 2, 'b': 1})

    def test_each_needs_its_count(self, engine):
        engine.post('a', {'id': 1}, {'id': 2}, {'id': 3})
        assert not finish(engine)
        assert engine.keys == ['a/1', 'a/2']

        engine.post('b', {'id': 1})
        assert finish(engine)
        assert engine.keys == ['a/1', 'a/2', 'b/1']
        assert engine.left() == {'a': [{'id': 3}], 'b': []}

    def test_it_is_told_who_has_how_many(self, engine):
        engine.post('a', 'x')
        finish(engine)

        assert engine.metadata['summary'] == (
            '1 of 3 received (a: 1 of 2, b: 0 of 1)')

    def test_only_those_named_are_consumed(self, engine):
        engine.post('a', {'id': 1}, {'id': 2})
        engine.post('b', {'id': 1})

        assert engine.wait(consumed=['b']).poll()
        assert engine.left() == {'a': [{'id': 1}, {'id': 2}], 'b': []}

    def test_what_is_not_kept_counts_for_its_queue(self):
        found = shares.Shares({'a': 2, 'b': 1}, limit=1)
        judge = criteria.Criteria(by_queue=dict.fromkeys(NAMES)).judge
        for verdict in judge([message('a', 1), message('b', 2)]):
            assert found.take(verdict)
        again = shares.Shares.from_metadata(
            json.loads(json.dumps(found.to_metadata())), {'a': 2, 'b': 1})

        assert '(a: 1 of 2, b: 1 of 1)' in again.counted()
        [verdict] = judge([message('b', 3)])
        assert not again.take(verdict)


def message(queue, number):
    return reader.message.Message(
        'm%d' % number, {'id': number}, queue=queue)


class TestAny:
    def test_all_together_count(self, zaqar):
        engine = Engine(zaqar, 3)
        engine.post('a', {'id': 1})
        engine.post('b', {'id': 1}, {'id': 2})

        assert finish(engine)
        assert engine.keys == ['a/1', 'b/1', 'b/2']


def test_a_pattern_is_that_of_the_queue():
    judge = criteria.Criteria(by_queue={
        'a': patterns.compile(DONE), 'b': None}).judge

    verdicts = judge([message('a', 1), message('b', 2)])

    assert [bool(each.signal) for each in verdicts] == [False, True]


def test_what_one_has_read_is_not_lost_when_another_fails(zaqar):
    engine = Engine(zaqar, {'a': 1, 'b': 1})
    engine.post('a', 'x')
    both = joint.Joint(map(reader.Reader, engine.queues.values()))
    engine.queues['b'].delete()
    with pytest.raises(errors.NotFound):
        both.read()
    assert both.sights()['a'] == reader.Position()

    engine.queues['b'].create({})
    assert [each.body for each in both.read()] == ['x']


@given(crashes=st.lists(st.integers(0, 6), max_size=4),
       bodies=st.lists(st.tuples(st.sampled_from(NAMES), st.integers(1, 3)),
                       max_size=8))
def test_whatever_crashes_each_counts_once(crashes, bodies):
    with server.Server() as zaqar:
        engine = Engine(zaqar, {'a': 3, 'b': 3})
        for name, key in bodies:
            engine.post(name, {'id': key})
        for steps in crashes:
            engine.steps_left = steps
            with pytest.raises(Crash):
                any(engine.wait().poll() for _poll in range(10))
        engine.steps_left = None
        finish(engine)

        assert engine.keys == sorted({'%s/%d' % each for each in bodies})
        assert engine.left() == {'a': [], 'b': []}
