# SPDX-License-Identifier: Apache-2.0
"""Requests and replies, with crashes and troubles at every point."""
import itertools

from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import pytest

from heat_plugins.asking import exchange
from heat_plugins.testing import server
from heat_plugins.waiting import patience
from heat_plugins.waiting import sights
from heat_plugins.zaqar import errors

from . import custom

A = {'a': 1}
B = {'b': 2}


@pytest.fixture
def engine(zaqar):
    return custom.Engine(zaqar)


@pytest.fixture
def worker(zaqar):
    return custom.Worker(zaqar)


@pytest.fixture
def serving(engine, worker):
    """The worker serves a request whenever the engine sleeps."""
    engine.idle = worker.serve
    return worker


@pytest.fixture
def jobs(engine):
    """The bodies of the requests in the queue."""
    return lambda: [each['body'] for each in
                    engine.client.queue(custom.JOBS).page()]


@pytest.fixture
def replies(engine):
    """The bodies in the mailbox."""
    return lambda: [each['body'] for each in
                    engine.client.queue(custom.REPLIES).page()]


def types(requests):
    return [each['request_type'] for each in requests]


class TestLife:

    def test_a_thing_is_created_updated_and_deleted(self, engine, serving):
        for goal, things in ((A, [A]), (B, [B]), (None, [])):
            engine.finish(engine.exchange(goal))
            assert list(serving.things.values()) == things

        assert types(serving.done) == ['Create', 'Update', 'Delete']
        create, update, delete = serving.done
        assert (create['physical_id'], create['old_properties']) == (
            None, None)
        assert (update['physical_id'], update['old_properties']) == (
            'thing-1', A)
        assert (delete['physical_id'], delete['properties']) == (
            'thing-1', B)
        assert engine.rows == {}

    def test_what_is_as_wanted_asks_nobody(self, engine, serving, zaqar):
        engine.finish(engine.exchange(A))
        zaqar.requests.clear()

        engine.finish(engine.exchange(A))

        assert zaqar.requests == []

    def test_a_request_is_noted_then_posted_and_an_answer_noted_then_deleted(
            self, engine, serving):
        engine.finish(engine.exchange(A))

        assert engine.steps == ['save', 'post', 'save', 'delete']

    def test_the_answer_is_kept(self, engine, serving, replies):
        engine.finish(engine.exchange(A))

        assert engine.state.current.physical_id == 'thing-1'
        assert engine.state.current.data == {'of': A}
        assert replies() == []

    def test_without_a_physical_id_it_is_that_of_the_request(self, engine,
                                                             worker):
        going = engine.exchange(A)
        going.poll()
        _claim, message = worker.claim()
        worker.reply({'request_id': message.body['request_id'],
                      'status': 'SUCCESS'})

        engine.finish(going)

        assert (engine.state.current.physical_id ==
                message.body['request_id'])

    def test_another_physical_id_replaces(self, engine, serving):
        engine.finish(engine.exchange(A))

        with pytest.raises(exchange.Replaced):
            engine.finish(engine.exchange({'new': True}))

        assert engine.state.current.physical_id == 'thing-1'
        assert engine.state.candidate.physical_id == 'thing-2'
        assert sorted(serving.things) == ['thing-1', 'thing-2']

    def test_a_candidate_that_is_not_wanted_any_more_is_deleted(
            self, engine, serving):
        engine.finish(engine.exchange(A))
        with pytest.raises(exchange.Replaced):
            engine.finish(engine.exchange({'new': True}))

        engine.finish(engine.exchange(A))

        assert serving.things == {'thing-1': A}
        assert types(serving.done) == ['Create', 'Update', 'Delete']

    def test_thing_and_candidate_are_deleted(self, engine, serving):
        engine.finish(engine.exchange(A))
        with pytest.raises(exchange.Replaced):
            engine.finish(engine.exchange({'new': True}))

        engine.finish(engine.exchange(None))

        assert serving.things == {}


