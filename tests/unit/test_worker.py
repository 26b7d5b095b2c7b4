# SPDX-License-Identifier: Apache-2.0
"""A worker on the in-memory Zaqar, with troubles at every point."""
import contextlib
import copy
import datetime
import pickle
import threading
import types
from unittest import mock
import uuid

from hypothesis import given
from hypothesis import strategies
import pytest

from heat_plugins import worker
from heat_plugins.custom import contract
from heat_plugins.testing import server
from heat_plugins.worker import calling
from heat_plugins.worker import errors as worker_errors
from heat_plugins.worker import keeping
from heat_plugins.worker import replying
from heat_plugins.worker import serving
from heat_plugins.worker import task as tasks
from heat_plugins.worker import testing
from heat_plugins.zaqar import guest

from . import custom
from . import strategies as ours

A = {'a': 1}


@pytest.fixture
def zaqar():
    # claims and stores go by the time of day
    with server.Server() as running:
        yield running


@pytest.fixture
def engine(zaqar):
    return custom.Engine(zaqar)


@pytest.fixture
def ask(engine):
    """Posts a request; returns its body."""
    def asking(goal=A):
        engine.exchange(goal).poll()
        return engine.client.queue(custom.JOBS).page()[-1]['body']
    return asking


@pytest.fixture
def ask_changed(zaqar, engine):
    """Posts a request of its own with other values; returns its body."""
    def asking(**changes):
        request = {**REQUEST, 'request_id': str(uuid.uuid4()),
                   'reply': reply_to(zaqar, custom.REPLIES), **changes}
        engine.client.queue(custom.JOBS).post([{'body': request}])
        return request
    return asking


@pytest.fixture
def jobs(engine):
    return lambda: engine.client.queue(custom.JOBS).page()


@pytest.fixture
def replies(engine):
    """The bodies of the replies so far, each held against the schema."""
    def found():
        bodies = [each['body'] for each in
                  engine.client.queue(custom.REPLIES).page()]
        for each in bodies:
            contract.check(contract.REPLY, each)
        return bodies
    return found


REPLY_TO = {'url': 'http://zaqar/v2/queues/q/messages', 'queue': 'q',
            'headers': {}, 'expires': '2099-01-01T00:00:00'}
REQUEST = {
    'request_id': 'it', 'request_type': 'Create', 'resource_type': 'T',
    'resource_name': 'thing', 'stack_id': 'id', 'stack_name': 'stack',
    'project_id': 'project', 'physical_id': None, 'heartbeat': None,
    'reply': REPLY_TO, 'properties': {}, 'old_properties': None}


def reply_to(zaqar, queue, expires='2099-01-01T00:00:00'):
    return {'url': '%s/v2/queues/%s/messages' % (zaqar.url, queue),
            'headers': {'X-Project-ID': 'project'}, 'queue': queue,
            'expires': expires}


@strategies.composite
def rubbish(draw):
    """Anything, or a request of which a part is anything."""
    if draw(strategies.booleans()):
        return draw(ours.JSON)
    anything = ours.JSON | strategies.sampled_from([
        'file:///etc/passwd', 'http://zaqar/v2/queues/q/messages\n',
        'http://[', 'http://zaqar:x/v2/queues/q', '2099-13-01T00:00:00'])
    body = copy.deepcopy(REQUEST)
    part = draw(strategies.sampled_from([body, body['reply']]))
    key = draw(strategies.sampled_from(sorted(part)))
    if draw(strategies.booleans()):
        del part[key]
    else:
        part[key] = draw(anything)
    return body


class Handler:
    """Does what it is told to, and keeps what it was called for."""

    def __init__(self, act=lambda task: None):
        self.tasks = []
        self._act = act

    def create(self, task):
        self.tasks.append(task)
        return self._act(task)

    update = delete = create


@pytest.fixture
def start(zaqar):
    """Starts a worker, which ends with the test."""
    with contextlib.ExitStack() as ending:
        def starting(handler, **options):
            options = {'poll': 0.05, 'threads': 2, **options}
            running = worker.Worker(zaqar.client().queue(custom.JOBS),
                                    handler, **options)
            thread = threading.Thread(target=running.run)
            thread.start()
            ending.callback(thread.join)
            ending.callback(running.stop)
            return running
        yield starting


def raising(error):
    def act(_task):
        raise error
    return act


