# SPDX-License-Identifier: Apache-2.0
"""What is due at which moment, found without looking at all of it."""
import heapq
import itertools
import math

# Moments that do not hold any more, for which it is not worth while to tidy.
_SLACK = 64


class Moments:
    """Keys, each with the moment at which it is due.

    For one thread at a time. The moments are of any one clock.
    """

    def __init__(self):
        self._due = {}
        # A moment that was changed stays here for a while.
        self._heap = []
        self._numbers = itertools.count()

    def set(self, key, moment):
        """Have a key due at a moment, and at no other."""
        self._due[key] = moment
        heapq.heappush(self._heap, (moment, next(self._numbers), key))
        if len(self._heap) > 2 * len(self._due) + _SLACK:
            self._heap = [(moment, next(self._numbers), key)
                          for key, moment in self._due.items()]
            heapq.heapify(self._heap)

    def hasten(self, key, moment):
        """Have a key that is due later due at this moment."""
        if moment < self._due.get(key, -math.inf):
            self.set(key, moment)

    def discard(self, key):
        """Have it due never."""
        self._due.pop(key, None)

    @property
    def next(self):
        """The earliest moment; infinite when nothing is due ever."""
        while self._heap:
            moment, _number, key = self._heap[0]
            if self._due.get(key) == moment:
                return moment
            heapq.heappop(self._heap)
        return math.inf

    def pop(self, now):
        """The key that has been due for longest, which then is no more.

        :returns: None when nothing is due yet.
        """
        if self.next > now:
            return None
        _moment, _number, key = heapq.heappop(self._heap)
        del self._due[key]
        return key
