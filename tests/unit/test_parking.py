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
    end=time.time() + 3600, patience={}, progress={})


class Engine:
    """Notes what it is to do.

    :ivar alive: the ids of engines that answer.
    :ivar act: called in a check; its error is that of the check.
    """
    id = 'me'

    def __init__(self):
        self.asked = queues.Queue()
        self.alive = {'me'}
        self.act = lambda: None

    def check(self, wait):
        self.asked.put(('check', wait))
        self.act()

    def give_up(self, wait, reason):
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


def test_what_its_stack_has_cancelled_is_given_up(supervisor, engine,
                                                  database):
    database.put(WAIT, traversal='t2', is_wanted=False)
    supervisor.scan()

    assert engine.next() == ('user triggered cancel', WAIT)


def test_what_is_looked_after_is_left_alone(supervisor, engine, database):
    supervisor.park(WAIT, {}, 0)
    database.put(WAIT)
    supervisor.scan()

    assert engine.asked.empty()
