# SPDX-License-Identifier: Apache-2.0
"""Reading everything that comes to a queue, once.

It reads by listing, never by claiming: other conditions and consumers see
the same messages. What a listing can hide is met here: pages go on from the
last message seen, and from time to time from the beginning, for messages
that were delayed or behind others that had expired.
"""
import time

from heat_plugins.messages import message
from heat_plugins.zaqar import limits
from heat_plugins.zaqar import queue as queues

#: Messages handed on at once, give or take a page: bounds memory, and is one
#: write of the record.
BATCH = 500
#: A look from the beginning may take this share of the time at most.
_RESCAN_SHARE = 0.1


class Reader:
    """Hands every message of a queue on once.

    :param queue: a ``heat_plugins.zaqar.queue.Queue``, or a
        ``heat_plugins.waiting.watch.Watch`` of one.
    :param rescan: seconds between two looks from the beginning.
    """

    def __init__(self, queue, rescan=30, clock=time.monotonic):
        self._queue = queue
        self._rescan = rescan
        self._clock = clock
        self._next_scan = clock()
        self._marker = queues.START
        self._seen = set()
        #: Read but not handed on: an error may come between the two.
        self._fresh = []
        #: Ids passed in the look from the beginning that goes on, if any.
        self._passed = None
        self._spent = 0

    @property
    def name(self):
        """The name of the queue."""
        return self._queue.name

    def read(self):
        """The messages that came since the last call, oldest first.

        At least ``BATCH`` of them say that there may be more.

        :rtype: list of heat_plugins.messages.message.Message
        :raises heat_plugins.zaqar.errors.NotFound: the queue is gone.
        """
        began = self._clock()
        if self._passed is None and began >= self._next_scan:
            self._queue.metadata()
            self._marker, self._passed, self._spent = queues.START, set(), 0
        self._onward()
        if self._passed is not None:
            self._behind_gone()
            self._spent += self._clock() - began
            if len(self._fresh) < BATCH:
                self._passed = None
                self._next_scan = self._scan_after(
                    self._clock() + self._spent / _RESCAN_SHARE)
        fresh, self._fresh = self._fresh, []
        return fresh

    def delete(self, messages):
        """Remove messages from the queue; those gone already are fine."""
        self._queue.delete_messages(*(each.id for each in messages))

    def _scan_after(self, moment):
        """All readers scan at the same moments, so that they can share."""
        return (moment // self._rescan + 1) * self._rescan

    def _onward(self):
        """Pages from the marker on.

        A page that is not full is the last one, as far as can be seen; a
        look from the beginning asks for what may follow it.
        """
        markers = set()
        while len(self._fresh) < BATCH and self._marker not in markers:
            markers.add(self._marker)
            page = self._queue.page(self._marker)
            self._take(page)
            if not page or (len(page) < limits.PAGE and
                            self._passed is None):
                break

    def _behind_gone(self):
        """What follows messages that have expired but are still counted.

        They make an empty page; without a marker the server skips those at
        the beginning.
        """
        if len(self._fresh) >= BATCH:
            return
        page = self._queue.page(marker=None, include_claimed=False)
        if not self._passed.issuperset(each['id'] for each in page):
            self._take(page)
            self._onward()

    def _take(self, page):
        if not page:
            return
        self._marker = page[-1]['id']
        if self._passed is not None:
            self._passed.update(each['id'] for each in page)
        for each in page:
            if each['id'] not in self._seen:
                self._seen.add(each['id'])
                self._fresh.append(message.Message.from_wire(each))
