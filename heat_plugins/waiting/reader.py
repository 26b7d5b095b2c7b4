# SPDX-License-Identifier: Apache-2.0
"""Reading everything that comes to a queue, once.

It reads by listing, never by claiming: other conditions and consumers see
the same messages. What a listing can hide is met here: pages go on from the
last message seen, and from time to time from the beginning, for messages
that were delayed or behind others that had expired.
"""
import array
import dataclasses
import math
import time
import zlib

from heat_plugins.messages import message
from heat_plugins.zaqar import limits
from heat_plugins.zaqar import queue as queues

#: Messages handed on at once, give or take a page: bounds memory, and is one
#: write of the record.
BATCH = 500
#: A look from the beginning may take this share of the time at most.
_RESCAN_SHARE = 0.1


@dataclasses.dataclass(frozen=True, slots=True)
class Position:
    """How far a queue was read, in this process: all that is kept meanwhile.

    :ivar marker: the id of the last message seen.
    :ivar seen: a hash of 64 bits of the id of each message seen.
    :ivar next_scan: the moment of the next look from the beginning, by the
        clock of the reader.
    """
    marker: str = queues.START
    seen: array.array = dataclasses.field(
        default_factory=lambda: array.array('q'))
    next_scan: float = -math.inf

    def pause(self, schedule, quiet):
        """Seconds until the next look.

        :param schedule: a ``heat_plugins.waiting.schedule.Schedule``.
        :param quiet: seconds without anything new.
        """
        return schedule.look(quiet)

    def whole(self):
        """The same, with the next look from the beginning."""
        return dataclasses.replace(self, next_scan=-math.inf)

    def look(self, queue, rescan, clock=time.monotonic):
        """Whether something is new.

        :param rescan: as for ``Reader``.
        :returns: that, and the ``Position`` after it.
        :raises heat_plugins.zaqar.errors.ZaqarError: any error; the position
            to go on from is this one.
        """
        reader = Reader(queue, rescan, clock, self)
        return bool(reader.read()), reader.position()


class Reader:
    """Hands every message of a queue on once.

    :param queue: a ``heat_plugins.zaqar.queue.Queue``, or a
        ``heat_plugins.waiting.watch.Watch`` of one.
    :param rescan: seconds between two looks from the beginning.
    :param position: the ``Position`` to go on from.
    """

    def __init__(self, queue, rescan=30, clock=time.monotonic,
                 position=Position()):
        self._queue = queue
        self._rescan = rescan
        self._clock = clock
        self._next_scan = position.next_scan
        self._marker = position.marker
        self._seen = set(position.seen)
        #: Read but not handed on: an error may come between the two.
        self._fresh = []
        #: Ids passed in the look from the beginning that goes on, if any.
        self._passed = None
        self._spent = 0
        #: What is seen, less what had gone at the last that came to an end.
        self._present = set(self._seen)

    @property
    def name(self):
        """The name of the queue."""
        return self._queue.name

    def position(self):
        """How far it has read: a ``Position``.

        What it has read and not handed on is not behind that.
        """
        if self._fresh:
            return Position()
        return Position(
            self._marker, array.array('q', self._present),
            self._next_scan if self._passed is None else -math.inf)

    def sights(self):
        """What to look for from there on: name of the queue → position."""
        return {self.name: self.position()}

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
                self._present, self._passed = self._passed, None
                self._next_scan = self._scan_after(
                    self._clock() + self._spent / _RESCAN_SHARE)
        fresh, self._fresh = self._fresh, []
        return fresh

    def delete(self, messages):
        """Remove messages from the queue; those gone already are fine."""
        self._queue.delete_messages(*(each.id for each in messages))

    def _scan_after(self, moment):
        """All readers of a queue scan at the same moments, and can share.

        Those of another queue do it at others: Zaqar has work all the time.
        """
        since = zlib.crc32(self.name.encode()) % self._rescan
        return ((moment - since) // self._rescan + 1) * self._rescan + since

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
        if not self._passed.issuperset(hash(each['id']) for each in page):
            self._take(page)
            self._onward()

    def _take(self, page):
        if not page:
            return
        self._marker = page[-1]['id']
        for each in page:
            known = hash(each['id'])
            self._present.add(known)
            if self._passed is not None:
                self._passed.add(known)
            if known not in self._seen:
                self._seen.add(known)
                self._fresh.append(
                    message.Message.from_wire(each, self.name))