class TestFailure:

    def test_it_ends_the_exchange_with_the_workers_reason(self, engine,
                                                          serving, replies):
        with pytest.raises(exchange.Failed, match=r'the request .* '
                           r'\(Create\) failed: it would not'):
            engine.finish(engine.exchange({'fail': True}))

        assert engine.rows == {}
        assert replies() == []

    def test_what_failed_is_asked_anew_as_another_request(self, engine,
                                                          serving):
        for _try in range(2):
            with pytest.raises(exchange.Failed):
                engine.finish(engine.exchange({'fail': True}))

        first, second = serving.done
        assert first['request_id'] != second['request_id']

    def test_a_failed_update_has_to_be_undone(self, engine, serving):
        engine.finish(engine.exchange(A))
        with pytest.raises(exchange.Failed):
            engine.finish(engine.exchange({'fail': True}))

        engine.finish(engine.exchange(A))

        assert types(serving.done) == ['Create', 'Update', 'Update']
        assert serving.done[-1]['old_properties'] == {'fail': True}

    @pytest.mark.parametrize('goal', [None, A], ids=['gone', 'anew'])
    def test_what_a_failure_left_behind_is_deleted(self, engine, worker,
                                                   goal):
        going = engine.exchange({'fail': True})
        going.poll()
        _claim, message = worker.claim()
        engine.client.queue(custom.JOBS).delete_messages(message.id)
        worker.reply({'request_id': message.body['request_id'],
                      'status': 'FAILED', 'physical_id': 'half'})
        with pytest.raises(exchange.Failed, match='no reason given'):
            engine.finish(going)
        engine.idle = worker.serve

        engine.finish(engine.exchange(goal))

        assert types(worker.done) == ['Delete'] + ['Create'] * bool(goal)
        assert worker.done[0]['physical_id'] == 'half'


class TestReplies:

    @pytest.fixture
    def going(self, engine, worker):
        """An exchange whose request the worker has claimed, not answered."""
        going = engine.exchange(A, heartbeat=30)
        going.poll()
        _claim, message = worker.claim()
        self.request = message.body
        return going

    def reply(self, **fields):
        return {'request_id': self.request['request_id'],
                'status': 'SUCCESS', **fields}

    @pytest.mark.parametrize('wrong', [
        'text', None, [], {}, {'status': 'SUCCESS'}, {'request_id': 'r'},
        {'request_id': 'r', 'status': 'DONE'},
        {'request_id': 'r', 'status': 'SUCCESS', 'data': []},
        {'request_id': 'r', 'status': 'SUCCESS', 'physical_id': ''},
        {'request_id': 'r', 'status': 'SUCCESS', 'more': 1},
        {'request_id': 'r', 'status': 'SUCCESS', 'data': {'a': 'x' * 12288}},
    ], ids=lambda wrong: repr(wrong)[:50])
    def test_one_that_breaks_the_schema_is_told_of_and_ignored(
            self, engine, worker, going, replies, wrong):
        worker.reply(wrong)
        assert going.poll() is False
        assert '1 reply was ignored: reply' in engine.events[-1]
        assert replies() == []

        worker.reply(self.reply(physical_id='right'))

        engine.finish(going)
        assert engine.state.current.physical_id == 'right'

    def test_what_was_ignored_is_in_the_error_at_the_end(self, engine,
                                                         worker, going):
        worker.reply(self.reply(data='secret'))
        engine.clock.advance(100)

        with pytest.raises(patience.TimedOut,
                           match=r'1 reply was ignored: reply\.data') as end:
            going.poll()

        assert 'secret' not in str(end.value) + str(engine.events)

    def test_thousands_that_are_none_are_removed_and_told_of_with_a_number(
            self, engine, worker, going, replies):
        for _post in range(100):
            engine.client.queue(custom.REPLIES).post(
                [{'body': number} for number in range(20)])
        for _look in range(10):
            assert going.poll() is False

        assert replies() == []
        going.account()
        worker.reply(self.reply())
        engine.finish(going)
        assert engine.events[-1].startswith('2000 replies were ignored: ')
        assert len(engine.events) < 10

    def test_progress_that_is_told_before_leaves_the_queue_unmentioned(
            self, engine, worker):
        engine.idle = lambda: (found := worker.claim()) and worker.reply({
            'request_id': found[1].body['request_id'],
            'status': 'IN_PROGRESS', 'reason': 'step 1'})

        engine.exchange(A).poll()

        assert engine.events == ['in progress: step 1']

    def test_what_workers_say_is_one_harmless_line(self, engine, worker,
                                                   going):
        wild = 'a\nERROR \x1b[31m\u202e' + 'x' * 1000
        worker.reply(self.reply(status='IN_PROGRESS', reason=wild))
        worker.reply({'x' * 10000 + '\n': 1})
        going.poll()
        assert going.account().isprintable()
        worker.reply(self.reply(status='FAILED', reason=wild))

        with pytest.raises(exchange.Failed) as failed:
            going.poll()
        for told in [*engine.events, str(failed.value)]:
            assert told.isprintable()
            assert len(told) < 2500

    def test_one_to_another_request_is_ignored(self, engine, worker, going,
                                               replies):
        worker.reply(self.reply(request_id='of old', status='FAILED'))

        assert going.poll() is False

        assert replies() == []
        assert engine.state.pending.request_id == self.request['request_id']

    def test_one_that_comes_twice_counts_once(self, engine, worker, going,
                                              replies):
        worker.reply(*[self.reply(physical_id='it')] * 2)

        engine.finish(going)
        engine.idle = worker.serve
        worker.reply(self.reply(physical_id='it'))
        engine.finish(engine.exchange(B))

        assert engine.state.current.physical_id == 'it'
        assert replies() == []

    def test_progress_is_told_once(self, engine, worker, going):
        for reason in ('10 %', '10 %', '90 %', None):
            worker.reply(self.reply(status='IN_PROGRESS', reason=reason))
            going.poll()

        assert engine.events[1:] == ['in progress: 10 %',
                                     'in progress: 90 %']

    def test_silence_after_a_sign_of_life_is_a_failure(self, engine, worker,
                                                       going):
        engine.clock.advance(40)
        going.poll()  # nobody has begun: it may take its time
        worker.reply(self.reply(status='IN_PROGRESS', reason='10 %'))
        going.poll()
        engine.clock.advance(29)
        going.poll()
        engine.clock.advance(1)

        with pytest.raises(patience.NoHeartbeat, match='no sign of life from '
                           'the worker for 30 seconds; last in progress: '
                           '10 %'):
            going.poll()

    def test_silence_while_it_was_parked_is_a_failure(self, engine, worker,
                                                      going):
        worker.reply(self.reply(status='IN_PROGRESS', reason='10 %'))
        going.poll()
        engine.clock.advance(30)
        again = engine.exchange(A, heartbeat=30, parked=going)

        with pytest.raises(patience.NoHeartbeat, match='last in progress: '
                           '10 %'):
            again.poll()

    def test_one_that_comes_late_tells_the_next_action_what_there_is(
            self, engine, worker, going):
        engine.clock.advance(100)
        with pytest.raises(patience.TimedOut, match='with a worker'):
            going.poll()
        worker.reply(worker.do(self.request))
        engine.client.queue(custom.JOBS).delete_messages(
            *[each['id'] for each in
              engine.client.queue(custom.JOBS).page()])
        engine.idle = worker.serve

        engine.finish(engine.exchange(None))

        assert types(worker.done) == ['Create', 'Delete']
        assert worker.things == {}


