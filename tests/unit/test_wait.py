# SPDX-License-Identifier: Apache-2.0
"""One wait, with crashes and troubles at every point."""
import json
import uuid

from hypothesis import HealthCheck
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import pytest

from heat_plugins.messages import criteria
from heat_plugins.messages import patterns
from heat_plugins.messages import record as records
from heat_plugins.testing import clock as clocks
from heat_plugins.waiting import patience
from heat_plugins.waiting import progress
from heat_plugins.waiting import reader as readers
from heat_plugins.waiting import wait
from heat_plugins.zaqar import errors


class Crash(BaseException):
    """The engine dies."""


class Taken(Exception):
    """Another engine has taken over."""


class Engine:
    """What Heat is to a wait: metadata that outlives it, events, a clock.

    :ivar steps: what happened, in order: read, save, delete.
    :ivar is_taken: whether another engine has taken over.
    :ivar crash: the step at which to die: (name, before or after it).
    """

    def __init__(self, queue):
        self.queue = queue
        self.metadata = {}
        self.events = []
        self.steps = []
        self.is_taken = False
        self.crash = None
        self.clock = clocks.ManualClock(0)

    def wait(self, count=1, consume=True, timeout=100, max_failures=0,
             heartbeat=None, parked=None, **criterion):
        """A wait that goes on from what was saved.

        :param parked: the wait that was parked, while others looked.
        """
        kept, gaps = {}, None
        if parked:
            kept = json.loads(json.dumps({
                'patience': parked.patience.to_map(),
                'progress': parked.progress.to_map()}))
            gaps = 0
        return wait.Wait(
            _Reader(self, readers.Reader(self.queue, clock=self.clock)),
            criteria.Criteria(**criterion),
            records.Record.from_metadata(self.metadata, count, max_failures),
            self.save, progress.Progress(self.events.append, 10,
                                         kept.get('progress'), self.clock),
            [self.queue.name] if consume else [], patience.Patience(
                timeout, heartbeat, kept.get('patience'), self.clock, gaps),
            self.clock)

    def save(self, record):
        if self.is_taken:
            raise Taken
        self.step('save', lambda: self.metadata.update(
            json.loads(json.dumps(record.to_metadata()))))

    def step(self, name, act):
        if self.crash == (name, 'before'):
            raise Crash
        result = act()
        self.steps.append(name)
        if self.crash == (name, 'after'):
            raise Crash
        return result

    @property
    def keys(self):
        """Keys of the signals saved."""
        return list(self.metadata.get('signals', {}))

    @property
    def data(self):
        """Data of the signals saved, in order."""
        return [each['data']
                for each in self.metadata.get('signals', {}).values()]


class _Reader:
    def __init__(self, engine, reader):
        self._engine = engine
        self._reader = reader

    def read(self):
        return self._engine.step('read', self._reader.read)

    def delete(self, messages):
        self._engine.step('delete', lambda: self._reader.delete(messages))


@pytest.fixture
def engine(queue):
    return Engine(queue)


@pytest.fixture
def post(zaqar):
    """Posts each body as a message of its own."""
    sender = zaqar.client().queue('q')

    def posting(*bodies):
        for start in range(0, len(bodies), 20):
            sender.post([{'body': each}
                         for each in bodies[start:start + 20]])
    return posting


@pytest.fixture
def left(zaqar):
    """Bodies still in the queue."""
    def looking():
        return [message['body'] for message in
                zaqar.client().queue('q').page()]
    return looking


def finish(waiting, polls=20):
    """Poll until it is over."""
    for _ in range(polls):
        if waiting.poll():
            return
    raise AssertionError('it is not over')


