# SPDX-License-Identifier: Apache-2.0
"""A queue that is worked off, by one process at a time."""
import math
import time

from oslo_log import log as logging

from heat_plugins.waiting import schedule
from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

# Seconds that a lane is served before others have their turn, and that it is
# kept from other processes when nothing comes any more.
_TURN, _KEPT = 5, 5
# Seconds of the first pause when nothing is there; it grows. Seconds between
# two looks at a queue of which Zaqar pushes what comes; and until a lane that
# another process serves, or that is in trouble, is looked at again.
_SHORTEST, _PUSHED, _TAKEN, _TROUBLE = 0.05, 15, 2, 5


class Lane:
    """Base of the two kinds of lanes: serves one queue, in turns.

    :ivar lease: its ``lease.Lease``.
    :ivar is_pushed: whether Zaqar pushes what comes to its queue.
    :param queue: the ``heat_plugins.zaqar.queue.Queue`` to work off.
    """

    #: Seconds between two looks at a queue to which nothing has come for long.
    longest_pause = 5

    def __init__(self, queue, lease, clock=time.monotonic):
        self._queue = queue
        self._clock = clock
        self._pause = _SHORTEST
        self._since = clock()
        self._is_ending = False
        self.lease = lease
        self.is_pushed = False

    def __str__(self):
        return 'the queue "%s"' % self._queue.name

    @property
    def queue_name(self):
        """The name of the queue that it works off."""
        return self._queue.name

    def rush(self):
        """Something has come, or is about to."""
        self._pause = _SHORTEST

    def end(self):
        """End the turn soon."""
        self._is_ending = True

    def turn(self):
        """Work, for a while.

        :returns: seconds until the next turn.
        """
        try:
            return self._turn()
        except errors.ZaqarError as error:
            LOG.warning('Cannot serve %s; trying again: %s', self, error)
        except Exception:  # the others go on
            LOG.exception('Cannot serve %s; trying again', self)
        return _TROUBLE

    def _turn(self):
        end = self._clock() + _TURN
        while not self._is_ending and self._clock() < end:
            if not self.lease.is_held:
                self._forget()
                if not self._is_something_there():
                    return self._rest()
                if not self.lease.take():
                    return _TAKEN
            if not self._work():
                return self._rest()
            self._pause, self._since = _SHORTEST, self._clock()
        return 0

    def _rest(self):
        """Seconds of the pause; others may have the lane after a while."""
        quiet = self._clock() - self._since
        if quiet >= _KEPT and not self._is_needed():
            self.lease.give_back()
        longest = (_PUSHED if self.is_pushed else
                   schedule.Schedule(self.longest_pause).look(quiet))
        pause, self._pause = self._pause, min(longest, 2 * self._pause)
        return max(0, min(pause, self._next_moment() - self._clock()))

    def _is_something_there(self):
        return bool(self._queue.page(marker=None, include_claimed=False))

    def _work(self):
        """Work off a batch, with the lease held.

        :returns: whether there was anything to do.
        """
        raise NotImplementedError

    def _forget(self):
        """The lease is not held: another process may have worked."""

    def _is_needed(self):
        """Whether the lease is to be kept over the pause."""
        return False

    def _next_moment(self):
        """When something is due, by the clock, however little comes."""
        return math.inf