class TestTimeout:

    def test_it_names_queue_and_number_and_withdraws(self, engine, jobs):
        going = engine.exchange(A, timeout=5)
        going.poll()
        engine.client.queue(custom.JOBS).post([{'body': 'another'}])
        engine.clock.advance(5)

        with pytest.raises(patience.TimedOut, match=(
                r'no reply within 5 seconds to the request .* \(Create\); '
                r'unclaimed requests in the queue "jobs": 2, and this one '
                r'was withdrawn')):
            going.poll()

        assert jobs() == ['another']
        assert engine.rows == {}

    def test_what_a_worker_has_claimed_stays(self, engine, worker, jobs):
        going = engine.exchange(A, timeout=5)
        going.poll()
        worker.claim()
        engine.clock.advance(5)

        with pytest.raises(patience.TimedOut, match='"jobs": 0, and this one '
                           'is with a worker'):
            going.poll()

        assert len(jobs()) == 1
        assert engine.state.pending is not None

    def test_statistics_that_fail_do_not_keep_it_from_withdrawing(
            self, engine, zaqar, jobs):
        going = engine.exchange(A, timeout=5)
        going.poll()
        engine.clock.advance(5)
        zaqar.faults.answer(500, path='/stats', times=9)

        with pytest.raises(patience.TimedOut,
                           match='in the queue "jobs": unknown'):
            going.poll()

        assert jobs() == []

    def test_zaqar_in_trouble_is_named(self, engine, zaqar, pauses):
        going = engine.exchange(A, timeout=5)
        going.poll()
        engine.clock.advance(5)
        zaqar.faults.answer(503, times=99)

        with pytest.raises(patience.TimedOut, match='Zaqar failed: .*503'):
            going.poll()

    def test_the_last_look_may_bring_the_answer(self, engine, worker):
        going = engine.exchange(A, timeout=5)
        going.poll()
        engine.clock.advance(5)
        worker.serve()

        assert going.poll() is True


