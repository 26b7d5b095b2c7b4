# SPDX-License-Identifier: Apache-2.0
"""Reading everything that comes to a queue, once.

The one place that watches a queue on behalf of a waiting resource. It reads
by listing, never by claiming: other conditions and consumers see the same
messages. What a listing can hide is met here: pages go on from the last
message seen, and from time to time from the beginning, for messages that
were delayed or behind others that had expired.
"""
import time

from heat_plugins.messages import message
from heat_plugins.zaqar import limits
from heat_plugins.zaqar import queue as queues

#: Messages handed on at once: bounds memory, and is one write of the record.
BATCH = 500
#: A look from the beginning may take this share of the time at most.
_RESCAN_SHARE = 0.1


class Reader:
    """Hands every message of a queue on once.

    :param queue: a ``heat_plugins.zaqar.queue.Queue``.
    :param rescan: seconds between two looks from the beginning.
    """

    def __init__(self, queue, rescan=30, clock=time.monotonic):
        self._queue = queue
        self._rescan = rescan
        self._clock = clock
        self._next_scan = clock()
        self._marker = queues.START
        self._seen = set()

    def read(self):
        """The messages that came since the last call, oldest first.

        At most ``BATCH``; a full batch says that there may be more.

        :rtype: list of heat_plugins.messages.message.Message
        :raises heat_plugins.zaqar.errors.NotFound: the queue is gone.
        """
        if self._clock() < self._next_scan:
            return self._onward()
        began = self._clock()
        self._queue.metadata()
        self._marker = queues.START
        fresh = self._onward()
        if len(fresh) < BATCH:
            fresh += self._behind_gone()
            pause = (self._clock() - began) / _RESCAN_SHARE
            self._next_scan = self._clock() + max(self._rescan, pause)
        return fresh

    def delete(self, messages):
        """Remove messages from the queue; those gone already are fine."""
        self._queue.delete_messages(*(each.id for each in messages))

    def _onward(self):
        """Pages from the marker on, until one is not full."""
        fresh, markers = [], set()
        while len(fresh) < BATCH and self._marker not in markers:
            markers.add(self._marker)
            page = self._queue.page(self._marker)
            fresh += self._unseen(page)
            if page:
                self._marker = page[-1]['id']
            if len(page) < limits.PAGE:
                break
        return fresh

    def _behind_gone(self):
        """What follows messages that have expired but are still counted.

        They make an empty page; without a marker the server skips them.
        """
        page = self._queue.page(marker=None, include_claimed=False)
        fresh = self._unseen(page)
        if not fresh:
            return []
        self._marker = page[-1]['id']
        return fresh + self._onward()

    def _unseen(self, page):
        fresh = [each for each in page if each['id'] not in self._seen]
        self._seen.update(each['id'] for each in fresh)
        return [message.Message.from_wire(each) for each in fresh]
