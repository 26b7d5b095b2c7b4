# SPDX-License-Identifier: Apache-2.0
"""Looking after waits, with a stand-in for Heat's engine."""
import dataclasses
import queue as queues
import threading
import time

import pytest

from heat_plugins.engine import parking
from heat_plugins.engine import waits

from . import waiting

WAIT = waiting.a_wait(7)


class Engine:
    """Notes what it is to do.

    :ivar act: called in a check; its error is that of the check, and what it
        returns is whether there was something to check.
    """
    id = 'me'

    def __init__(self):
        self.asked = queues.Queue()
        self.act = lambda: True

    def check(self, wait):
        self.asked.put(('check', wait))
        return self.act()

    def give_up(self, wait, reason='the stack'):
        self.asked.put((reason, wait))

    def next(self):
        """What it was asked next: the kind, and the wait."""
        return self.asked.get(timeout=30)


@pytest.fixture
def engine():
    return Engine()


@pytest.fixture
def owned(monkeypatch):
    """The numbers of waits that the database says are this engine's."""
    numbers = {7}
    monkeypatch.setattr(waits, 'is_owned_by',
                        lambda owner, number: number in numbers)
    return numbers


@pytest.fixture
def supervisor(engine, owned, monkeypatch):
    """Runs, and does not look for what others have left behind."""
    monkeypatch.setattr(parking.Supervisor, 'scan', lambda self: 3600)
    monkeypatch.setattr(waits, 'hand_over', lambda owner: 0)
    monkeypatch.setattr(waits, 'unwanted_in', lambda stack_id: [])
    monkeypatch.setattr(waits, 'load', lambda numbers: [WAIT])
    running = parking.Supervisor(engine)
    yield running
    running.end()


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
        engine.act = lambda: True
        supervisor.park(WAIT, {}, 0)
        supervisor.ring(7)
        return True

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
        engine.act = lambda: True
        raise OSError('no database')

    engine.act = act
    supervisor.park(WAIT, {}, 0)
    supervisor.ring(7)

    kinds = [engine.next()[0], engine.next()[0]]
    assert kinds == ['check', 'check']


def test_what_another_engine_has_taken_over_is_left_alone(
        supervisor, engine, owned):
    owned.clear()
    supervisor.park(WAIT, {}, 0)
    supervisor.ring(7)
    owned.add(8)
    supervisor.park(dataclasses.replace(WAIT, resource_id=8), {}, 0)
    supervisor.ring(8)

    assert engine.next()[1].resource_id == 8
    assert engine.asked.empty()


def test_what_there_is_nothing_to_check_for_waits_on(supervisor, engine):
    """Its stack will come to it; until then it is not lost sight of."""
    engine.act = lambda: False
    supervisor.park(dataclasses.replace(WAIT, due=time.time()), {}, 0)
    engine.next()

    while not supervisor.parked():
        time.sleep(0.01)
    assert engine.asked.empty()
    supervisor.ring(7)
    assert engine.next()[0] == 'check'


@pytest.mark.parametrize('act', [
    lambda supervisor: supervisor.stopped('stack'),
    lambda supervisor: supervisor.look_after(WAIT)],
    ids=['stopped', 'nothing to check'])
def test_what_its_stack_waits_for_no_longer_is_given_up(
        supervisor, engine, monkeypatch, act):
    monkeypatch.setattr(parking, '_STOPPED', 0)
    monkeypatch.setattr(waits, 'unwanted_in', {'stack': [WAIT]}.get)
    engine.act = lambda: False

    act(supervisor)

    kinds = [engine.next()]
    if kinds == [('check', WAIT)]:
        kinds.append(engine.next())
    assert kinds[-1] == ('the stack', WAIT)


def test_one_that_cannot_be_given_up_does_not_keep_the_others(
        supervisor, engine, monkeypatch, caplog):
    def give_up(wait):
        if wait is WAIT:
            raise OSError('no database')
        engine.asked.put(wait)

    monkeypatch.setattr(engine, 'give_up', give_up)
    other = dataclasses.replace(WAIT, resource_id=8)

    supervisor.give_up([WAIT, other])

    assert engine.asked.get_nowait() == other
    assert 'no database' in caplog.text


@pytest.mark.parametrize('end', [lambda: False, lambda: 1 / 0],
                         ids=['nothing to check', 'error'])
def test_what_was_parked_anew_meanwhile_is_what_is_looked_after(
        supervisor, engine, end):
    """An update has come, and waits in the stack's new traversal."""
    anew = dataclasses.replace(WAIT, traversal='traversal-2')

    def act():
        supervisor.park(anew, {}, 0)
        return end()

    engine.act = act
    supervisor.look_after(WAIT)
    engine.next()
    while supervisor.backlog:
        time.sleep(0.01)

    assert supervisor.parked() == [anew]


def test_what_waits_anew_in_the_database_is_checked(supervisor, engine,
                                                    monkeypatch):
    """It was parked before an older wait, and that took its place."""
    anew = dataclasses.replace(WAIT, traversal='traversal-2')
    monkeypatch.setattr(waits, 'load', lambda numbers: [anew])
    engine.act = lambda: engine.asked.qsize() > 1

    supervisor.look_after(WAIT)

    while engine.asked.qsize() < 2:
        time.sleep(0.01)
    assert [engine.next()[1].traversal for _number in range(2)] == [
        WAIT.traversal, 'traversal-2']


def test_what_is_looked_after_is_left_alone(supervisor, engine):
    supervisor.park(WAIT, {}, 0)
    supervisor.look_after(WAIT)

    assert engine.asked.empty()
    assert supervisor.parked() == [WAIT]


def test_what_is_not_looked_after_is_checked(supervisor, engine):
    supervisor.look_after(WAIT)

    assert engine.next() == ('check', WAIT)


def test_what_is_dropped_is_not_rung_any_more(supervisor, engine):
    supervisor.park(WAIT, {}, 0)
    supervisor.drop({7, 8})
    supervisor.ring(7)

    assert not supervisor.parked()
    assert engine.asked.empty()


class TestTheEnd:
    def test_the_rest_is_handed_over(self, supervisor, monkeypatch, caplog):
        """It is said how many; and nothing is looked after any more."""
        monkeypatch.setattr(waits, 'hand_over',
                            {'me': 5, 'other': 7}.__getitem__)
        caplog.set_level('INFO')
        assert supervisor.owner == 'me'

        supervisor.end()

        assert '5 waits are handed over to other engines.' in caplog.text
        assert supervisor.owner == waits.NOBODY
        supervisor.park(WAIT, {}, 0)
        assert not supervisor.parked()

    def test_it_comes_without_the_database(self, supervisor, monkeypatch,
                                           caplog):
        """Others find out that this engine has gone."""
        monkeypatch.setattr(waits, 'hand_over', {}.__getitem__)

        supervisor.end()

        assert 'Waits could not be handed over' in caplog.text
        monkeypatch.undo()

    def test_it_does_not_wait_for_a_check(self, supervisor, engine):
        """Which ends by parking the wait for others, or completes it."""
        hung = threading.Event()
        engine.act = hung.wait
        supervisor.park(WAIT, {}, 0)
        supervisor.ring(7)
        engine.next()

        supervisor.end()

        assert not hung.is_set()
        hung.set()
