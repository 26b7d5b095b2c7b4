# SPDX-License-Identifier: Apache-2.0
"""The bell that rings for waits when something is new on their queues."""
import dataclasses
import threading
from unittest import mock

from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import pytest

from heat_plugins.testing import clock as clocks
from heat_plugins.waiting import bell as bells
from heat_plugins.waiting import doorbells
from heat_plugins.waiting import lookers
from heat_plugins.waiting import reader as readers
from heat_plugins.waiting import schedule as schedules
from heat_plugins.waiting import sights
from heat_plugins.zaqar import errors

PROJECT = 'project'
SCHEDULE = schedules.Schedule(longest=30, rescan=30)
MINUTE = 60


class Ringing:
    """A bell, with a clock that is told, and who waits on its queues.

    :ivar rung: the keys that were rung.
    :ivar asked: the keys by whose rights a client was asked for, and the
        client that was refused.
    :ivar given: the clients in the order in which they are given.
    """

    def __init__(self, zaqar, ring=None, doorbells=doorbells.Silence):
        self.rung = []
        self.asked = []
        # As the one for looks, it tries nothing again.
        self.given = [zaqar.client(retries=0)]
        self.clock = clocks.ManualClock(0)
        self.bell = bells.Bell(ring or self.rung.append, self._client,
                               SCHEDULE, doorbells, self.clock,
                               lambda low, high: 1)

    def hang(self, key, name='q', quiet=0):
        """Read a queue, and wait for what follows."""
        moment = self.bell.moment()
        self.bell.hang(key, PROJECT, {name: self.read(name)}, moment, quiet)

    def read(self, name='q'):
        reader = readers.Reader(self.given[-1].queue(name), clock=self.clock)
        while reader.read():
            pass
        return reader.position()

    def look(self, seconds=1):
        """After so many seconds look at all that is to be looked at.

        :returns: the names of the queues.
        """
        self.clock.advance(seconds)
        looked = []
        while place := self.bell.take():
            looked.append(place.queue)
            self.bell.look(place)
        return looked

    def _client(self, project, key, refused=None):
        assert project == PROJECT
        self.asked.append((key, refused))
        return self.given.pop(0) if len(self.given) > 1 else self.given[0]


@pytest.fixture
def ringing(zaqar, queue):
    return Ringing(zaqar)


def post(queue):
    queue.post([{'body': 'new'}])


class TestNews:

    def test_what_was_read_rings_nobody(self, queue, ringing):
        post(queue)
        ringing.hang('a')
        ringing.look()
        assert ringing.rung == []

    def test_what_comes_rings_all_who_wait_on_the_queue_once(
            self, queue, ringing):
        ringing.hang('a')
        ringing.hang('b')
        ringing.rung.clear()  # "b" is told of what may have come before it
        post(queue)

        ringing.look()
        ringing.look()

        assert sorted(ringing.rung) == ['a', 'b']

    def test_a_queue_is_asked_once_for_all(self, ringing, calls):
        ringing.hang('a')
        ringing.hang('b')
        before = len(calls())

        ringing.look()

        assert len(calls()) == before + 1

    def test_what_came_while_one_looked_rings_it_at_once(self, queue,
                                                         ringing):
        ringing.hang('a')
        moment = ringing.bell.moment()
        before = ringing.read()
        post(queue)
        ringing.look()

        ringing.bell.hang('b', PROJECT, {'q': before}, moment)

        assert ringing.rung == ['a', 'b']

    def test_who_is_taken_down_is_rung_no_more(self, queue, ringing):
        ringing.hang('a')
        ringing.bell.take_down('a')
        post(queue)

        assert ringing.look() == []
        assert ringing.rung == []

    def test_who_hangs_anew_waits_there_only(self, zaqar, queue, ringing):
        other = zaqar.client().queue('other')
        other.create({})
        ringing.hang('a')
        ringing.hang('a', 'other')
        post(queue)

        assert ringing.look() == ['other']
        assert ringing.rung == []

    def test_who_comes_back_is_rung_for_what_it_has_not_read(self, queue,
                                                             ringing):
        ringing.hang('a')
        post(queue)
        ringing.look()
        ringing.bell.take_down('a')
        post(queue)
        ringing.hang('a')

        ringing.look()
        assert ringing.rung == ['a']
        post(queue)
        ringing.look()
        assert ringing.rung == ['a', 'a']

    def test_a_message_that_was_delayed_rings(self, zaqar, ringing, clock):
        queue = zaqar.client().queue('delaying')
        queue.create({'_default_message_delay': 20})
        post(queue)
        ringing.hang('a', 'delaying')
        clock.advance(21)

        ringing.look(31)

        assert ringing.rung == ['a']

    def test_more_than_are_read_at_once_ring_until_all_were_seen(
            self, queue, ringing):
        ringing.hang('a')
        for _page in range(60):
            queue.post([{'body': number} for number in range(20)])

        for _look in range(5):
            ringing.look()

        assert len(ringing.rung) == 3