class TestCount:

    def test_messages_are_read_then_saved_then_deleted(self, engine, post,
                                                       left):
        post('a', 'b')

        assert engine.wait(2).poll() is True

        assert engine.steps == ['read', 'save', 'delete']
        assert engine.data == ['a', 'b']
        assert left() == []

    def test_a_batch_is_saved_once_and_reported_once(self, engine, post):
        post(*range(45))

        assert engine.wait(45).poll() is True
        assert engine.steps == ['read', 'save', 'delete']
        assert engine.events == ['45 of 45 received']

    def test_nothing_new_writes_nothing(self, engine, post):
        waiting = engine.wait(2)
        post(1)

        assert [waiting.poll() for _ in range(5)] == [False] * 5
        assert engine.steps == ['read', 'save', 'delete'] + ['read'] * 4

    def test_messages_from_before_count(self, engine, post):
        post(1)

        assert engine.wait(1).poll() is True

    def test_messages_count_as_they_come(self, engine, post):
        waiting = engine.wait(3)
        for number in range(3):
            assert waiting.poll() is False
            post(number)

        assert waiting.poll() is True
        assert engine.data == [0, 1, 2]
        assert engine.events == ['%d of 3 received' % number
                                 for number in (1, 2, 3)]

    def test_more_than_the_count_stays_in_the_queue(self, engine, post, left):
        post(*range(5))

        assert engine.wait(2).poll() is True
        assert engine.data == [0, 1]
        assert left() == [2, 3, 4]

    def test_a_count_above_a_batch_is_reached(self, engine, post, left):
        post(*range(readers.BATCH + 60))

        finish(engine.wait(readers.BATCH + 50))

        assert engine.data == list(range(readers.BATCH + 50))
        assert left() == list(range(readers.BATCH + 50, readers.BATCH + 60))

    def test_a_repeated_id_counts_once_and_is_deleted(self, engine, post,
                                                      left):
        post({'id': 'a'}, {'id': 'a'})
        waiting = engine.wait(2)

        assert waiting.poll() is False
        assert left() == []
        post({'id': 'a'}, {'id': 'b'})
        assert waiting.poll() is True
        assert engine.keys == ['a', 'b']

    def test_without_consume_everything_stays(self, engine, post, left):
        post(1, 2, 3)

        assert engine.wait(2, consume=False).poll() is True
        assert left() == [1, 2, 3]
        assert 'delete' not in engine.steps
        assert engine.data == [1, 2]

    def test_what_cannot_be_judged_stays_and_is_told(self, engine, post,
                                                     left):
        post({'status': 'nonsense'}, 1)

        assert engine.wait(1).poll() is True
        assert left() == [{'status': 'nonsense'}]
        assert 'skipped' in engine.events[-1]

    def test_once_complete_it_stays_so(self, engine, post, left):
        post(1)
        waiting = engine.wait(1)
        waiting.poll()
        post(2)

        assert waiting.poll() is True
        assert left() == [2]
        assert engine.steps == ['read', 'save', 'delete']

    def test_signs_of_life_are_told_and_taken(self, engine, post, left):
        post({'status': 'IN_PROGRESS', 'reason': '10%'})
        waiting = engine.wait(1)

        assert waiting.poll() is False
        assert engine.events == ['in progress: 10%']
        assert (left(), engine.keys) == ([], [])
        assert waiting.poll() is False
        assert engine.events == ['in progress: 10%']


class TestFailure:

    def test_is_told_with_its_reason_and_who_succeeded(self, engine, post):
        post(1, {'id': 'f', 'status': 'FAILURE', 'reason': 'disk full'})

        with pytest.raises(wait.WaitFailed) as failed:
            engine.wait(3).poll()

        assert str(failed.value) == (
            '1 of 3 received, 1 failed: disk full (id f)')

    def test_without_a_reason_says_so(self, engine, post):
        post({'id': 'f', 'status': 'FAILURE'})

        with pytest.raises(wait.WaitFailed, match='no reason given'):
            engine.wait(1).poll()

    def test_is_saved_and_deleted_and_nothing_behind_it_taken(
            self, engine, post, left):
        post({'status': 'FAILURE', 'id': 'f'}, 2)

        with pytest.raises(wait.WaitFailed):
            engine.wait(1).poll()

        assert (engine.keys, left()) == (['f'], [2])

    def test_behind_the_count_is_not_looked_at(self, engine, post, left):
        post(1, {'status': 'FAILURE'})

        assert engine.wait(1).poll() is True
        assert left() == [{'status': 'FAILURE'}]

    def test_is_told_again_after_a_crash(self, engine, post):
        post({'status': 'FAILURE', 'id': 'f'})
        engine.crash = ('delete', 'before')
        with pytest.raises(Crash):
            engine.wait(1).poll()
        engine.crash = None

        with pytest.raises(wait.WaitFailed, match='id f'):
            engine.wait(1).poll()