class TestTakenOver:
    """Another engine has taken over; this one does not know."""

    def test_the_other_gets_the_reply_that_it_waits_for(self, engine, replies):
        going = engine.exchange(A)
        going.poll()
        theirs = {'request_id': 'theirs', 'status': 'SUCCESS'}
        engine.client.queue(custom.REPLIES).post([{'body': theirs}])
        engine.is_taken = True

        with pytest.raises(custom.Taken):
            going.poll()

        assert replies() == [theirs]

    def test_the_request_is_not_withdrawn(self, engine, jobs):
        going = engine.exchange(A)
        going.poll()
        engine.clock.advance(101)
        engine.is_taken = True

        with pytest.raises(custom.Taken):
            going.poll()

        assert len(jobs()) == 1


class TestGoingOn:
    """An engine was killed, or an action failed, with a request pending."""

    @pytest.fixture
    def asked(self, engine, jobs):
        """A Create was asked; its request."""
        engine.exchange(A).poll()
        [request] = jobs()
        return request

    def test_the_same_request_is_waited_for(self, engine, worker, asked,
                                            jobs):
        going = engine.exchange(A)
        going.poll()
        assert jobs() == [asked]
        worker.serve()

        engine.finish(going)

        assert [each['request_id'] for each in worker.done] == [
            asked['request_id']]

    def test_the_answer_may_be_there_already(self, engine, worker, asked):
        worker.serve()

        assert engine.exchange(A).poll() is True
        assert len(worker.done) == 1

    def test_what_is_lost_is_asked_again_under_the_same_id(
            self, engine, asked, jobs, worker):
        _claim, message = worker.claim()
        engine.client.queue(custom.JOBS).delete_messages(message.id)

        engine.exchange(A).poll()

        assert [each['request_id'] for each in jobs()] == [
            asked['request_id']]

    @pytest.mark.parametrize('goal', [None, B], ids=['nothing', 'another'])
    def test_what_nobody_has_begun_is_withdrawn_when_it_is_not_wanted(
            self, engine, asked, serving, goal):
        engine.finish(engine.exchange(goal))

        assert asked['request_id'] not in serving.answers
        assert types(serving.done) == ['Create'] * bool(goal)

    def test_what_was_begun_is_waited_for_though_it_is_not_wanted(
            self, engine, asked, worker):
        claim, message = worker.claim()
        going = engine.exchange(None)
        assert going.poll() is False
        worker.reply(worker.do(message.body))
        engine.client.queue(custom.JOBS).delete_messages(message.id)
        engine.idle = worker.serve

        engine.finish(going)

        assert types(worker.done) == ['Create', 'Delete']
        assert worker.things == {}

    def test_a_claim_that_has_expired_was_a_beginning(self, engine, clock,
                                                      asked, worker, jobs):
        worker.claim()
        clock.advance(61)

        engine.exchange(None).poll()

        assert jobs() == [asked]

    def test_a_claim_that_was_released_was_none(self, engine, asked, worker,
                                                jobs):
        claim, _message = worker.claim()
        claim.delete()

        engine.finish(engine.exchange(None))

        assert jobs() == []

    def test_a_worker_may_be_done_in_the_moment_of_withdrawing(
            self, engine, asked, worker, monkeypatch):
        going = engine.exchange(None)
        withdraw = going._outbox.withdraw

        def late(*arguments):
            worker.serve()
            return withdraw(*arguments)

        monkeypatch.setattr(going._outbox, 'withdraw', late)
        engine.idle = worker.serve

        engine.finish(going)

        assert types(worker.done) == ['Create', 'Delete']

    def test_an_earlier_failure_is_told_and_does_no_harm(self, engine,
                                                         worker):
        engine.exchange({'fail': True}).poll()
        worker.serve()
        engine.idle = worker.serve

        engine.finish(engine.exchange(B))

        assert any('from an earlier action: the request' in each
                   for each in engine.events)
        assert list(worker.things.values()) == [B]

    def test_another_queue_gets_what_was_withdrawn_from_the_first(
            self, engine, asked, jobs):
        engine.client.queue('other').create({})

        engine.exchange(A, queue='other').poll()

        assert jobs() == []
        [moved] = engine.client.queue('other').page()
        assert types([moved['body']]) == ['Create']