class TestTrouble:

    def test_a_queue_that_is_gone_rings(self, queue, ringing):
        ringing.hang('a')
        queue.delete()

        ringing.look(31)

        assert ringing.rung == ['a']

    @pytest.mark.parametrize('status', [429, 500, 503])
    def test_of_zaqar_is_waited_out(self, queue, zaqar, ringing, status):
        ringing.hang('a')
        zaqar.faults.answer(status, times=99)
        ringing.look()
        assert ringing.rung == []
        zaqar.faults.clear()
        post(queue)

        ringing.look()

        assert ringing.rung == ['a']

    def test_of_the_database_is_waited_out(self, queue, ringing, monkeypatch):
        ringing.hang('a')
        with monkeypatch.context() as patched:
            patched.setattr(ringing.bell, '_client', None)
            ringing.look()
        post(queue)

        ringing.look()

        assert ringing.rung == ['a']

    def test_that_lasts_makes_looks_rare_and_is_told_once(
            self, zaqar, ringing, calls, caplog):
        ringing.hang('a')
        zaqar.faults.answer(503, times=999)
        before = len(calls())

        looked = [len(ringing.look()) for _second in range(3 * MINUTE)]

        assert sum(looked) == len(calls()) - before < 12
        assert caplog.text.count('failed') == 1

    def test_its_length_is_known(self, zaqar, ringing):
        ringing.hang('before')
        ringing.look()
        zaqar.faults.answer(503, times=99)
        ringing.look()
        ringing.clock.advance(10)
        zaqar.faults.clear()
        ringing.hang('during')
        ringing.look(4)
        ringing.hang('after')
        ringing.clock.advance(7)

        gaps = {key: ringing.bell.take_down(key)
                for key in ('before', 'during', 'after', 'never')}

        assert gaps == {'before': 15, 'during': 4, 'after': 0, 'never': None}

    def test_that_goes_on_is_a_gap_until_now(self, zaqar, ringing):
        ringing.hang('a')
        zaqar.faults.answer(503, times=99)
        ringing.look()
        ringing.clock.advance(10)

        assert ringing.bell.take_down('a') == 11

    def test_with_rights_is_mended_by_those_of_who_waits(self, zaqar, queue,
                                                         ringing):
        ringing.hang('a')
        bad = ringing.given[0]
        ringing.given.append(zaqar.client())
        post(queue)
        zaqar.faults.answer(401)

        ringing.look()

        assert ringing.asked == [('a', None), ('a', bad)]
        assert ringing.rung == ['a']

    @pytest.mark.parametrize('status', [401, 403])
    def test_with_all_rights_rings_to_find_out(self, queue, zaqar, ringing,
                                               status):
        ringing.hang('a')
        zaqar.faults.answer(status, times=99)
        ringing.look()
        assert ringing.rung == ['a']
        zaqar.faults.clear()

        ringing.hang('a')
        post(queue)
        ringing.look()

        assert ringing.rung == ['a', 'a']


class TestOtherSights:

    def test_a_queue_that_is_there_is_no_news_and_one_that_is_gone_is(
            self, queue, ringing):
        ringing.bell.hang('a', PROJECT, {'q': sights.Presence()}, 0)
        post(queue)
        assert ringing.look(31) == ['q']
        assert ringing.rung == []
        queue.delete()

        ringing.look(31)

        assert ringing.rung == ['a']

    def test_two_kinds_at_one_queue_are_two(self, queue, ringing):
        ringing.bell.hang('a', PROJECT, {'q': sights.Presence()}, 0)
        ringing.hang('b')
        post(queue)

        ringing.look()

        assert ringing.rung == ['b']


