# SPDX-License-Identifier: Apache-2.0
"""How long nobody was heard of, as far as anybody could have been."""
import time


class Silence:
    """Begins with a sign of life, and ends with the next one.

    The time from the last good look at a queue to the one after a trouble is
    left out: whoever had something to say could not be heard, or not say it.

    :param limit: seconds that are too long; None if none are.
    """

    def __init__(self, limit, clock=time.monotonic):
        self._limit = limit
        self._clock = clock
        self._began = None
        self._last_look = clock()
        self._is_deaf = False

    def heard(self):
        """A sign of life has come."""
        self._began = self._clock()

    def forget(self):
        """Nobody is expected to be heard of until the next sign of life."""
        self._began = None

    def looked(self):
        """All that came was looked at."""
        now = self._clock()
        if self._is_deaf and self._began is not None:
            self._began = min(now, self._began + now - self._last_look)
        self._last_look = now
        self._is_deaf = False

    def could_not_look(self):
        """There may be what was not looked at."""
        self._is_deaf = True

    @property
    def is_begun(self):
        """Whether anybody was heard of."""
        return self._began is not None

    @property
    def is_too_long(self):
        return (self._limit is not None and self.is_begun and
                not self._is_deaf and
                self._clock() - self._began >= self._limit)
