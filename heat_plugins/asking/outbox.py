# SPDX-License-Identifier: Apache-2.0
"""Requests on their way to workers: posted, found again, withdrawn."""
import dataclasses
import time

from heat_plugins.waiting import reader as readers
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import limits

# Seconds that a request outlives the time that is waited for its reply.
_LONGER = 60


@dataclasses.dataclass(frozen=True)
class Found:
    """A request that is in a queue.

    :ivar message_id: of the message that holds it.
    :ivar was_claimed: whether a worker has claimed it, and not released it.
        An expired claim is one: the worker may have done a part of it.
    """
    message_id: str
    was_claimed: bool


class Outbox:
    """The queues of workers, as who asks sees them.

    :param queue: gives the ``heat_plugins.zaqar.queue.Queue`` of a name.
    :param rescan: seconds between two looks whether a queue is there.
    :raises heat_plugins.zaqar.errors.ZaqarError: any call may; see there.
    """

    def __init__(self, queue, rescan, clock=time.monotonic):
        self._queue = queue
        self._rescan = rescan
        self._clock = clock
        self._next_look = clock()

    def post(self, name, body, timeout):
        """Post a request to a queue.

        :param timeout: seconds that its reply is waited for.
        """
        low, high = limits.MESSAGE_TTL
        self._queue(name).post([{'body': body, 'ttl': max(low, min(
            high, int(timeout) + _LONGER))}])

    def find(self, name, request_id):
        """The request of this id in a queue: ``Found``, or None.

        None does not mean that it never was there: a worker may have taken
        it, or it has expired.
        """
        queue = self._queue(name)
        try:
            message_id = _message_id(queue, request_id)
            # In Redis and MongoDB a claim leaves its id when it expires.
            return message_id and Found(
                message_id, queue.message(message_id).claim_id is not None)
        except errors.NotFound:
            return None

    def withdraw(self, name, found):
        """Delete a request from its queue, unless it is claimed.

        :returns: False when it is claimed, and stays.
        """
        try:
            self._queue(name).delete_unclaimed(found.message_id)
        except errors.Forbidden:
            return False
        return True

    def unclaimed(self, name):
        """How many requests wait in a queue for a worker."""
        return self._queue(name).stats['free']

    def is_gone(self, name):
        """Whether a queue was deleted; it is looked at now and then only."""
        if self._clock() < self._next_look:
            return False
        self._next_look = self._clock() + self._rescan
        return not self._queue(name).exists()


def _message_id(queue, request_id):
    reader = readers.Reader(queue)
    is_full = True
    while is_full:
        messages = reader.read()
        for each in messages:
            if (isinstance(each.body, dict) and
                    each.body.get('request_id') == request_id):
                return each.id
        is_full = len(messages) >= readers.BATCH
    return None
