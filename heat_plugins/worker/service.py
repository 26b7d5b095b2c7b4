# SPDX-License-Identifier: Apache-2.0
"""A worker: claims requests from a queue, and has threads serve them."""
from collections import abc
from concurrent import futures
import contextlib
import threading

from oslo_log import log as logging

from heat_plugins.worker import access
from heat_plugins.worker import bell
from heat_plugins.worker import calling
from heat_plugins.worker import delivery
from heat_plugins.worker import errors as worker_errors
from heat_plugins.worker import handler as handlers
from heat_plugins.worker import memory_store
from heat_plugins.worker import replying
from heat_plugins.worker import serving
from heat_plugins.worker import store as stores
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import queue as queues

LOG = logging.getLogger(__name__)

#: Seconds that a claim is good for, unless it is renewed: Zaqar's least.
CLAIM_TTL = 60
# Seconds at most between two looks when Zaqar is in trouble.
_LONGEST_PAUSE = 30


class Worker:
    """Serves the requests in a queue with a handler.

    :param queue: a ``heat_plugins.zaqar.queue.Queue``; see
        ``heat_plugins.worker.access``.
    :param handler: has the methods ``create``, ``update`` and ``delete``.
        They are called from several threads, with a
        ``heat_plugins.worker.task.Task`` each.
    :param store: a ``heat_plugins.worker.store.Store``. Workers that share a
        queue must share it, to be sure that nothing is done twice.
    :param threads: how many requests are worked on at once.
    :param poll: seconds between two looks at an empty queue of which Zaqar
        pushes nothing.
    :param claim_ttl: seconds after which the requests of a dead worker come
        back; 60 or more.
    :param reply_to: URLs of Zaqar, without a version, that replies may go
        to, besides those that the queue's own client knows.
    :param websocket: whether Zaqar is to push what comes to the queue:
        ``auto``, if the service catalog has an endpoint for that and the
        queue is one of a Keystone user; ``on``, with a warning if it has
        none; or ``off``.
    :raises heat_plugins.worker.errors.SetupError: the handler lacks a method.
    :raises ValueError: ``reply_to`` holds something that is not a URL.
    """

    def __init__(self, queue: queues.Queue, handler: handlers.Handler,
                 store: stores.Store | None = None, threads: int = 4,
                 poll: float = 0.5, claim_ttl: int = CLAIM_TTL,
                 reply_to: abc.Iterable[str] = (),
                 websocket: str = 'auto') -> None:
        self._queue = queue
        self._threads = threads
        self._websocket = websocket
        self._bell = bell.Bell(queue.name, poll)
        self._claim_ttl = claim_ttl
        self._stopping = threading.Event()
        self._free = threading.Semaphore(threads)
        self._is_ready = False
        self._sender = replying.Replying(reply_to)
        self._deliveries = delivery.Deliveries(queue, self._sender.send)
        self._serving = serving.Serving(
            queue, calling.Calling(handler),
            memory_store.MemoryStore() if store is None else store,
            self._sender, self._deliveries, claim_ttl)

    def run(self) -> None:
        """Serve until ``stop``; what has been begun is finished.

        :raises heat_plugins.worker.errors.SetupError: Zaqar does not let it,
            or the queue does not exist.
        """
        with (self._deliveries, contextlib.closing(self._bell),
              futures.ThreadPoolExecutor(self._threads) as pool):
            while not self._stopping.is_set():
                self._free.acquire()
                claim, longest = self._claim()
                if claim is None:
                    self._free.release()
                    self._bell.rest(longest)
                    continue
                pool.submit(self._serve, claim)
                self._bell.wake()
            LOG.info('Stopping: no more requests are taken; those in '
                     'progress are finished first')
        LOG.info('The worker has stopped')

    def stop(self) -> None:
        """Take no more requests; may be called by a handler of signals."""
        self._stopping.set()
        self._bell.disturb()

    def _claim(self):
        """A claim of one request, or None; and, in trouble, the longest pause.

        One, because the Redis driver hands out claimed messages behind the
        first one that is free.
        """
        if self._stopping.is_set():
            return None, None
        try:
            self._get_ready()
            claim = self._queue.claim(ttl=self._claim_ttl,
                                      grace=self._claim_ttl, limit=1)
        except errors.NotFound as error:
            # So Zaqar answers to guests; a missing queue is only empty.
            raise worker_errors.SetupError(
                access.REFUSED % error) from error
        except errors.ZaqarError as error:
            LOG.warning('Cannot claim requests; trying again: %s', error)
            return None, _LONGEST_PAUSE
        return (None if claim.id is None else claim), None

    def _get_ready(self):
        """Find out before the first claim whether the queue can be served."""
        if self._is_ready:
            return
        access.check(self._queue)
        self._sender.allow(self._queue.client.endpoints())
        if self._websocket != 'off' and access.is_user_s(self._queue):
            self._bell.listen(self._queue.client, self._websocket == 'on')
        self._is_ready = True
        LOG.info('Serving the queue "%s" (threads: %d)', self._queue.name,
                 self._threads)

    def _serve(self, claim):
        """Serve the request of a claim, whatever happens."""
        try:
            for message in claim:
                self._serving.serve(claim, message)
        except errors.ZaqarError as error:
            LOG.error('A request comes back when its claim expires: %s',
                      error)
        # Another request may fare better.
        except Exception:
            LOG.exception('A request comes back when its claim expires')
        finally:
            self._free.release()