class TestCrash:

    @pytest.mark.parametrize('consume', [True, False])
    @pytest.mark.parametrize('when', ['before', 'after'])
    @pytest.mark.parametrize('step', ['read', 'save', 'delete'])
    def test_at_any_point_loses_nothing_and_counts_nothing_twice(
            self, engine, post, left, step, when, consume):
        post(*range(10))
        engine.crash = (step, when)
        if consume or step != 'delete':
            with pytest.raises(Crash):
                engine.wait(13, consume).poll()
        engine.crash = None
        post(*range(10, 15))

        finish(engine.wait(13, consume))

        assert engine.data == list(range(13))
        assert left() == ([13, 14] if consume else list(range(15)))

    def test_what_is_raised_by_saving_ends_the_wait_before_deleting(
            self, engine, post, left):
        post(1)
        waiting = engine.wait(1)

        def fail(record):
            raise RuntimeError('no database')
        waiting._save = fail

        with pytest.raises(RuntimeError):
            waiting.poll()
        assert left() == [1]

    @pytest.fixture
    def saved(self, engine, post):
        """An engine that died when all was saved and nothing deleted."""
        post(1, 2)
        engine.crash = ('save', 'after')
        with pytest.raises(Crash):
            engine.wait(1).poll()
        engine.crash = None
        engine.steps.clear()
        return engine

    def test_after_the_last_save_leaves_nothing_to_count_anew(
            self, saved, left):
        waiting = saved.wait(1)

        assert [waiting.poll(), waiting.poll()] == [True, True]
        assert saved.steps == ['read', 'delete']
        assert left() == [2]

    def test_after_the_last_save_survives_a_trouble(self, zaqar, saved, left):
        waiting = saved.wait(1)
        zaqar.faults.answer(500)

        assert [waiting.poll(), waiting.poll()] == [False, True]
        assert left() == [2]

    def test_after_the_last_save_is_over_though_the_queue_is_gone(
            self, saved):
        saved.queue.delete()

        assert saved.wait(1).poll() is True

    def test_after_the_last_save_reads_nothing_without_consume(self, saved):
        assert saved.wait(1, consume=False).poll() is True
        assert saved.steps == []


EVENTS = st.lists(st.one_of(
    st.tuples(st.just('post'), st.integers(1, 20)),
    st.tuples(st.just('crash'), st.tuples(
        st.sampled_from(['read', 'save', 'delete']),
        st.sampled_from(['before', 'after']))),
    st.tuples(st.just('fault'), st.tuples(
        st.integers(0, 3), st.booleans())),
    st.tuples(st.just('poll'), st.none())), max_size=20)


@settings(max_examples=25,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS)
@example([('post', 20)] * 2 + [('crash', ('save', 'after')), ('post', 20)])
def test_whatever_crashes_and_fails_each_message_counts_once(zaqar, events):
    queue = zaqar.client(retries=0).queue(uuid.uuid4().hex)
    queue.create({})
    sender = zaqar.client().queue(queue.name)
    engine, sent, count = Engine(queue), 0, 60
    waiting = engine.wait(count)

    def send(more):
        nonlocal sent
        more = min(more, count - sent)
        if more:
            sender.post([{'body': {'id': str(number)}}
                         for number in range(sent, sent + more)])
        sent += more

    for event, value in events:
        if event == 'post':
            send(value)
        elif event == 'crash':
            engine.crash = value
        elif event == 'fault':
            zaqar.faults.answer(500, skip=value[0], done=value[1])
        try:
            waiting.poll()
        except Crash:
            engine.crash = None
            waiting = engine.wait(count)
        zaqar.faults.clear()
    engine.crash = None
    while sent < count:
        send(20)
    finish(waiting)

    assert sorted(map(int, engine.keys)) == list(range(count))
    assert queue.page() == []


@pytest.mark.parametrize('key', ['known', 'new'])
def test_what_another_engine_has_not_seen_stays(engine, post, left, key):
    waiting = engine.wait(2)
    post({'id': 'known'})
    waiting.poll()
    assert left() == []
    post({'id': key})
    engine.is_taken = True

    with pytest.raises(Taken):
        waiting.poll()

    assert left() == [{'id': key}]