class TestTrouble:

    def test_a_lost_answer_to_the_post_does_not_ask_twice(
            self, engine, zaqar, jobs, worker):
        zaqar.faults.drop(method='POST', path='jobs/messages', done=True)
        going = engine.exchange(A)

        going.poll()
        going.poll()

        assert len(jobs()) == 1
        worker.serve()
        engine.finish(going)

    def test_a_post_that_was_lost_is_made_again(self, engine, zaqar, jobs):
        zaqar.faults.drop(method='POST', path='jobs/messages')
        going = engine.exchange(A)

        going.poll()
        assert jobs() == []
        going.poll()

        assert [each['request_id'] for each in jobs()] == [
            engine.state.pending.request_id]

    def test_a_post_that_was_refused_is_pending_no_more(self, engine, zaqar):
        zaqar.faults.answer(400, '{"title": "no"}', method='POST',
                            path='jobs/messages')

        with pytest.raises(errors.BadRequest):
            engine.exchange(A).poll()

        assert engine.rows == {}

    def test_what_was_asked_before_stays_pending_when_a_post_is_refused(
            self, engine, zaqar, worker):
        engine.exchange(A).poll()
        _claim, message = worker.claim()
        engine.client.queue(custom.JOBS).delete_messages(message.id)
        zaqar.faults.answer(400, '{"title": "no"}', method='POST',
                            path='jobs/messages')

        with pytest.raises(errors.BadRequest):
            engine.exchange(A).poll()

        assert (engine.state.pending.request_id ==
                message.body['request_id'])

    def test_a_failure_whose_reply_is_not_deleted_is_one_all_the_same(
            self, engine, serving, zaqar, pauses):
        zaqar.faults.answer(503, method='DELETE', path='replies', times=9)

        with pytest.raises(exchange.Failed):
            engine.finish(engine.exchange({'fail': True}))

        assert len(serving.done) == 1
        zaqar.faults.clear()
        engine.finish(engine.exchange(A))
        assert types(serving.done) == ['Create', 'Create']

    def test_silence_is_not_the_workers_while_zaqar_is_in_trouble(
            self, engine, worker, zaqar, pauses):
        going = engine.exchange(A, heartbeat=5)
        going.poll()
        _claim, message = worker.claim()
        worker.reply({'request_id': message.body['request_id'],
                      'status': 'IN_PROGRESS'})
        going.poll()
        zaqar.faults.answer(503, times=4)
        engine.clock.advance(6)
        assert going.poll() is False
        worker.reply(worker.do(message.body))

        engine.finish(going)

    @pytest.mark.parametrize('is_anew', [False, True])
    def test_that_the_queue_has_gone_is_seen_at_once_by_who_goes_on(
            self, engine, is_anew):
        going = engine.exchange(A)
        going.poll()
        engine.client.queue(custom.JOBS).delete()
        if is_anew:
            going = engine.exchange(A)

        with pytest.raises(exchange.NoReply, match='"jobs" was deleted'):
            going.poll()

    def test_a_queue_deleted_while_a_request_waits_is_told_of(
            self, engine, worker, jobs):
        going = engine.exchange(A)
        going.poll()
        [request] = jobs()
        engine.client.queue(custom.JOBS).delete()
        engine.clock.advance(31)

        with pytest.raises(exchange.NoReply, match=(
                r'the queue "jobs" was deleted, with the request .* '
                r'\(Create\) in it')):
            going.poll()

        engine.client.queue(custom.JOBS).create({})
        engine.idle = worker.serve
        engine.finish(engine.exchange(A))
        assert [each['request_id'] for each in worker.done] == [
            request['request_id']]

    @pytest.mark.parametrize('status', [500, 502, 503])
    def test_it_is_waited_out(self, engine, serving, zaqar, pauses, status):
        going = engine.exchange(A)
        zaqar.faults.answer(status, times=30)

        for _look in range(3):
            assert going.poll() is False
        zaqar.faults.clear()

        engine.finish(going)
        assert types(serving.done) == ['Create']

    def test_no_access_ends_it(self, engine, zaqar):
        zaqar.faults.answer(403, times=9)

        with pytest.raises(errors.Forbidden):
            engine.exchange(A).poll()

    def test_a_mailbox_deleted_by_hand_is_made_anew_and_asked_for_again(
            self, engine, worker):
        going = engine.exchange(A)
        going.poll()
        worker.serve()
        engine.mailbox().queue.delete()
        engine.clock.advance(2)
        going.poll()
        assert going.patience.is_deaf  # it has to look again at once
        engine.idle = worker.serve

        engine.finish(going)

        assert len(worker.done) == 1
        assert engine.mailbox().is_ours()

    def test_it_goes_on_by_another_channel(self, engine, worker):
        going = engine.exchange(A)
        going.poll()
        going.go_on_by(*engine.boxes())
        assert going.patience.is_deaf
        worker.serve()

        engine.finish(going)

    def test_it_looks_for_replies_and_whether_its_queue_is_there(self,
                                                                 engine):
        going = engine.exchange(A)
        assert list(going.sights()) == [custom.REPLIES]
        going.poll()
        assert not going.patience.is_deaf

        found = going.sights()

        assert list(found) == [custom.REPLIES, custom.JOBS]
        assert found[custom.REPLIES].look(
            engine.mailbox().queue, 30, engine.clock)[0] is False
        assert isinstance(found[custom.JOBS], sights.Presence)

    def test_the_longer_it_takes_the_rarer_it_looks(self, engine):
        going = engine.exchange(A)
        pauses = []
        for _moment in range(4):
            pauses.append(going.pause)
            engine.clock.advance(41)

        assert pauses == [0, 2, 4, 5]
        assert {type(each) for each in pauses} == {int}  # all that Heat takes


