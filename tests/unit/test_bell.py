# SPDX-License-Identifier: Apache-2.0
"""The bell that rings for waits when something is new on their queues."""
import pytest

from heat_plugins.testing import clock as clocks
from heat_plugins.waiting import bell as bells
from heat_plugins.waiting import reader as readers

QUEUE = ('project', 'q')


class Ringing:
    """A bell on a queue, with a clock that is told.

    :ivar rung: the keys that were rung.
    """

    def __init__(self, queue):
        self.rung = []
        self.clock = clocks.ManualClock(0)
        self.bell = bells.Bell(self.rung.append, self.clock)
        self._queue = queue

    def hang(self, key):
        """Read the queue, and wait for what follows."""
        moment = self.bell.moment()
        reader = readers.Reader(self._queue, clock=self.clock)
        reader.read()
        self.bell.hang(key, QUEUE, reader, moment)

    def look(self):
        """A second later, look at what is to be looked at."""
        self.clock.advance(1)
        looked = self.bell.due()
        for queue in looked:
            self.bell.look(queue)
        return looked


@pytest.fixture
def ringing(queue):
    return Ringing(queue)


def post(queue):
    queue.post([{'body': 'new'}])


def test_what_was_read_rings_nobody(queue, ringing):
    post(queue)
    ringing.hang('a')
    ringing.look()
    assert ringing.rung == []


def test_what_comes_rings_all_who_wait_on_the_queue_once(queue, ringing):
    ringing.hang('a')
    ringing.hang('b')
    ringing.rung.clear()  # "b" is told of what may have come before it
    post(queue)

    ringing.look()
    ringing.look()

    assert sorted(ringing.rung) == ['a', 'b']


def test_a_queue_is_asked_once_for_all(ringing, calls):
    ringing.hang('a')
    ringing.hang('b')
    before = len(calls())

    ringing.look()

    assert len(calls()) == before + 1


def test_what_came_while_one_looked_rings_it_at_once(queue, ringing):
    ringing.hang('a')
    moment = ringing.bell.moment()
    reader = readers.Reader(queue)
    reader.read()
    post(queue)
    ringing.look()

    ringing.bell.hang('b', QUEUE, reader, moment)

    assert ringing.rung == ['a', 'b']


def test_who_is_taken_down_is_rung_no_more(queue, ringing):
    ringing.hang('a')
    ringing.bell.take_down('a', QUEUE)
    post(queue)

    assert ringing.look() == []
    assert ringing.rung == []


def test_a_queue_that_is_gone_rings(queue, ringing):
    ringing.hang('a')
    queue.delete()
    ringing.clock.advance(31)

    ringing.look()

    assert ringing.rung == ['a']


@pytest.mark.parametrize('status', [429, 500, 503])
def test_a_trouble_of_zaqar_is_waited_out(queue, zaqar, ringing, pauses,
                                          status):
    ringing.hang('a')
    zaqar.faults.answer(status, times=99)
    ringing.look()
    assert ringing.rung == []
    zaqar.faults.clear()
    post(queue)
    ringing.clock.advance(15)

    ringing.look()

    assert ringing.rung == ['a']


def test_it_knows_for_how_long_nobody_could_look(zaqar, ringing, pauses):
    ringing.hang('before')
    ringing.look()
    zaqar.faults.answer(503, times=99)
    ringing.look()
    ringing.clock.advance(10)
    zaqar.faults.clear()
    ringing.hang('during')
    ringing.clock.advance(4)
    ringing.look()
    ringing.hang('after')
    ringing.clock.advance(7)

    gaps = {key: ringing.bell.take_down(key, QUEUE)
            for key in ('before', 'during', 'after')}

    assert gaps == {'before': 16, 'during': 5, 'after': 0}


def test_a_trouble_that_goes_on_is_a_gap_until_now(zaqar, ringing, pauses):
    ringing.hang('a')
    zaqar.faults.answer(503, times=99)
    ringing.look()
    ringing.clock.advance(10)

    assert ringing.bell.take_down('a', QUEUE) == 11


def test_who_may_not_look_any_more_is_rung_to_find_out(queue, zaqar, ringing):
    ringing.hang('a')
    zaqar.faults.answer(401, times=99)
    ringing.look()
    assert ringing.rung == ['a']
    zaqar.faults.clear()

    ringing.hang('a')
    post(queue)
    ringing.look()

    assert ringing.rung == ['a', 'a']


def test_a_quiet_queue_is_asked_less_often(ringing):
    ringing.hang('a')
    asked = [len(ringing.look()) for _second in range(900)]

    assert sum(asked[:300]) == 300
    assert sum(asked[300:]) <= 600 / bells._LATER