class Doorbells:
    """Which queues are listened to.

    :ivar known: of which it was listened to before.
    """

    def __init__(self, _bell):
        self.hung = []
        self.known = set()
        self.has_ended = False

    def hang(self, project, queue):
        assert project == PROJECT
        self.hung.append(queue)
        return queue in self.known

    def take_down(self, project, queue):
        assert project == PROJECT
        self.hung.remove(queue)

    def end(self):
        self.has_ended = True


class TestPushes:
    @pytest.fixture
    def ringing(self, zaqar, queue):
        return Ringing(zaqar, doorbells=Doorbells)

    @pytest.fixture
    def bell(self, ringing):
        return ringing.bell

    @pytest.fixture
    def pushed(self, ringing, bell):
        """Waits on a queue of which Zaqar pushes what comes."""
        ringing.hang('a', quiet=3600)
        bell.push_begins(PROJECT, 'q')
        assert ringing.look() == ['q']
        return bell

    def test_a_queue_is_listened_to_once_and_until_all_have_left(
            self, ringing, bell):
        bell._doorbells.known.add('q')
        ringing.hang('a')
        ringing.hang('b')
        assert bell._doorbells.hung == ['q']
        bell.take_down('a')
        ringing.look(60)
        assert bell._doorbells.hung == ['q']
        bell.take_down('b')
        assert ringing.look(1) == []
        assert bell._doorbells.hung == ['q']

        ringing.look(5)

        assert bell._doorbells.hung == []

    def test_whether_one_is_there_is_not_listened_to(self, bell):
        bell.hang('a', PROJECT, {'q': sights.Presence()}, 0)

        assert bell._doorbells.hung == []

    def test_what_came_before_pushes_began_rings(self, queue, ringing, bell):
        ringing.hang('a', quiet=3600)
        post(queue)
        bell.push_begins(PROJECT, 'q')

        ringing.look(1)

        assert ringing.rung == ['a']

    def test_what_came_before_one_comes_back_rings(self, queue, ringing,
                                                   bell):
        bell._doorbells.known.add('q')
        moment, before = bell.moment(), ringing.read()
        post(queue)
        bell.hang('a', PROJECT, {'q': before}, moment, 3600)

        ringing.look(1)

        assert ringing.rung == ['a']

    def test_a_push_has_the_queue_looked_at_at_once(self, queue, ringing,
                                                    pushed):
        post(queue)
        pushed.push(PROJECT, 'q')

        ringing.look(0)

        assert ringing.rung == ['a']

    @pytest.mark.parametrize('seconds', [0.04, 0.2, 0.6, 1.6])
    def test_a_push_may_come_before_its_message(self, queue, ringing, pushed,
                                                seconds):
        pushed.push(PROJECT, 'q')
        assert ringing.look(0) == ['q']
        ringing.look(seconds)
        post(queue)

        for _look in range(20):
            ringing.look(0.1)

        assert ringing.rung == ['a']

    def test_the_message_of_another_push_may_come_later(self, queue, ringing,
                                                        pushed):
        pushed.push(PROJECT, 'q')
        pushed.push(PROJECT, 'q')
        post(queue)
        ringing.look(0)
        post(queue)

        ringing.look(1)

        assert ringing.rung == ['a', 'a']

    def test_a_push_while_the_one_it_rings_looks_is_heeded(
            self, queue, ringing, pushed):
        post(queue)
        pushed.push(PROJECT, 'q')
        ringing.look(0)
        pushed.take_down('a')
        moment, before = pushed.moment(), ringing.read()
        pushed.push(PROJECT, 'q')
        post(queue)
        assert ringing.look(0.1) == []
        pushed.hang('a', PROJECT, {'q': before}, moment)

        ringing.look(0.3)

        assert ringing.rung == ['a', 'a']

    def test_what_is_delayed_rings_when_it_is_there(self, zaqar, ringing,
                                                    clock, bell):
        queue = zaqar.client().queue('delaying')
        queue.create({'_default_message_delay': 20})
        ringing.hang('a', 'delaying')
        bell.push_begins(PROJECT, 'delaying')
        ringing.look()
        post(queue)
        bell.push(PROJECT, 'delaying', 20)
        assert ringing.look(15) == []
        clock.advance(21)

        ringing.look(6)

        assert ringing.rung == ['a']

    def test_nothing_is_asked_while_nothing_is_pushed(self, ringing, pushed):
        assert [ringing.look(60) for _minute in range(9)] == [[]] * 9

    def test_what_was_not_pushed_is_found_later(self, queue, ringing, pushed):
        post(queue)

        ringing.look(SCHEDULE.safety)

        assert ringing.rung == ['a']

    def test_a_queue_that_is_gone_rings(self, queue, ringing, pushed):
        queue.delete()

        ringing.look(SCHEDULE.safety)

        assert ringing.rung == ['a']

    def test_when_pushes_end_it_is_looked_at_from_time_to_time(
            self, queue, ringing, pushed):
        pushed.push_ends(PROJECT, 'q')
        assert ringing.look() == ['q']
        post(queue)

        ringing.look(30)

        assert ringing.rung == ['a']

    def test_what_was_pushed_during_trouble_is_found_after_it(
            self, zaqar, queue, ringing, pushed):
        zaqar.faults.answer(503, times=99)
        pushed.push(PROJECT, 'q')
        for _look in range(3):
            ringing.look(0.5)
        zaqar.faults.clear()
        post(queue)

        ringing.look(30)

        assert ringing.rung == ['a']

    def test_a_push_of_what_nobody_waits_for_does_nothing(self, ringing,
                                                          pushed):
        pushed.push(PROJECT, 'other')
        pushed.push('foreign', 'q')

        assert ringing.look() == []

    def test_a_burst_costs_some_looks(self, queue, ringing, pushed, calls):
        before = len(calls())
        for _number in range(1000):
            pushed.push(PROJECT, 'q')

        for _look in range(30):
            ringing.look(0.1)

        # The last look is at all of the queue.
        assert len(calls()) - before == 6 + 4

    def test_who_waits_in_a_project_is_known(self, bell, pushed):
        assert pushed.someone_in(PROJECT) == 'a'
        assert pushed.someone_in('another') is None

    def test_a_bell_ends_with_its_doorbells(self, bell):
        bell.end()

        assert bell._doorbells.has_ended