class TestResults:

    @pytest.mark.parametrize(('given', 'reply'), [
        (None, {}), ({}, {}), ({'ip': '192.0.2.7'},
                               {'data': {'ip': '192.0.2.7'}}),
        (worker.Result('it', {'x': 1}, 'fine'),
         {'physical_id': 'it', 'data': {'x': 1}, 'reason': 'fine'}),
        (worker.Result(reason='x' * 300000), {'reason': 'x' * 4096}),
    ], ids=lambda value: repr(value)[:60])
    def test_a_success_is_replied(self, start, ask, replies, jobs,
                                  eventually, given, reply):
        request = ask()
        start(Handler(lambda task: given))

        assert eventually(replies) == [{
            'request_id': request['request_id'], 'status': 'SUCCESS',
            **reply}]
        eventually(lambda: not jobs())

    @pytest.mark.parametrize(('act', 'reply'), [
        (raising(worker.Failed('no space')), {'reason': 'no space'}),
        (raising(worker.Failed('no space', 'half')),
         {'reason': 'no space', 'physical_id': 'half'}),
        (raising(KeyError('name')), {'reason': "KeyError: 'name'"}),
        (raising(SystemExit(3)), {'reason': 'SystemExit: 3'}),
        (raising(worker.Failed('x' * 300000)), {'reason': 'x' * 4096}),
        (raising(worker.Failed('no \udcff')), {'reason': 'no ?'}),
        (raising(worker.Failed('')), {'reason': 'no reason given'}),
        (raising(worker.Failed('no space', 'x' * 256)),
         {'reason': 'no space (its physical_id is not valid: %r)' % (
             'x' * 256)}),
        (raising(worker.Failed('no space', '\U0001f600')),
         {'reason': "no space (its physical_id is not valid: '\U0001f600')"}),
        (lambda task: 5, {'reason': 'the handler returned a value of the '
                                    'type int, not a Result, a map or None'}),
        (lambda task: worker.Result('it', {'x': 'y' * 20000}),
         {'reason': 'reply.data: 20009 bytes as JSON, at most 12288 are '
                    'allowed', 'physical_id': 'it'}),
    ])
    def test_a_failure_is_replied(self, start, ask, replies, eventually, act,
                                  reply):
        request = ask()
        start(Handler(act))

        assert eventually(replies) == [{
            'request_id': request['request_id'], 'status': 'FAILED', **reply}]

    def test_what_was_made_is_named_though_the_result_is_none(
            self, start, ask, replies, eventually):
        request = ask()
        start(Handler(lambda task: {'x': float('nan')}))

        [reply] = eventually(replies)
        assert reply['status'] == 'FAILED'
        assert reply['physical_id'] == request['request_id']

    def test_the_next_request_fares_better(self, start, ask, replies, engine,
                                           eventually):
        ask()
        engine.rows = {}
        ask()
        handler = Handler(lambda task: {}['x'] if len(
            handler.tasks) == 1 else None)
        start(handler, threads=1)

        eventually(lambda: [each['status'] for each in replies()] == [
            'FAILED', 'SUCCESS'])


