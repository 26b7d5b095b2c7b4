# SPDX-License-Identifier: Apache-2.0
"""A worker on the in-memory Zaqar, with troubles at every point."""
import contextlib
import threading

import pytest

from heat_plugins import worker
from heat_plugins.custom import contract
from heat_plugins.testing import server
from heat_plugins.worker import errors as worker_errors
from heat_plugins.zaqar import guest

from . import custom

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
         {'reason': 'no space (its physical_id is none: %r)' % ('x' * 256)}),
        (lambda task: 5, {'reason': 'the worker gave a int, where a Result, '
                                    'a map or None is due'}),
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

    def test_a_handler_without_the_method_is_a_failure(self, start, ask,
                                                       replies, eventually):
        ask()
        start(object())

        [reply] = eventually(replies)
        assert reply['reason'] == 'the worker has no method "create"'

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

    def test_life_is_shown_as_often_as_was_asked(self, zaqar, start, ask,
                                                 replies, eventually):
        request = ask()
        queue = zaqar.client().queue(custom.JOBS)
        queue.delete_messages(*[each['id'] for each in queue.page()])
        queue.post([{'body': {**request, 'heartbeat': 0.3}}])
        go_on = threading.Event()
        start(Handler(lambda task: go_on.wait(60)))

        eventually(lambda: len(replies()) >= 3)
        go_on.set()

        assert {(each['status'], each['reason']) for each in replies()[:3]
                } == {('IN_PROGRESS', 'at work')}


class TestAgain:
    """A request comes more than once."""

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
        start(handler, store=shared).stop()
        eventually(replies)
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
            self, start, ask, zaqar, replies, jobs, eventually):
        request = ask()
        queue = zaqar.client().queue(custom.JOBS)
        queue.delete_messages(*[each['id'] for each in queue.page()])
        queue.post([{'body': {**request, 'request_type': 'Paint'}}])
        handler = Handler()
        start(handler)

        [reply] = eventually(replies)
        assert reply['status'] == 'FAILED'
        assert 'does not understand: request.request_type' in reply['reason']
        assert handler.tasks == []
        eventually(lambda: not jobs())

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
        start(handler, store=Broken()).stop()
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

    def test_a_signed_url_that_is_not_taken_ends_it(self, zaqar, engine):
        queue = guest.queue(zaqar.url + '/v2/queues/jobs', {
            'URL-Signature': '0' * 64, 'URL-Expires': '2099-01-01T00:00:00',
            'URL-Methods': 'GET', 'URL-Paths': '/v2/queues/jobs/messages',
            'X-Project-ID': 'project'})

        with pytest.raises(worker_errors.SetupError,
                           match='Zaqar does not take the signed URL'):
            worker.Worker(queue, Handler()).run()


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