class TestCriteria:
    """What does not count is told, and what counts too often is tolerated."""

    def test_what_does_not_match_stays_and_is_told(self, engine, post, left):
        waiting = engine.wait(1, match=patterns.compile({'n': 1}))
        for more in (1, 1, 5):
            post(*[{'n': 2}] * more)
            assert waiting.poll() is False

        assert left() == [{'n': 2}] * 7
        assert engine.events == [
            '%d did not match: n is 2 (%d)' % (number, number)
            for number in (1, 2, 7)]
        assert 'save' not in engine.steps

    def test_a_timeout_tells_it(self, engine, post):
        post({'n': 2}, 'text')
        waiting = engine.wait(1, match=patterns.compile({'n': 1}))
        waiting.poll()
        engine.clock.advance(100)

        with pytest.raises(patience.TimedOut, match=(
                r'0 of 1 received after 100 seconds; 2 did not match: n is '
                r'2 \(1\), the body is a string \(1\)')):
            waiting.poll()

    def test_failures_within_the_number_do_not_end_it(self, engine, post,
                                                      left):
        post({'status': 'FAILURE', 'id': 'f'}, 'a', 'b')

        assert engine.wait(2, max_failures=1).poll() is True
        assert left() == []


class TestProgress:
    """Who posts a lot does not make as many events."""

    def test_five_thousand_signs_of_life_are_few_events(self, engine, post):
        waiting = engine.wait(1, timeout=1000)
        for number in range(250):
            post(*({'status': 'IN_PROGRESS',
                    'reason': 'step %d' % (20 * number + step)}
                   for step in range(20)))
            assert waiting.poll() is False
            engine.clock.advance(1)
        post('done')

        assert waiting.poll() is True
        assert len(engine.events) < 40
        assert engine.events[-2:] == ['in progress: step 4999',
                                      '1 of 1 received']

    @pytest.mark.parametrize(('body', 'error'), [
        ({'id': 'f', 'status': 'FAILURE'}, wait.WaitFailed),
        (None, patience.TimedOut)])
    def test_the_last_state_is_told_before_the_end(self, engine, post, body,
                                                   error):
        waiting = engine.wait(100)
        for number in range(9):
            post(number)
            waiting.poll()
        assert engine.events[-1] == '5 of 100 received'
        if body:
            post(body)
        else:
            engine.clock.advance(100)

        with pytest.raises(error):
            waiting.poll()
        assert engine.events[-1] == '9 of 100 received' + (
            ', 1 failed' if body else '')

    def test_what_senders_say_is_one_harmless_line(self, engine, post):
        wild = 'a\nERROR \x1b[31m\u202e' + 'x' * 100000
        for body in ({'status': 'IN_PROGRESS', 'reason': wild}, {'id': wild},
                     {'id': wild, 'status': wild},
                     {'id': 'f', 'status': 'FAILURE', 'reason': wild}):
            post(body)

        with pytest.raises(wait.WaitFailed) as failed:
            engine.wait(2).poll()

        for told in [*engine.events, str(failed.value)]:
            assert told.isprintable()
            assert len(told) < 2500

    def test_failures_are_named_up_to_twenty(self, engine, post):
        post(*({'id': 'f%d' % number, 'status': 'FAILURE'}
               for number in range(25)))

        with pytest.raises(wait.WaitFailed,
                           match=r'\(id f19\); and 5 more$'):
            engine.wait(1, max_failures=24).poll()


class TestHeartbeat:

    def test_silence_ends_it(self, engine):
        waiting = engine.wait(1, heartbeat=10)
        engine.clock.advance(9)
        assert waiting.poll() is False
        engine.clock.advance(1)

        with pytest.raises(patience.NoHeartbeat, match=(
                'no sign of life for 10 seconds; 0 of 1 received')):
            waiting.poll()

    @pytest.mark.parametrize('life', [
        {'status': 'IN_PROGRESS', 'reason': '40 %'}, 'it counts'])
    def test_a_sign_of_life_does_not(self, engine, post, life):
        waiting = engine.wait(9, heartbeat=10)
        for _time in range(5):
            engine.clock.advance(9)
            post(life)
            assert waiting.poll() is False
        engine.clock.advance(10)

        with pytest.raises(patience.NoHeartbeat):
            waiting.poll()

    @pytest.mark.parametrize('consume', [False, True])
    @pytest.mark.parametrize('life', [
        {'status': 'IN_PROGRESS', 'reason': '40 %'}, 'it counts'])
    def test_one_that_is_read_again_does_not(self, engine, clock, post, life,
                                             consume):
        post(life)
        waiting = engine.wait(2, consume, heartbeat=10)
        assert waiting.poll() is False
        engine.clock.advance(10)
        clock.advance(10)
        again = engine.wait(2, consume, heartbeat=10, parked=waiting)

        with pytest.raises(patience.NoHeartbeat) as silent:
            again.poll()
        assert ('last in progress: 40 %' in str(silent.value)) == (
            life != 'it counts')

    def test_silence_in_a_trouble_of_zaqar_is_not_the_senders(
            self, engine, post, zaqar):
        waiting = engine.wait(9, heartbeat=10)
        engine.clock.advance(6)
        assert waiting.poll() is False
        zaqar.faults.answer(500, times=2)
        for _look in range(2):
            engine.clock.advance(9)
            assert waiting.poll() is False

        engine.clock.advance(9)  # nothing could be heard since 6
        assert waiting.poll() is False
        engine.clock.advance(3)
        assert waiting.poll() is False
        engine.clock.advance(1)
        with pytest.raises(patience.NoHeartbeat):
            waiting.poll()

    def test_what_does_not_match_is_none(self, engine, post):
        waiting = engine.wait(1, heartbeat=10,
                              match=patterns.compile({'n': 1}))
        engine.clock.advance(10)
        post({'n': 2})

        with pytest.raises(patience.NoHeartbeat, match='1 did not match'):
            waiting.poll()