class TestTask:

    def test_it_has_what_was_asked(self, start, ask, eventually):
        request = ask()
        handler = Handler()
        start(handler)

        [task] = eventually(lambda: handler.tasks)
        assert task.request_id == request['request_id']
        assert task.request_type == 'Create'
        assert task.properties == A
        assert task.physical_id is None
        assert task.stack_name == 'stack'
        with pytest.raises(AttributeError):
            task.nonsense  # noqa: B018

    def test_progress_is_told_at_once(self, start, ask, replies, eventually):
        ask()
        start(Handler(lambda task: task.progress('40 %')))

        eventually(lambda: len(replies()) == 2)
        assert [(each['status'], each.get('reason')) for each in replies()
                ] == [('IN_PROGRESS', '40 %'), ('SUCCESS', None)]

    def test_progress_that_cannot_be_told_is_no_failure(
            self, start, ask, replies, zaqar, eventually):
        ask()
        zaqar.faults.answer(503, method='POST', path='replies')
        start(Handler(lambda task: task.progress('40 %')))

        [reply] = eventually(replies)
        assert reply['status'] == 'SUCCESS'

    def test_life_is_shown_as_often_as_was_asked(
            self, start, ask_changed, replies, eventually):
        ask_changed(heartbeat=1)
        go_on = threading.Event()
        start(Handler(lambda task: go_on.wait(60)))

        eventually(lambda: len(replies()) >= 3)
        go_on.set()

        assert {(each['status'], each['reason']) for each in replies()[:3]
                } == {('IN_PROGRESS', 'at work')}


    @pytest.mark.parametrize('heartbeat', [1e-9, -5, 0])
    def test_too_short_a_heartbeat_is_refused(
            self, start, ask_changed, replies, eventually, heartbeat):
        ask_changed(heartbeat=heartbeat)
        start(Handler())

        [reply] = eventually(replies)
        assert reply['status'] == 'FAILED'
        assert 'request.heartbeat: expected: ' in reply['reason']

    def test_a_heartbeat_that_no_other_worker_can_keep_is_warned_of(
            self, start, ask_changed, replies, eventually, caplog):
        for heartbeat in (59, 60, None):
            ask_changed(heartbeat=heartbeat)
        start(Handler())

        eventually(lambda: len(replies()) == 3)
        [warning] = [text for text in caplog.messages
                     if 'before another worker can take over' in text]
        assert 'a heartbeat of 59 s, less than the claim ttl of 60' in warning

    @pytest.mark.parametrize('copied', [
        copy.copy, copy.deepcopy,
        lambda task: pickle.loads(pickle.dumps(task))])
    def test_it_can_be_copied(self, copied):
        told = []
        made = copied(tasks.Task(
            testing.request('Delete', A, physical_id='it'), told.append))

        assert (made.properties, made.physical_id) == (A, 'it')
        with pytest.raises(AttributeError):
            made.nonsense  # noqa: B018
        made.progress('40 %')  # told, or at least no error

    @pytest.mark.parametrize('copied', [copy.copy, copy.deepcopy])
    def test_a_copy_in_this_process_can_tell(self, copied):
        told = []

        copied(tasks.Task(testing.request('Create'), told.append)
               ).progress('40 %')

        assert told == ['40 %']


@pytest.mark.parametrize(('heartbeat', 'seconds'), [
    (None, 30), (60, 20), (1, 1 / 3), (1e-9, 1 / 3), (-5, 1 / 3),
    (float('nan'), 1 / 3), (float('inf'), 1200), (1e300, 1200)])
def test_no_heartbeat_makes_a_storm_or_silence(heartbeat, seconds):
    assert keeping.interval(heartbeat) == seconds


class TestAgain:
    """A request comes more than once."""

    def test_a_request_that_another_worker_left_says_so_first(
            self, start, ask, replies, eventually):
        shared = worker.MemoryStore()
        shared.begin(ask()['request_id'], 'dead', 0)
        start(Handler(lambda task: task.progress('40 %')), store=shared)

        eventually(lambda: len(replies()) == 3)
        assert [each.get('reason') for each in replies()] == [
            'begun again: an earlier worker did not finish', '40 %', None]

    @pytest.fixture
    def again(self, zaqar, ask):
        """Posts the same request a number of times."""
        request = ask()

        def posting(times=1):
            for _time in range(times):
                zaqar.client().queue(custom.JOBS).post([{'body': request}])
        return posting

    def test_it_is_done_once_and_answered_each_time(self, start, again,
                                                    replies, jobs,
                                                    eventually):
        handler = Handler(lambda task: {'n': len(handler.tasks)})
        start(handler, threads=1)
        again(2)

        eventually(lambda: len(replies()) == 3)
        assert [each['data'] for each in replies()] == [{'n': 1}] * 3
        assert len(handler.tasks) == 1
        eventually(lambda: not jobs())

    @pytest.mark.parametrize('kind', ['memory', 'sqlite'])
    def test_workers_that_share_a_store_do_it_once(
            self, start, again, replies, eventually, tmp_path, kind):
        shared = worker.MemoryStore()
        path = tmp_path / 'it.sqlite'
        go_on = threading.Event()
        handler = Handler(lambda task: go_on.wait(60) and None)
        again(5)
        for _worker in range(3):
            start(handler, store=shared if kind == 'memory'
                  else worker.SqliteStore(path))
        eventually(lambda: handler.tasks)

        go_on.set()

        eventually(replies)
        assert len(handler.tasks) == 1

    def test_a_worker_that_died_before_it_replied_leaves_the_answer(
            self, start, ask, replies, zaqar, jobs, eventually):
        shared = worker.MemoryStore()
        ask()
        zaqar.faults.answer(400, method='DELETE', path='jobs')
        handler = Handler()
        first = start(handler, store=shared)
        eventually(replies)
        first.stop()
        [claimed] = jobs()
        claim_id = claimed['href'].rpartition('=')[2]
        zaqar.client().queue(custom.JOBS).claim(id=claim_id).delete()

        start(handler, store=shared)

        eventually(lambda: not jobs())
        assert len(replies()) == 2
        assert len(handler.tasks) == 1


    def test_what_a_dead_worker_held_is_free_when_its_claim_expires(
            self, start, ask, eventually):
        class Noting(worker.MemoryStore):
            def begin(self, request_id, holder, seconds):
                noted.append(seconds)
                return super().begin(request_id, holder, seconds)

        noted = []
        ask()
        start(Handler(), store=Noting(), claim_ttl=100)

        assert eventually(lambda: noted) == [90]


