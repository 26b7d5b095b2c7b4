# SPDX-License-Identifier: Apache-2.0
"""Who looks after waits, with a stand-in for Heat's engine and database."""
import dataclasses
import queue as queues
import time

import pytest

from heat_plugins.engine import interior
from heat_plugins.engine import parking
from heat_plugins.engine import waits

WAIT = waits.Wait(
    resource_id=7, replaces=None, stack_id='stack', traversal='t1',
    action='CREATE', engine='me', due=time.time() + 3600,
    end=time.time() + 3600, patience={}, progress={},
    account='1 of 2 received')


class Engine:
    """Notes what it is to do.

    :ivar alive: the ids of engines that answer.
    :ivar act: called in a check; its error is that of the check.
    :ivar is_there: whether there is anything to check.
    """
    id = 'me'
    is_there = True

    def __init__(self):
        self.asked = queues.Queue()
        self.alive = {'me'}
        self.act = lambda: None

    def check(self, wait):
        self.asked.put(('check', wait))
        self.act()
        return self.is_there

    def give_up(self, wait, reason='the stack'):
        self.asked.put((reason, wait))

    def is_alive(self, engine):
        return engine in self.alive

    def next(self):
        """What it was asked next: the kind, and the wait."""
        return self.asked.get(timeout=30)


@pytest.fixture
def engine():
    return Engine()


class Database:
    """What is stored, in the place of Heat's.

    :ivar found: list of ``waits.Found``.
    :ivar unlocked: what was unlocked: number of the resource, and engine.
    """

    def __init__(self):
        self.found = []
        self.unlocked = []

    def put(self, wait, locked_by=None, traversal='t1', is_wanted=True):
        self.found = [waits.Found(wait, locked_by, traversal, is_wanted)]

    def find_all(self):
        return self.found

    def find_in(self, stack_id):
        return [each for each in self.found if each.wait.stack_id == stack_id]

    def take_over(self, wait, engine):
        taken = dataclasses.replace(wait, engine=engine)
        self.put(taken)
        return taken

    def unlock(self, number, engine):
        self.unlocked.append((number, engine))
        return True


@pytest.fixture
def database(monkeypatch):
    stored = Database()
    monkeypatch.setattr(waits, 'find_all', stored.find_all)
    monkeypatch.setattr(waits, 'find_in', stored.find_in)
    monkeypatch.setattr(waits, 'take_over', stored.take_over)
    monkeypatch.setattr(interior, 'unlock', stored.unlock)
    return stored


@pytest.fixture
def supervisor(engine, database):
    """Runs; the database is empty when it looks first."""
    running = parking.Supervisor(engine)
    yield running
    running.end()


def test_a_stored_wait_is_what_it_was():
    assert waits.Wait.from_text(WAIT.to_text()) == WAIT


def test_a_ring_has_the_resource_checked_once(supervisor, engine):
    supervisor.park(WAIT, {}, 0)
    supervisor.ring(7)
    supervisor.ring(7)

    assert engine.next() == ('check', WAIT)
    supervisor.ring(7)
    assert engine.asked.empty()


def test_a_ring_during_the_check_has_it_checked_again(supervisor, engine):
    """The check parks it again, and something came meanwhile."""
    def act():
        engine.act = lambda: None
        supervisor.park(WAIT, {}, 0)
        supervisor.ring(7)

    engine.act = act
    supervisor.park(WAIT, {}, 0)
    supervisor.ring(7)

    assert [engine.next(), engine.next()] == [('check', WAIT)] * 2


def test_it_is_checked_when_it_is_due(supervisor, engine):
    due = dataclasses.replace(WAIT, due=time.time())
    supervisor.park(due, {}, 0)

    assert engine.next() == ('check', due)


def test_when_the_time_of_the_stack_is_up_it_is_given_up(supervisor, engine):
    late = dataclasses.replace(WAIT, end=time.time())
    supervisor.park(late, {}, 0)

    assert engine.next() == ('Timed out', late)
    assert engine.next() == ('check', late)