class TestWhatIsSlowToJudge:
    """A poll takes about a second, and what it did not get to comes next."""

    @pytest.fixture
    def slow(self, engine):
        """A pattern that takes 0.4 seconds to match."""
        class Slow:
            def mismatch(self, body):
                engine.clock.advance(0.4)
                return ''
        return Slow()

    def test_is_judged_in_parts_and_nothing_is_lost(self, engine, post, left,
                                                    slow):
        post(*range(8))
        waiting = engine.wait(8, match=slow)

        assert [waiting.poll() for _ in range(3)] == [False, False, True]
        assert engine.data == list(range(8))
        assert left() == []

    def test_does_not_hold_up_the_timeout(self, engine, post, slow):
        post(*range(50))
        waiting = engine.wait(50, timeout=2, match=slow)
        waiting.poll()

        with pytest.raises(patience.TimedOut, match='6 of 50 received'):
            waiting.poll()

    def test_may_be_a_sign_of_life(self, engine, post, slow):
        post(*({'id': 1},) * 6, {'status': 'IN_PROGRESS'})
        waiting = engine.wait(2, heartbeat=2, match=slow)
        assert [waiting.poll(), waiting.poll()] == [False, False]
        engine.clock.advance(1.9)

        assert waiting.poll() is False

    def test_is_read_again_by_another_reader(self, engine, post, queue,
                                             slow):
        post(*({'id': each} for each in range(8)))
        waiting = engine.wait(9, match=slow)
        waiting.poll()

        waiting.go_on_by(readers.Reader(queue, clock=engine.clock))

        assert [waiting.poll() for _ in range(3)] == [False] * 3
        assert engine.keys == [str(each) for each in range(8)]

    def test_leaves_no_leftovers(self, engine, post, left, slow):
        post(*({'id': each} for each in range(7)))
        engine.crash = ('delete', 'before')
        with pytest.raises(Crash):
            engine.wait(7).poll()
        engine.crash = None
        waiting = engine.wait(7, match=slow)

        assert [waiting.poll() for _ in range(3)] == [False, False, True]
        assert left() == []


def test_it_goes_on_with_another_reader(engine, post, queue, left):
    waiting = engine.wait(3)
    post({'id': 'a'})
    waiting.poll()

    waiting.go_on_by(readers.Reader(queue, clock=engine.clock))
    assert waiting.patience.is_deaf  # it has to look again at once
    post({'id': 'a'}, {'id': 'b'}, {'id': 'c'})

    assert waiting.poll() is True
    assert engine.keys == ['a', 'b', 'c']
    assert left() == []