class TestWhatIsNoRequest:

    def test_it_is_left_and_the_next_is_served(self, start, ask, engine,
                                               replies, jobs, eventually):
        engine.client.queue(custom.JOBS).post([{'body': 'no request'}])
        ask()
        start(Handler())

        eventually(replies)
        eventually(lambda: [each['body'] for each in jobs()] == [
            'no request'])

    def test_a_request_that_is_not_understood_is_answered(
            self, start, ask_changed, replies, jobs, eventually):
        ask_changed(request_type='Paint')
        handler = Handler()
        start(handler)

        [reply] = eventually(replies)
        assert reply['status'] == 'FAILED'
        assert reply['reason'].startswith(
            'The worker cannot use the request: request.request_type: ')
        assert handler.tasks == []
        eventually(lambda: not jobs())

    @pytest.mark.parametrize('url', [
        5, 'file:///etc/passwd', 'http://192.0.2.1/v2/queues/q/messages'])
    def test_one_that_cannot_be_answered_is_told_of_once(
            self, start, ask_changed, jobs, replies, eventually, caplog,
            zaqar, url):
        body = ask_changed(reply={'url': url, 'headers': {}, 'queue': 'q',
                                  'expires': '2099-01-01T00:00:00'})
        handler = Handler()
        start(handler)
        told = 'is not a request that this worker can answer: '
        eventually(lambda: told in caplog.text)
        [message] = jobs()
        zaqar.client().queue(custom.JOBS).claim(
            id=message['href'].rpartition('=')[2]).delete()
        ask_changed()

        eventually(replies)
        eventually(lambda: [each['body'] for each in jobs()] == [body])
        assert caplog.text.count(told) == 1
        assert 'Traceback' not in caplog.text
        assert len(handler.tasks) == 1

    @given(strategies.data())
    def test_no_rubbish_is_a_traceback(self, data):
        handler, deliveries = Handler(), mock.Mock()
        served = serving.Serving(
            mock.Mock(), calling.Calling(handler), worker.MemoryStore(),
            replying.Replying(['http://zaqar']), deliveries, 60)

        served.serve(mock.Mock(), types.SimpleNamespace(
            id='it', body=data.draw(rubbish())))

        for [delivery], _keywords in deliveries.deliver.call_args_list:
            assert delivery.reply_to.url == REPLY_TO['url']
            contract.check(contract.REPLY, delivery.body)

    def test_one_that_was_forwarded_is_served(self, start, ask, zaqar,
                                              replies, eventually):
        request = ask()
        queue = zaqar.client().queue(custom.JOBS)
        queue.delete_messages(*[each['id'] for each in queue.page()])
        queue.post([{'body': {
            'ttl': 60, 'body': request, 'Message_Type': 'Notification',
            'queue_name': 'first'}}])
        start(Handler())

        assert eventually(replies)

    def test_one_withdrawn_as_it_was_claimed_is_not_begun(
            self, start, ask, zaqar, jobs, eventually):
        ask()
        zaqar.faults.answer(404, '{}', method='GET', path='jobs/messages/')
        handler = Handler()
        running = start(handler)
        eventually(lambda: any(
            each.status == 404 for each in zaqar.requests))
        running.stop()

        assert handler.tasks == []


