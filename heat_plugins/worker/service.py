# SPDX-License-Identifier: Apache-2.0
"""Serving a queue: claim, work, remember, reply, delete - in this order.

A worker that dies before it has replied has deleted nothing: the request comes
back when its claim has expired, and what was remembered is only sent again.
"""
from concurrent import futures
import os
import socket
import threading
import time
import uuid

from oslo_log import log as logging

from heat_plugins.custom import contract
from heat_plugins.custom import reply as replies
from heat_plugins.custom import request as requests
from heat_plugins.messages import notification
from heat_plugins.worker import calling
from heat_plugins.worker import errors as worker_errors
from heat_plugins.worker import keeping
from heat_plugins.worker import memory_store
from heat_plugins.worker import replying
from heat_plugins.worker import store as stores
from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

#: Seconds that a claim is good for, unless it is renewed: Zaqar's least.
CLAIM_TTL = 60
# The share of it that the place in the store is good for: what a dead worker
# held is to be free there when its claim expires.
_HOLD = 0.9
#: Seconds of the first pause when nothing is there. It grows.
SHORTEST_PAUSE = 0.05
# It grows to this when Zaqar is in trouble.
_LONGEST_PAUSE = 30


class Worker:
    """Serves the requests in a queue with a handler.

    :param queue: a ``heat_plugins.zaqar.queue.Queue``; see
        ``heat_plugins.worker.access``.
    :param handler: has the methods ``create``, ``update`` and ``delete``.
        They are called by several threads, with a
        ``heat_plugins.worker.task.Task`` each.
    :param store: a ``heat_plugins.worker.store.Store``. Workers that share a
        queue must share it, to be sure that nothing is done twice.
    :param threads: how many requests are worked on at once.
    :param poll: seconds between two looks at an empty queue.
    :param claim_ttl: seconds after which the requests of a dead worker come
        back; 60 or more.
    """

    def __init__(self, queue, handler, store=None, threads=4, poll=0.5,
                 claim_ttl=CLAIM_TTL):
        self._queue = queue
        self._call = calling.Calling(handler)
        self._store = memory_store.MemoryStore() if store is None else store
        self._threads = threads
        self._poll = poll
        self._claim_ttl = claim_ttl
        self._stopping = threading.Event()
        self._free = threading.Semaphore(threads)
        self._has_looked = False
        self._replying = replying.Replying(self._stopping)
        self._name = '%s/%d' % (socket.gethostname(), os.getpid())

    def run(self):
        """Serve until ``stop``; what has been begun is finished.

        :raises heat_plugins.worker.errors.SetupError: Zaqar does not let it.
        """
        LOG.info('Serving the queue "%s" with %d threads', self._queue.name,
                 self._threads)
        pause = SHORTEST_PAUSE
        with futures.ThreadPoolExecutor(self._threads) as pool:
            while not self._stopping.is_set():
                self._free.acquire()
                claim, longest = self._claim()
                if claim is None:
                    self._free.release()
                    self._stopping.wait(pause)
                    pause = min(longest, 2 * pause)
                    continue
                pool.submit(self._serve, claim)
                pause = SHORTEST_PAUSE
            LOG.info('No more requests are taken; what has been begun is '
                     'finished')
        LOG.info('The end')

    def stop(self):
        """Take no more requests; may be called by a handler of signals."""
        self._stopping.set()

    def _claim(self):
        """A claim of one request, or None; and the longest pause then.

        One, because the Redis driver hands out claimed messages behind the
        first one that is free.
        """
        if self._stopping.is_set():
            return None, 0
        try:
            self._look_once()
            claim = self._queue.claim(ttl=self._claim_ttl,
                                      grace=self._claim_ttl, limit=1)
        except errors.NotFound as error:
            # So Zaqar answers to guests; a missing queue is only empty.
            raise worker_errors.SetupError(
                'Zaqar does not take the signed URL: it has expired, or is '
                'not for the paths messages and claims with the methods GET, '
                'POST, PATCH and DELETE. %s' % error) from error
        except errors.ZaqarError as error:
            LOG.warning('No requests are to be had: %s', error)
            return None, _LONGEST_PAUSE
        return (None if claim.id is None else claim), self._poll

    def _look_once(self):
        """Find out before the first claim whether messages can be read."""
        if not self._has_looked:
            self._queue.page()
            self._has_looked = True

    def _serve(self, claim):
        """Serve the request of a claim, whatever happens."""
        try:
            for message in claim:
                self._serve_message(claim, message)
        except errors.ZaqarError as error:
            LOG.error('A request is left to come back: %s', error)
        # Another request may fare better.
        except Exception:
            LOG.exception('A request is left to come back')
        finally:
            self._free.release()

    def _serve_message(self, claim, message):
        body = notification.unwrap(message.body)
        try:
            request = requests.Request.from_body(body)
        except contract.ContractError as error:
            self._refuse(message, body, error)
            return
        try:
            answer = self._answer(claim, message, request)
        except stores.Busy:
            LOG.info('The request %s is with another worker',
                     request.request_id)
        except errors.NotFound:
            LOG.info('The request %s was withdrawn', request.request_id)
        else:
            self._finish(message, request.reply, answer)

    def _answer(self, claim, message, request):
        """The body of the reply to a request, worked out or remembered."""
        # Who asks may have withdrawn it in the moment it was claimed.
        self._queue.message(message.id)
        holder = '%s/%s' % (self._name, uuid.uuid4())
        hold = (request.request_id, holder, _HOLD * self._claim_ttl)
        body = self._store.begin(*hold)
        if body is not None:
            LOG.info('The request %s is answered again', request.request_id)
            return body

        def renew():
            self._store.renew(*hold)
            claim.update(ttl=self._claim_ttl, grace=self._claim_ttl)

        def beat(text):
            self._replying.send_once(request.reply, replies.Reply(
                request.request_id, replies.Status.IN_PROGRESS,
                text).to_body())

        with keeping.Keeping(renew, self._claim_ttl, beat,
                             request.heartbeat) as kept:
            body = self._work(request, kept.progress)
            self._store.finish(request.request_id, holder, body)
        return body

    def _work(self, request, tell):
        named = '%s of %s in the stack %s (request %s)' % (
            request.request_type, request.resource_name, request.stack_name,
            request.request_id)
        LOG.info('%s begins', named)
        began = time.monotonic()
        body = self._call(request, tell)
        LOG.info('%s ends after %.3f s: %s', named, time.monotonic() - began,
                 body['status'])
        return body

    def _finish(self, message, reply_to, body):
        try:
            self._replying.send(reply_to, body)
        except errors.ServerError:
            raise
        except errors.Refused as error:
            LOG.error('Nobody can be told of the request %s any more: %s',
                      body['request_id'], error)
        self._queue.delete_messages(message.id)

    def _refuse(self, message, body, error):
        """Answer what is no request, if there is somebody to be told."""
        LOG.error('The message %s is no request: %s', message.id, error)
        try:
            reply_to = requests.ReplyTo(**body['reply'])
            reply = replies.Reply(body['request_id'], replies.Status.FAILED,
                                  'The worker does not understand: %s' %
                                  error).to_body()
        except (KeyError, TypeError, contract.ContractError):
            # It is left where it is, and hidden while it is claimed.
            return
        self._finish(message, reply_to, reply)
