# SPDX-License-Identifier: Apache-2.0
"""Going on with what engines have left behind, in Heat's own tables."""
import pytest

from heat_plugins.engine import options
from heat_plugins.engine import takeover
from heat_plugins.engine import waits

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


class Search:
    """Notes the locks whose resources are asked for again."""

    def __init__(self):
        self.asked = []
        self.strange = set()

    def is_ours(self, stack_id, traversal):
        return stack_id not in self.strange

    def ask_again_for(self, lock):
        self.asked.append(lock.resource_id)


class Supervisor:
    """Notes what it is to look after, and what not any more."""

    def __init__(self):
        self.waits = {}
        self.dropped = set()
        self.given_up = []
        self.backlog = 0
        self.search = Search()

    def parked(self):
        return list(self.waits.values())

    def look_after(self, wait):
        self.waits[wait.resource_id] = wait

    def give_up(self, unwanted):
        self.given_up += unwanted

    def drop(self, numbers):
        self.dropped |= numbers
        for number in numbers:
            del self.waits[number]


class Engine:
    """Stands in for Heat's.

    :ivar alive: the ids of the engines that answer.
    """
    id = 'me'

    def __init__(self):
        self.alive = {'me', 'other'}
        self.asked = []
        self.failed = []
        self.is_first = True

    def is_alive(self, engine):
        self.asked.append(engine)
        return engine in self.alive

    def fail(self, lock):
        self.failed.append(lock.resource_id)
        return self.is_first


class Looker:
    """An engine that looks for what others have left behind."""

    def __init__(self):
        self.engine = Engine()
        self.supervisor = Supervisor()
        self.now = 0
        self._takeover = takeover.Takeover(
            self.engine, self.supervisor, lambda: self.now)

    def look(self):
        """Look, and again when those who did not answer are taken for dead.

        :returns: as ``Takeover.look``, of the last one.
        """
        self._takeover.look()
        return self.look_once()

    def look_once(self):
        self.now += takeover._ASKED_AGAIN
        return self._takeover.look()

    @property
    def numbers(self):
        return set(self.supervisor.waits)


@pytest.fixture
def looker():
    return Looker()


INTERVAL = options.get().takeover_interval


def test_the_waits_of_a_dead_engine_are_taken_over(rows, looker):
    orphan = rows.wait('dead')
    rows.wait('other')

    assert looker.look() == INTERVAL

    assert looker.supervisor.parked() == [orphan]
    assert waits.owners() == {'me': 1, 'other': 1}


def test_an_engine_that_answers_the_second_time_lives(rows, looker):
    rows.wait('busy')
    assert looker.look_once() == takeover._ASKED_AGAIN
    looker.engine.alive.add('busy')
    looker.look_once()
    looker.engine.alive.remove('busy')
    looker.look_once()

    assert not looker.numbers


def test_nobody_is_dead_for_one_that_does_not_hear_itself(rows, looker):
    rows.wait('other')
    looker.engine.alive.clear()
    looker.look()

    assert not looker.numbers


def test_what_was_handed_over_is_taken_at_once(rows, looker):
    wait = rows.wait(waits.NOBODY)
    looker.look_once()

    assert looker.supervisor.parked() == [wait]
    assert not looker.engine.asked


def test_no_more_is_taken_than_there_are_threads_for(rows, looker):
    portion = takeover._PORTION * options.get().wait_threads
    for _number in range(2 * portion + 3):
        rows.wait('dead')

    assert looker.look() == takeover._SOON
    assert len(looker.numbers) == portion
    looker.supervisor.backlog = portion
    assert looker.look() == takeover._SOON
    assert len(looker.numbers) == portion
    looker.supervisor.backlog = portion - 1
    looker.look()
    assert len(looker.numbers) == portion + 2


def test_several_engines_share_what_there_is(rows):
    lookers = [Looker(), Looker()]
    lookers[1].engine.id = 'too'
    for each in lookers:
        each.engine.alive = {'me', 'too'}
    count = 4 * takeover._PORTION * options.get().wait_threads
    all_of_them = {rows.wait('dead').resource_id for _number in range(count)}
    while 'dead' in waits.owners():
        for each in lookers:
            each.look()

    first, second = (each.numbers for each in lookers)
    assert first | second == all_of_them
    assert not first & second
    assert min(len(first), len(second)) >= count // 4