class TestTrouble:

    def test_zaqar_is_waited_for(self, start, ask, zaqar, replies, pauses,
                                 eventually):
        ask()
        zaqar.faults.answer(503, path='jobs', times=8)
        start(Handler())

        assert eventually(replies)

    def test_a_reply_is_sent_until_it_is_there(self, start, ask, zaqar,
                                               replies, jobs, eventually):
        ask()
        zaqar.faults.drop(method='POST', path='replies', times=2)
        handler = Handler()
        start(handler)

        assert eventually(replies)
        assert len(handler.tasks) == 1
        eventually(lambda: not jobs())

    def test_replies_that_are_not_taken_do_not_hold_up_others(
            self, start, ask_changed, zaqar, jobs, replies, eventually):
        zaqar.faults.answer(503, method='POST', path='/queues/away/',
                            times=10 ** 6)
        for number in range(4):
            ask_changed(request_id='away-%d' % number,
                        reply=reply_to(zaqar, 'away'))
        handler = Handler()
        start(handler)
        eventually(lambda: len(handler.tasks) == 4)
        ask_changed(request_id='good')

        assert eventually(replies) == [
            {'request_id': 'good', 'status': 'SUCCESS'}]
        eventually(lambda: len(jobs()) == 4)
        zaqar.faults.clear()

        eventually(lambda: not jobs())
        assert len(handler.tasks) == 5
        assert len(zaqar.client().queue('away').page()) == 4

    def test_a_reply_that_is_never_taken_is_given_up_when_it_expires(
            self, start, ask_changed, zaqar, jobs, eventually, caplog):
        zaqar.faults.drop(method='POST', path='replies', times=10 ** 6)
        soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(
            seconds=1)
        ask_changed(reply=reply_to(
            zaqar, custom.REPLIES, soon.strftime('%Y-%m-%dT%H:%M:%S')))
        start(Handler())

        eventually(lambda: not jobs())
        assert 'before its URL expired' in caplog.text

    def test_a_request_whose_url_has_expired_is_done_with(
            self, start, ask, zaqar, jobs, replies, eventually):
        ask()
        zaqar.faults.answer(404, '404 Not Found', method='POST',
                            path='replies')
        handler = Handler()
        start(handler)

        eventually(lambda: not jobs())
        assert len(handler.tasks) == 1
        assert replies() == []

    def test_a_store_that_breaks_loses_nothing(self, start, ask, jobs,
                                               eventually):
        class Broken(worker.MemoryStore):
            def begin(self, *_arguments):
                asked.set()
                raise OSError('no disk')

        asked = threading.Event()
        ask()
        handler = Handler()
        start(handler, store=Broken())
        assert asked.wait(60)

        assert len(jobs()) == 1
        assert handler.tasks == []

    def test_a_claim_is_renewed_while_the_handler_works(
            self, zaqar, start, ask, monkeypatch, eventually):
        monkeypatch.setattr('heat_plugins.worker.keeping._OFTEN', 600)
        ask()
        go_on = threading.Event()
        start(Handler(lambda task: go_on.wait(60) and None))

        eventually(lambda: any(each.method == 'PATCH'
                               for each in zaqar.requests))
        go_on.set()

    def test_a_signed_url_that_is_not_taken_ends_it(self, zaqar, engine,
                                                    caplog):
        queue = guest.queue(zaqar.url + '/v2/queues/jobs', {
            'URL-Signature': '0' * 64, 'URL-Expires': '2099-01-01T00:00:00',
            'URL-Methods': 'GET', 'URL-Paths': '/v2/queues/jobs/messages',
            'X-Project-ID': 'project'})

        with pytest.raises(worker_errors.SetupError,
                           match='Zaqar refuses the signed URL'):
            worker.Worker(queue, Handler()).run()
        assert 'Serving the queue' not in caplog.text


    def test_a_queue_that_does_not_exist_is_not_served(self, zaqar, caplog):
        with pytest.raises(worker_errors.SetupError,
                           match='The queue "nowhere" does not exist'):
            worker.Worker(zaqar.client().queue('nowhere'), Handler()).run()
        assert 'Serving the queue' not in caplog.text


class TestEnd:

    def test_what_was_begun_is_finished_and_the_rest_left(
            self, start, ask, engine, replies, jobs, eventually):
        ask()
        go_on = threading.Event()
        handler = Handler(lambda task: go_on.wait(60) and None)
        running = start(handler, threads=1)
        eventually(lambda: handler.tasks)
        running.stop()
        engine.rows = {}
        ask()

        go_on.set()

        [reply] = eventually(replies)
        assert reply['request_id'] == handler.tasks[0].request_id
        eventually(lambda: len(jobs()) == 1)

    def test_several_are_worked_on_at_once(self, start, ask, engine,
                                           eventually):
        together = threading.Barrier(3)
        for _request in range(3):
            ask()
            engine.rows = {}

        start(Handler(lambda task: together.wait(60) and None), threads=3)

        eventually(lambda: engine.client.queue(custom.REPLIES).page()[2:])
