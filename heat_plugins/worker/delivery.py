# SPDX-License-Identifier: Apache-2.0
"""Delivering replies, until Zaqar takes them or they have expired.

The thread that has worked out a reply tries once. What Zaqar, or a proxy
before it, is not fit to take is tried again by one thread of its own, so that
the others go on with the next requests.
"""
import contextlib
import dataclasses
import datetime
import sched
import threading
import typing

from oslo_log import log as logging

from heat_plugins.custom import request
from heat_plugins.messages import texts
from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

#: Undelivered replies that are tried again. The requests of others come back
#: when their claims expire, and are answered from the store.
MOST = 100
# Seconds before the first try again, and at most between two later ones: less
# than a claim lasts, which each try renews.
_SHORTEST_PAUSE = 0.2
_LONGEST_PAUSE = 20


@dataclasses.dataclass(frozen=True)
class Delivery:
    """A reply on its way.

    :ivar message_id: of the request, which is deleted when it has arrived.
    :ivar reply_to: where the reply goes.
    :ivar body: of the reply, a map.
    :ivar keep: called to renew the claim on the request.
    """
    message_id: str
    reply_to: request.ReplyTo
    body: dict
    keep: typing.Callable

    @property
    def has_expired(self):
        return datetime.datetime.now(datetime.UTC) >= self.reply_to.until

    @property
    def named(self):
        return texts.line(self.body['request_id'])


class Deliveries:
    """Delivers replies; tries again within its ``with`` block.

    A reply may well arrive twice.

    :param queue: the ``heat_plugins.zaqar.queue.Queue`` of the requests.
    :param send: called with a ``ReplyTo`` and a body.
    """

    def __init__(self, queue, send):
        self._queue = queue
        self._send = send
        self._again = sched.scheduler()
        self._message_ids = set()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._done.set()
        self._thread.join()
        if self._message_ids:
            LOG.warning('Replies that could not be delivered: %d. Their '
                        'requests come back to the next worker, which '
                        'answers them from its store.',
                        len(self._message_ids))

    def deliver(self, delivery):
        """Send a reply and delete its request, now or a little later.

        :raises heat_plugins.zaqar.errors.ZaqarError: it was not sent, and is
            not tried again.
        """
        if delivery.message_id in self._message_ids:
            return  # It has come back before its reply was taken.
        try:
            self._try(delivery)
        except errors.PASSING as error:
            if len(self._message_ids) >= MOST:
                raise
            LOG.warning('The reply to the request %s will be sent again '
                        'later: %s',
                        delivery.named, error)
            self._later(delivery, _SHORTEST_PAUSE)

    def _try(self, delivery):
        try:
            self._send(delivery.reply_to, delivery.body)
        except errors.ServerError:
            raise
        except errors.Refused as error:
            LOG.error('Zaqar refused the reply to the request %s, which is '
                      'given up: %s', delivery.named, error)
        self._queue.delete_messages(delivery.message_id)

    def _later(self, delivery, pause):
        self._message_ids.add(delivery.message_id)
        self._again.enter(pause, 0, self._try_again, (delivery, pause))

    def _try_again(self, delivery, pause):
        if self._done.is_set():
            return
        self._message_ids.discard(delivery.message_id)
        with contextlib.suppress(errors.ZaqarError):
            delivery.keep()
        try:
            self._try(delivery)
        except errors.PASSING as error:
            if delivery.has_expired:
                self._give_up(delivery, error)
            else:
                self._later(delivery, min(2 * pause, _LONGEST_PAUSE))
        except errors.ZaqarError as error:
            LOG.error('The request %s comes back when its claim expires: %s',
                      delivery.named, error)

    def _give_up(self, delivery, error):
        LOG.error('The reply to the request %s could not be delivered before '
                  'its URL expired, and is given up: %s', delivery.named,
                  error)
        try:
            self._queue.delete_messages(delivery.message_id)
        except errors.ZaqarError as problem:
            LOG.error('The request %s comes back when its claim expires: %s',
                      delivery.named, problem)

    def _run(self):
        while not self._done.wait(_SHORTEST_PAUSE):
            try:
                self._again.run(blocking=False)
            # The other replies may fare better.
            except Exception:
                LOG.exception('A request comes back when its claim expires')
