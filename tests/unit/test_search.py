# SPDX-License-Identifier: Apache-2.0
"""Searching stacks for work that is in nobody's hands."""
from oslo_config import cfg
import pytest

from heat_plugins.engine import interior
from heat_plugins.engine import search
from heat_plugins.engine import traversals

from . import checks
from . import waiting


@pytest.fixture(scope='module', autouse=True)
def database():
    with checks.database():
        yield


@pytest.fixture
def rows():
    made = waiting.Rows()
    yield made
    made.clear()


class Engine:
    """Notes what it is to ask again for; None is the beginning of a stack."""

    def __init__(self):
        self.asked = []

    def ask_again(self, traversal, node):
        self.asked.append((traversal.stack_id, node))
        return True

    def begin_again(self, traversal):
        self.asked.append((traversal.stack_id, None))
        return True


class Searcher:
    """An engine that searches; each look is ten seconds after the last."""

    def __init__(self):
        self._now = 0
        self._engine = Engine()
        self.search = search.Search(self._engine, lambda: self._now)

    def look(self, times=1):
        """What is asked for in that many looks."""
        for _number in range(times):
            self.search.look()
            self._now += 10
        asked, self._engine.asked = self._engine.asked, []
        return asked


@pytest.fixture
def searcher():
    return Searcher()


@pytest.fixture(autouse=True)
def ours(monkeypatch):
    """The answers to whether a stack is ours, and what was asked."""
    answers = {}
    asked = []

    def is_ours(stack_id):
        asked.append(stack_id)
        return answers.get(stack_id, True)

    monkeypatch.setattr(interior, 'is_ours', is_ours)
    answers['asked'] = asked
    return answers


@pytest.fixture
def stack(rows):
    """A stack whose only resource nobody has in hand."""
    return one(rows)


def one(rows, action='CREATE', part=True):
    number = rows.resource(rows.stack(status='COMPLETE'), 'COMPLETE', 'INIT')
    stack = rows.stack(action=action, edges=[[(number, part), None]])
    rows.change(number, stack_id=stack)
    return stack


def node(stack):
    [read] = traversals.read([stack])
    return read.unheld()[0]


def test_what_is_lost_is_asked_for_after_a_while(searcher, stack):
    assert not searcher.look(2)
    assert searcher.look() == [(stack, node(stack))]


def test_what_goes_on_is_given_time_anew(searcher, rows, stack):
    searcher.look(2)
    rows.change(node(stack).resource_id, atomic_key=9)

    assert not searcher.look(2)
    assert searcher.look() == [(stack, node(stack))]


def test_what_somebody_takes_in_hand_is_left_alone(searcher, rows, stack):
    searcher.look(2)
    rows.change(node(stack).resource_id, engine_id='other')

    assert not searcher.look(5)


def test_the_pauses_grow(searcher, rows, stack):
    """Whoever asked counts, be it another engine."""
    asked = node(stack)
    looks = []
    for _number in range(4):
        looks.append(1)
        while not searcher.look():
            looks[-1] += 1
        rows.done(waiting.TRAVERSAL, (asked.resource_id, True))

    assert looks == [3, 5, 9, 17]


@pytest.mark.parametrize(('action', 'seconds'), [
    ('CREATE', 60), ('UPDATE', 60), ('DELETE', 180)])
def test_a_stack_that_was_lost_at_its_beginning_begins_again(
        searcher, rows, action, seconds):
    rows.stack(is_begun=False, action=action, age=seconds - 5)
    stack = rows.stack(is_begun=False, action=action, age=seconds)

    assert not searcher.look(2)
    assert searcher.look() == [(stack, None)]


def test_a_beginning_that_goes_on_is_left_alone(searcher, rows):
    stack = rows.stack(is_begun=False, age=3600)
    for _number in range(20):
        assert not searcher.look()
        rows.resource(stack)


def test_other_stacks_are_left_as_heat_leaves_them(searcher, ours, stack):
    ours[stack] = False

    assert not searcher.look(9)
    assert ours['asked'] == [stack]


def test_what_may_be_abandoned_is_not_deleted(searcher, rows):
    stack = one(rows, 'DELETE', part=False)
    cfg.CONF.set_override('enable_stack_abandon', True)
    assert not searcher.look(9)
    cfg.CONF.clear_override('enable_stack_abandon')

    assert searcher.look(3) == [(stack, node(stack))]


def test_an_error_keeps_nothing_else_from_going_on(searcher, rows, stack):
    other = one(rows)
    asked = searcher._engine.ask_again

    def fail(traversal, node):
        asked(traversal, node)
        raise OSError('no Keystone')

    searcher._engine.ask_again = fail

    assert {stack for stack, _node in searcher.look(3)} == {stack, other}


def test_a_bounded_number_is_looked_at_at_a_time(searcher, rows, monkeypatch):
    monkeypatch.setattr(search, '_STACKS', 2)
    stacks = [one(rows) for _number in range(5)]
    # Others wait, and are not looked at first.
    for _number in range(5):
        rows.wait('me')
    looked = []
    monkeypatch.setattr(
        traversals, 'read', lambda ids, read=traversals.read: (
            looked.append(len(ids)) or read(ids)))
    asked = {stack for stack, _node in searcher.look(20)}

    assert asked == set(stacks)
    assert max(looked) <= 2 + 2 + 5


def test_a_resource_that_an_engine_died_over_is_asked_for_at_once(
        searcher, rows, stack):
    from heat_plugins.engine import locks
    number = node(stack).resource_id

    searcher.search.ask_again_for(locks.Lock(number, 'dead', stack, 't', True))
    searcher.search.ask_again_for(locks.Lock(number + 1, 'dead', stack, 't',
                                             True))
    searcher.search.ask_again_for(locks.Lock(number, 'dead', stack, 't',
                                             False))

    assert searcher._engine.asked == [(stack, node(stack))]