class TestCost:

    def in_a_minute(self, ringing, calls):
        """How many requests are made."""
        before = len(calls())
        for _second in range(MINUTE):
            ringing.look()
        return len(calls()) - before

    @pytest.mark.parametrize('metadata', [{}, {'mine': 1}])
    @pytest.mark.parametrize('messages', [0, 5])
    def test_a_quiet_queue_costs_six_requests_a_minute_at_most(
            self, zaqar, ringing, calls, metadata, messages):
        queue = zaqar.client().queue('quiet')
        queue.create(metadata)
        for _message in range(messages):
            post(queue)
        ringing.hang('a', 'quiet')

        costs = [self.in_a_minute(ringing, calls) for _minute in range(30)]

        assert min(costs[:5]) >= MINUTE
        # Scans are some minutes apart.
        assert sum(costs[6:10]) <= 4 * 6
        assert sum(costs[10:]) <= 20 * 3.5

    def test_what_has_been_quiet_before_is_quiet_here(self, ringing, calls):
        ringing.hang('a', quiet=3600)

        assert self.in_a_minute(ringing, calls) <= 6

    def test_who_has_just_begun_to_wait_is_told_soon(self, queue, ringing):
        ringing.hang('a', quiet=3600)
        ringing.hang('b')
        post(queue)
        ringing.rung.clear()

        ringing.look()

        assert sorted(ringing.rung) == ['a', 'b']

    def test_what_comes_makes_a_queue_lively(self, queue, ringing):
        ringing.hang('a', quiet=3600)
        post(queue)
        ringing.look(30)

        assert [ringing.look() for _second in range(9)] == [['q']] * 9

    def test_messages_in_quick_succession_ring_once_a_second(self, queue,
                                                             ringing):
        ringing.hang('a')
        for _second in range(20):
            for _message in range(50):
                post(queue)
            rung = len(ringing.rung)
            ringing.look()
            for key in ringing.rung[rung:]:
                ringing.bell.take_down(key)
                ringing.hang(key)

        assert len(ringing.rung) == 20

    def test_queues_that_begin_together_do_not_stay_together(self, zaqar,
                                                             ringing):
        ringing.bell._spread = lambda low, high: next(spread)
        spread = iter([0.9, 1, 1.1] * 100)
        for name in ('q', 'r', 's'):
            zaqar.client().queue(name).create({})
            ringing.hang(name, name, quiet=3600)

        assert ringing.look(27.1) == ['q']
        assert ringing.look(3) == ['r']
        assert ringing.look(3) == ['s']


    def test_a_slow_zaqar_makes_all_looks_late_and_none_pile_up(
            self, zaqar, ringing):
        names = ['slow-%d' % number for number in range(6)]
        for name in names:
            zaqar.client().queue(name).create({})
            ringing.hang(name, name)

        looked = []
        for _look in range(18):
            ringing.clock.advance(2)  # as long as a look takes
            place = ringing.bell.take()
            looked.append(place.queue)
            ringing.bell.look(place)

        assert looked == names * 3


