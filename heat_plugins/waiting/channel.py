# SPDX-License-Identifier: Apache-2.0
"""The way to workers and back: their queue, and a mailbox for the replies."""
import dataclasses
import functools

from heat_plugins.waiting import reader as readers
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import limits

# Seconds that a request outlives the time that is waited for its reply.
_LONGER = 60


@dataclasses.dataclass(frozen=True)
class Found:
    """A request that is in the queue.

    :ivar message_id: of the message that holds it.
    :ivar was_claimed: whether a worker has claimed it, and not released it.
        An expired claim is one: the worker may have done a part of it.
    """
    message_id: str
    was_claimed: bool


class Channel:
    """Requests go by the queue of their workers, replies by a mailbox.

    :param queue: gives the ``heat_plugins.zaqar.queue.Queue`` of a name.
    :ivar mailbox: the ``heat_plugins.zaqar.mailbox.Mailbox``.
    :param rescan: as for ``heat_plugins.waiting.reader.Reader``.
    :raises heat_plugins.zaqar.errors.ZaqarError: any call may; see there.
    """

    def __init__(self, queue, mailbox, rescan):
        self._queue = queue
        self.mailbox = mailbox
        self._rescan = rescan

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
        try:
            message_id = self._message_id(self._queue(name), request_id)
            # In Redis and MongoDB a claim leaves its id when it expires.
            return message_id and Found(
                message_id,
                self._queue(name).message(message_id).claim_id is not None)
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

    def read(self):
        """The messages that came to the mailbox since the last call.

        :raises heat_plugins.zaqar.errors.NotFound: the mailbox is gone.
        """
        return self._reader.read()

    def delete(self, messages):
        """Remove messages from the mailbox; those gone already are fine."""
        self._reader.delete(messages)

    @functools.cached_property
    def _reader(self):
        return readers.Reader(self.mailbox.queue, self._rescan)

    @staticmethod
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