def test_a_check_that_fails_is_tried_again(supervisor, engine, monkeypatch):
    monkeypatch.setattr(parking, '_AGAIN', 0)

    def act():
        engine.act = lambda: None
        raise OSError('no database')

    engine.act = act
    supervisor.park(WAIT, {}, 0)
    supervisor.ring(7)

    kinds = [engine.next()[0], engine.next()[0]]
    assert kinds == ['check', 'check']


@pytest.mark.parametrize(('stored', 'alive', 'checked'), [
    # nobody looks after it any more
    ({'wait': dataclasses.replace(WAIT, engine='dead')}, set(), True),
    ({'wait': dataclasses.replace(WAIT, engine='other')}, {'other'}, False),
    # an engine died when it checked it
    ({'wait': WAIT, 'locked_by': 'dead'}, set(), True),
    ({'wait': WAIT, 'locked_by': 'other'}, {'other'}, False),
    # this engine has lost sight of it
    ({'wait': WAIT}, set(), True),
    # another traversal has the resource now
    ({'wait': WAIT, 'traversal': 't2'}, set(), False)],
    ids=['orphan', 'other', 'locked by a dead one', 'locked', 'lost',
         'another traversal'])
def test_what_nobody_looks_after_is_taken_over(
        supervisor, engine, database, stored, alive, checked):
    engine.alive |= alive
    database.put(**stored)
    supervisor.scan()

    if not checked:
        assert engine.asked.empty()
        return
    kind, wait = engine.next()
    assert (kind, wait.resource_id, wait.engine) == ('check', 7, 'me')
    assert database.unlocked == [
        (7, 'dead')] * ('locked_by' in stored)


def test_what_a_dead_engine_had_locked_goes_on_in_the_stacks_traversal(
        supervisor, engine, database):
    database.put(WAIT, locked_by='dead', traversal='t2')
    supervisor.scan()

    assert engine.next()[1].traversal == 't2'


@pytest.mark.parametrize('traversal', ['t1', 't2'])
def test_what_its_stack_waits_for_no_longer_is_given_up(
        supervisor, engine, database, traversal):
    """It has failed because of another resource, or was cancelled."""
    database.put(WAIT, traversal=traversal, is_wanted=False)
    supervisor.scan()

    assert engine.next() == ('the stack', WAIT)


@pytest.fixture
def unseen(database, monkeypatch):
    """Scans find nothing."""
    monkeypatch.setattr(waits, 'find_all', list)


@pytest.mark.usefixtures('unseen')
def test_when_there_is_nothing_to_check_it_is_given_up(supervisor, engine,
                                                       database):
    engine.is_there = False
    database.put(WAIT, is_wanted=False)
    supervisor.park(WAIT, {}, 0)
    supervisor.ring(7)

    assert engine.next() == ('check', WAIT)
    assert engine.next() == ('the stack', WAIT)


@pytest.mark.parametrize(('stored', 'given_up'), [
    ({'is_wanted': False}, True),
    # it is deleted, or updated
    ({'traversal': 't3'}, False),
    # somebody looks at it, and will find out
    ({'is_wanted': False, 'locked_by': 'other'}, False)],
    ids=['stopped', 'followed', 'locked'])
@pytest.mark.usefixtures('unseen')
def test_a_stack_that_was_stopped_is_looked_at_at_once(
        supervisor, engine, database, monkeypatch, stored, given_up):
    monkeypatch.setattr(parking, '_STOPPED', 0)
    engine.alive.add('other')
    others = dataclasses.replace(WAIT, engine='other')
    database.put(others, **{'traversal': 't2', **stored})
    looks = queues.Queue()
    find = waits.find_in
    monkeypatch.setattr(waits, 'find_in', lambda stack: looks.put(stack) or
                        find(stack))

    supervisor.stopped('stack')

    assert looks.get(timeout=30) == 'stack'
    if given_up:
        assert engine.next() == ('the stack', others)
    else:
        supervisor.end()
        assert engine.asked.empty()


def test_what_is_looked_after_is_left_alone(supervisor, engine, database):
    supervisor.park(WAIT, {}, 0)
    database.put(WAIT)
    supervisor.scan()

    assert engine.asked.empty()