def test_only_some_engines_are_asked_at_a_time(rows, looker):
    others = {'e%d' % number for number in range(50)}
    looker.engine.alive |= others
    for each in others:
        rows.wait(each)
    looker.look_once()

    assert len(looker.engine.asked) == takeover._ASKED
    for _number in range(100):
        looker.look_once()
    assert set(looker.engine.asked) == others


class TestOwn:
    """What this engine looks after, and what is stored, are made one."""

    def test_what_it_has_lost_sight_of(self, rows, looker):
        wait = rows.wait('me')
        looker.look_once()

        assert looker.supervisor.parked() == [wait]

    def test_what_another_has_taken(self, rows, looker):
        mine, taken = rows.wait('me'), rows.wait('other')
        looker.supervisor.waits = {each.resource_id: each
                                   for each in (mine, taken)}
        looker.look_once()

        assert looker.supervisor.dropped == {taken.resource_id}
        assert looker.numbers == {mine.resource_id}

    def test_what_is_so_is_not_looked_at(self, rows, looker, monkeypatch):
        """The work does not grow with the number of waits."""
        wait = rows.wait('me')
        looker.supervisor.waits = {wait.resource_id: wait}
        monkeypatch.setattr(waits, 'owned_by', None)
        looker.look_once()

        assert looker.numbers == {wait.resource_id}

    def test_what_its_stack_does_not_want_any_more(self, rows, looker):
        stack = rows.stack(status='FAILED')
        wait = rows.wait('me', stack)
        rows.wait('other', stack)
        looker.look_once()

        assert looker.supervisor.given_up == [wait]


class TestLocked:
    """An engine has died in the middle of a check."""

    def test_a_wait_goes_on(self, rows, looker):
        wait = rows.wait('other', engine='dead')
        looker.look()

        assert looker.supervisor.parked() == [wait]
        assert rows.row(wait.resource_id).engine_id is None
        assert waits.owners() == {'me': 1}
        assert not looker.engine.failed

    def test_what_another_traversal_has_is_begun_again(self, rows, looker):
        wait = rows.wait('other', rows.stack('t2'), engine='dead')
        looker.look()

        assert looker.engine.failed == [wait.resource_id]
        assert looker.supervisor.search.asked == [wait.resource_id]
        assert not looker.numbers

    def test_what_does_not_wait_yet_is_begun_again(self, rows, looker):
        number = rows.resource(rows.stack(), engine='dead')
        looker.look()

        assert looker.engine.failed == [number]
        assert looker.supervisor.search.asked == [number]

    def test_what_another_engine_begins_again_is_not_asked_for_twice(
            self, rows, looker):
        rows.resource(rows.stack(), engine='dead')
        looker.engine.is_first = False
        looker.look()

        assert not looker.supervisor.search.asked

    def test_what_its_stack_does_not_want_is_unlocked(self, rows, looker):
        wait = rows.wait('other', rows.stack(status='FAILED'), engine='dead')
        looker.look()

        assert looker.engine.failed == [wait.resource_id]

    def test_other_stacks_are_left_as_heat_leaves_them(self, rows, looker):
        strange = rows.stack()
        rows.resource(strange, engine='dead')
        looker.supervisor.search.strange.add(strange)
        looker.look()
        looker.engine.asked.clear()
        looker.look()

        assert not looker.engine.failed
        assert not looker.engine.asked

    def test_one_that_lives_keeps_it(self, rows, looker):
        rows.wait('dead', engine='other')
        rows.resource(rows.stack(), engine='other')
        looker.look()

        assert not looker.numbers
        assert not looker.engine.failed

    def test_an_error_keeps_nothing_else_from_going_on(self, rows, looker):
        first, second = (rows.resource(rows.stack(), engine='dead')
                         for _number in range(2))

        def fail(lock):
            looker.engine.failed.append(lock.resource_id)
            if len(looker.engine.failed) == 1:
                raise OSError('no Keystone')

        looker.engine.fail = fail
        looker.look()
        assert set(looker.engine.failed) == {first, second}
        looker.look_once()
        assert looker.engine.failed.count(looker.engine.failed[0]) == 2