STEPS = list(itertools.product(['save', 'post', 'delete'],
                               ['before', 'after']))


class TestCrash:

    @pytest.mark.parametrize('goals', [
        [A], [A, B], [A, {'new': True}], [A, None]],
        ids=['create', 'update', 'replace', 'delete'])
    @pytest.mark.parametrize('crash', STEPS, ids='-'.join)
    def test_at_any_step_does_nothing_twice_and_leaves_nothing(
            self, engine, serving, goals, crash):
        *before, last = goals
        for goal in before:
            engine.finish(engine.exchange(goal))
        engine.crash = crash
        with pytest.raises(custom.Crash):
            engine.finish(engine.exchange(last))
        engine.crash = None

        try:
            engine.finish(engine.exchange(last))
        except exchange.Replaced:
            assert len(serving.things) == 2
        else:
            assert list(serving.things.values()) == (
                [last] if last else [])

        assert len(serving.done) == len(goals)
        engine.finish(engine.exchange(None))
        assert serving.things == {}
        assert engine.rows == {}


ACTIONS = st.tuples(
    st.sampled_from([A, B, {'new': 1}, {'new': 2}, {'fail': True}, None]),
    st.sampled_from([None, *STEPS]),
    st.lists(st.sampled_from(['serve', 'claim', 'die', 'silence', 'twice']),
             max_size=4))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTIONS, max_size=8))
def test_whatever_happens_nothing_is_made_twice_or_left_behind(pauses,
                                                               actions):
    with server.Server() as zaqar:
        engine, worker = custom.Engine(zaqar), custom.Worker(zaqar)
        held = []

        def happen(what):
            if what == 'serve':
                worker.serve()
            elif what == 'claim' and (found := worker.claim()):
                held.append(found[1])  # done, and answered later
                worker.do(found[1].body)
            elif what == 'die' and (found := worker.claim()):
                found[0].delete()  # gave it back
            elif what == 'twice' and held:
                worker.reply(*[worker.do(held[-1].body)] * 2)

        for goal, crash, events in actions:
            engine.crash = crash
            coming = iter(events)
            engine.idle = lambda coming=coming: happen(
                next(coming, 'silence'))
            going = engine.exchange(goal, timeout=5)
            try:
                for _look in range(4):
                    if going.poll():
                        break
                    engine.clock.advance(2)
            except (custom.Crash, exchange.ExchangeError, exchange.Replaced,
                    patience.OutOfPatience):
                pass
        engine.crash, engine.idle = None, worker.serve
        for message in held:
            worker.reply(worker.do(message.body))
            engine.client.queue(custom.JOBS).delete_messages(message.id)

        engine.finish(engine.exchange(None))

    assert worker.things == {}
    assert engine.rows == {}
    ids = [each['request_id'] for each in worker.done]
    assert len(ids) == len(set(ids))
    made = [each for each in worker.done if each['request_type'] == 'Create']
    assert not any(each['physical_id'] for each in made)