class TestTime:

    def test_that_is_up_is_told_with_who_answered(self, engine, post):
        post({'id': 'a'}, {'id': 'b'})
        waiting = engine.wait(3)
        assert waiting.poll() is False
        engine.clock.advance(100)

        with pytest.raises(patience.TimedOut) as late:
            waiting.poll()

        assert str(late.value) == ('2 of 3 received after 100 seconds; '
                                   'received from: a, b')

    def test_that_is_up_tells_what_was_skipped(self, engine, post):
        post('a', {'id': []}, {'id': []}, {'id': 5.5, 'status': 'DONE'})
        waiting = engine.wait(3)
        engine.clock.advance(100)

        with pytest.raises(patience.TimedOut, match=(
                r'; 3 skipped: "id" must be a string or a number, not \[\] '
                r'\(2\), "status" must be one of .* not "DONE" \(1\)$')):
            waiting.poll()

    def test_that_is_up_names_twenty_and_counts_the_others(self, engine,
                                                           post):
        post(*({'id': str(number)} for number in range(25)))
        waiting = engine.wait(30)
        engine.clock.advance(100)

        with pytest.raises(patience.TimedOut, match='19, and 5 more'):
            waiting.poll()

    def test_that_is_not_up_is_not_told(self, engine):
        waiting = engine.wait(1)
        engine.clock.advance(99)

        assert waiting.poll() is False

    def test_that_is_up_as_the_last_message_comes_is_no_matter(
            self, engine, post):
        waiting = engine.wait(1)
        engine.clock.advance(1000)
        post(1)

        assert waiting.poll() is True

    def test_that_is_up_tells_the_last_trouble(self, zaqar, engine):
        waiting = engine.wait(1)
        zaqar.faults.answer(500, '{"title": "broken"}', times=9)
        engine.clock.advance(100)

        with pytest.raises(patience.TimedOut) as late:
            waiting.poll()

        assert '0 of 1 received' in str(late.value)
        assert 'the last look at the queue failed' in str(late.value)
        assert 'broken' in str(late.value)

    def test_that_is_up_forgets_a_trouble_that_passed(self, zaqar, engine):
        waiting = engine.wait(1)
        zaqar.faults.answer(500)
        waiting.poll()
        engine.clock.advance(100)

        with pytest.raises(patience.TimedOut) as late:
            waiting.poll()
        assert 'failed' not in str(late.value)


class TestTrouble:

    @pytest.mark.parametrize('fault', [
        lambda faults: faults.answer(500),
        lambda faults: faults.answer(503, times=4),
        lambda faults: faults.drop(times=4),
        lambda faults: faults.answer(200, '<html>'),
        lambda faults: faults.answer(405, ''),
        lambda faults: faults.truncate()], ids=[
            '500', '503', 'cut', 'garbage', '405', 'truncated'])
    @pytest.mark.parametrize('skip', range(4))
    def test_that_passes_is_survived_and_costs_no_message(
            self, zaqar, engine, post, pauses, fault, skip):
        post(*range(45))
        add = zaqar.faults._add
        zaqar.faults._add = lambda *arguments, **options: add(
            *arguments, **options, skip=skip)
        fault(zaqar.faults)

        waiting = engine.wait(45)
        assert waiting.poll() is False
        finish(waiting)

        assert engine.data == list(range(45))

    @pytest.mark.parametrize('answer', [
        '{"messages": 5}', '{"messages": [{"body": 1}]}', '{}', '[]'])
    def test_a_page_that_is_none_is_survived(self, zaqar, engine, post,
                                             answer):
        post(*range(45))
        # behind the two requests that learn whether the queue is there
        zaqar.faults.answer(200, answer, skip=3)
        waiting = engine.wait(45)

        assert waiting.poll() is False
        finish(waiting)
        assert engine.data == list(range(45))

    def test_in_deleting_is_tried_again_before_it_is_over(
            self, zaqar, engine, post, left):
        post(1)
        waiting = engine.wait(1)
        zaqar.faults.answer(500, method='DELETE')

        assert waiting.poll() is False
        assert waiting.poll() is True
        assert left() == []
        assert engine.steps == ['read', 'save', 'delete']

    def test_in_deleting_does_not_hold_up_success_for_ever(
            self, zaqar, engine, post):
        post(1)
        waiting = engine.wait(1)
        zaqar.faults.answer(500, method='DELETE', times=9)
        assert waiting.poll() is False
        engine.clock.advance(100)

        assert waiting.poll() is True

    def test_that_does_not_pass_rises(self, engine):
        waiting = engine.wait(1)
        engine.queue.delete()

        with pytest.raises(errors.NotFound):
            waiting.poll()

    @pytest.mark.parametrize(('status', 'error'), [
        (401, errors.Unauthorized), (403, errors.Forbidden),
        (400, errors.BadRequest)])
    def test_of_our_own_rises(self, zaqar, engine, status, error):
        zaqar.faults.answer(status, times=2)

        with pytest.raises(error):
            engine.wait(1).poll()

    def test_with_a_queue_deleted_later_rises_at_the_next_look(
            self, engine, post):
        waiting = engine.wait(2)
        post(1)
        waiting.poll()
        engine.queue.delete()

        assert waiting.poll() is False
        engine.clock.advance(31)
        with pytest.raises(errors.NotFound):
            waiting.poll()