class TestLookers:

    def test_look_and_ring_until_the_end(self, zaqar, queue):
        rung = threading.Event()
        ringing = Ringing(zaqar, lambda key: rung.set())
        ringing.hang('a')
        post(queue)
        looking = lookers.Lookers(ringing.bell, 2)
        try:
            ringing.clock.advance(2)
            assert rung.wait(30)
        finally:
            looking.end()
        ringing.clock.advance(2)
        names = [each.name for each in threading.enumerate()
                 if each.name.startswith('heat-zaqar-look')]
        for each in threading.enumerate():
            if each.name in names:
                each.join(30)
                assert not each.is_alive()

    def test_go_on_when_a_ring_fails(self, zaqar, queue):
        rings = []
        twice = threading.Event()

        def ring(key):
            rings.append(key)
            if len(rings) == 2:
                twice.set()
            raise RuntimeError('the pool has ended')

        ringing = Ringing(zaqar, ring)
        ringing.hang('a')
        looking = lookers.Lookers(ringing.bell, 1)
        try:
            while not twice.wait(0.05):
                post(queue)
                ringing.clock.advance(1)
        finally:
            looking.end()


@dataclasses.dataclass(frozen=True)
class Known:
    """A sight that shows which messages are known; nothing hides any."""
    messages: frozenset

    def pause(self, schedule, quiet):
        return schedule.look(quiet)

    def whole(self):
        return self

    def look(self, queue, _rescan, _clock):
        there = queue()
        return not there <= self.messages, Known(self.messages | there)


class Interleaving:
    """Two who wait on one queue, and all that can happen there.

    Who waits reads, and then hangs what it has read.

    :ivar messages: what is on the queue.
    :ivar error: what Zaqar answers, instead of the messages.
    """

    def __init__(self):
        self.messages = set()
        self.error = None
        self.posted = 0
        self.clock = clocks.ManualClock(0)
        self.bell = bells.Bell(self.take_down, lambda *_who, **_refused: self,
                               SCHEDULE, doorbells.Silence, self.clock,
                               lambda low, high: 1)
        #: Key → the messages that it had read when it hung.
        self.waiting = {}
        #: Key → the moment, and the messages.
        self.read = {}
        #: What happens between what a look reads and what it does.
        self.meanwhile = ()

    def queue(self, _name):
        """As the client's, for ``Known``."""
        def read():
            if self.error:
                raise self.error('Zaqar', 0)
            found = frozenset(self.messages)
            meanwhile, self.meanwhile = self.meanwhile, ()
            for act, key in meanwhile:
                act(self, key)
            return found
        return read

    def post(self, _key):
        self.posted += 1
        self.messages.add(self.posted)

    def consume(self, _key):
        self.messages.discard(min(self.messages, default=0))

    def begin(self, key):
        self.take_down(key)
        self.read[key] = self.bell.moment(), frozenset(self.messages)

    def hang(self, key):
        if key in self.read:
            moment, known = self.read.pop(key)
            self.waiting[key] = known
            self.bell.hang(key, PROJECT, {'q': Known(known)}, moment)

    def wait(self, key):
        self.begin(key)
        self.hang(key)

    def take_down(self, key):
        self.waiting.pop(key, None)
        self.bell.take_down(key)

    def look(self, _key=None, seconds=1):
        self.clock.advance(seconds)
        if place := self.bell.take():
            self.bell.look(place)

    def fail(self, _key, error=errors.ServerError):
        self.error = error
        self.look()
        self.error = None

    def refuse(self, key):
        self.fail(key, errors.Forbidden)

    def do(self, steps, meanwhile):
        """Let all happen, some of it in the middle of looks."""
        for act, key in steps:
            if not self.meanwhile and meanwhile:
                self.meanwhile = meanwhile.pop()
            act(self, key)
        self.meanwhile = ()

    def late(self):
        """Who waits, and has not read all."""
        return {key for key, known in self.waiting.items()
                if not self.messages <= known}


