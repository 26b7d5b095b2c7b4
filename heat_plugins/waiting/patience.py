# SPDX-License-Identifier: Apache-2.0
"""How long a wait may take, and how long nobody may be silent in it.

What is known of that can be stored, and gone on with in another process: its
moments are of the wall clock, in seconds since the epoch.
"""
import time

# The longer it has taken, the less a moment more matters: the share of the
# time so far, and the most, that passes between two looks, in seconds.
_SHARE = 0.05
_LONGEST = 5


class OutOfPatience(Exception):
    """Base of what ends a wait by the clock."""


class TimedOut(OutOfPatience):
    """Not all came in time."""


class NoHeartbeat(OutOfPatience):
    """No sign of life came for too long."""


class Patience:
    """Begins now, or goes on with what was kept of it.

    A silence begins with a sign of life, and ends with the next one. The time
    from the last good look at a queue to the one after a trouble is left out:
    whoever had something to say could not be heard, or could not say it.

    :ivar trouble: why the last look failed; '' if it did not.
    :param timeout: seconds in all, from the beginning.
    :param heartbeat: seconds that nobody may be silent; None for no limit.
    :param kept: what ``to_map`` gave; None for a beginning.
    :param gaps: for how many seconds since then nobody could look; None if
        nobody did look.
    """

    def __init__(self, timeout, heartbeat=None, kept=None, clock=time.time,
                 gaps=None):
        self.timeout = timeout
        self.heartbeat = heartbeat
        self.trouble = ''
        self._clock = clock
        now = clock()
        kept = kept or {}
        self._began = kept.get('began', now)
        self._last_life = kept.get('last_life')
        # Somebody was heard, or is to be heard from this moment on.
        self._last_turn = kept.get('last_turn', self._began)
        self._last_look = kept.get('last_look', now)
        #: Whether there may be what was not looked at.
        self.is_deaf = bool(kept)
        if kept and gaps is not None:
            # Others looked, but for this long.
            self._last_look = now - gaps

    def to_map(self):
        """What is known, as JSON has it."""
        return {'began': self._began, 'last_life': self._last_life,
                'last_turn': self._last_turn, 'last_look': self._last_look}

    def heard(self, age=0):
        """A sign of life has come, perhaps one that is known.

        :param age: seconds since it was given.
        """
        given = self._clock() - age
        self._last_life = (given if self._last_life is None
                           else max(given, self._last_life))
        self._last_turn = max(given, self._last_turn)

    def forget(self):
        """Nobody is expected to be heard of until the next sign of life."""
        self._last_life = None
        self._last_turn = self._clock()

    def looked(self):
        """All that came was looked at."""
        now = self._clock()
        if self.is_deaf and self._last_life is not None:
            self._last_life = min(
                now, self._last_life + now - self._last_look)
        self._last_look = now
        self.is_deaf = False
        self.trouble = ''

    def could_not_look(self, trouble=''):
        """There may be what was not looked at.

        :param trouble: what the reason was, an error or a text.
        """
        self.is_deaf = True
        self.trouble = str(trouble)

    @property
    def end(self):
        """The moment at which the time is up."""
        return self._began + self.timeout

    @property
    def due(self):
        """The moment at which something is over, whatever comes."""
        moments = [self.end]
        if self.heartbeat is not None and self.is_begun:
            moments.append(self._last_life + self.heartbeat)
        return min(moments)

    @property
    def is_begun(self):
        """Whether anybody was heard of."""
        return self._last_life is not None

    @property
    def is_over(self):
        """Whether the time is up."""
        return self._elapsed >= self.timeout

    @property
    def is_silent(self):
        """Whether nobody was heard of for too long."""
        return (self.heartbeat is not None and self.is_begun and
                not self.is_deaf and
                self._clock() - self._last_life >= self.heartbeat)

    @property
    def pause(self):
        """Whole seconds until it is worth while to look again."""
        return max(0, min(_LONGEST, int(self._elapsed * _SHARE)))

    @property
    def _elapsed(self):
        return self._clock() - self._began