def acts(*kinds, **sizes):
    return st.lists(st.tuples(st.sampled_from(kinds), st.sampled_from('ab')),
                    **sizes)


I = Interleaving  # noqa: E741
BETWEEN_LOOKS = I.post, I.consume, I.begin, I.hang, I.wait, I.take_down


@settings(max_examples=500)
@given(acts(*BETWEEN_LOOKS, I.look, I.look, I.fail, I.refuse, min_size=20,
            max_size=30),
       st.lists(acts(*BETWEEN_LOOKS, max_size=3), min_size=10, max_size=10))
# Rarely found by chance.
@example([(I.wait, 'a'), (I.begin, 'a'), (I.post, ''), (I.wait, 'b'),
          (I.hang, 'a')], [])
@example([(I.wait, 'a'), (I.begin, 'b'), (I.post, ''), (I.look, ''),
          (I.hang, 'b')], [])
@example([(I.begin, 'b'), (I.post, ''), (I.wait, 'a'), (I.look, '')],
         [[(I.take_down, 'a'), (I.hang, 'b')]])
def test_whoever_has_not_read_all_is_rung_whatever_happens(steps, meanwhile):
    told = Interleaving()
    told.do(steps, meanwhile)
    late = told.late()

    for _look in range(3):
        told.look(seconds=MINUTE)

    assert not late & set(told.waiting)
    assert not told.waiting or told.bell._lines


class Listening(Doorbells):
    """Listens to the queue as long as somebody waits there."""

    def __init__(self, bell):
        super().__init__(bell)
        self.known.add('q')


class Pushing(Interleaving):
    """Messages are pushed, and stored at most half a second after it.

    :ivar pushed: the moments of those that are to be stored yet.
    """

    def __init__(self):
        super().__init__()
        self.pushed = []
        self.bell = bells.Bell(self.take_down, lambda *_who, **_refused: self,
                               SCHEDULE, Listening, self.clock,
                               lambda low, high: 1)

    def push(self, _key):
        self.pushed.append(self.clock())
        self.bell.push(PROJECT, 'q')

    def store(self, key):
        if self.pushed:
            self.pushed.pop(0)
            self.post(key)

    def push_at_once(self, key):
        self.push(key)
        self.store(key)

    def begin_and_end(self, _key):
        """The connection is lost, and another one is made."""
        self.bell.push_ends(PROJECT, 'q')
        self.bell.push_begins(PROJECT, 'q')

    def look(self, key=None, seconds=0.06):
        while self.pushed and self.clock() - self.pushed[0] + seconds > 0.5:
            self.store(key)
        super().look(key, seconds)


P = Pushing
BETWEEN_PUSHES = (P.push, P.push_at_once, P.store, P.consume, P.begin, P.hang,
                  P.wait, P.take_down, P.begin_and_end)


@settings(max_examples=500)
@given(acts(*BETWEEN_PUSHES, *[P.look] * 3, P.fail, P.refuse,
            min_size=20, max_size=30),
       st.lists(acts(*BETWEEN_PUSHES, max_size=3), min_size=10, max_size=10))
@example([(P.wait, 'a'), (P.look, ''), (P.push, ''), (P.begin_and_end, ''),
          (P.look, ''), (P.look, ''), (P.look, '')], [])
@example([(P.wait, 'a'), (P.push, ''), (P.push, ''), (P.store, ''),
          (P.look, ''), (P.wait, 'a'), (P.push, '')], [])
def test_what_is_pushed_rings_soon_whatever_happens(steps, meanwhile):
    with mock.patch.object(bells.reader, 'Position', Known):
        told = Pushing()
        told.do(steps, meanwhile)
        # It is stored half a second after the push at the latest.
        while told.pushed:
            told.store('')
        late = told.late()

        for _look in range(40):
            told.look(seconds=0.1)

    assert not late & set(told.waiting)


def test_an_error_of_zaqar_that_does_not_pass_rings(queue, ringing,
                                                    zaqar):
    ringing.hang('a')
    zaqar.faults.answer(400, times=9)
    with pytest.raises(errors.BadRequest):
        queue.page()

    ringing.look()

    assert ringing.rung == ['a']
