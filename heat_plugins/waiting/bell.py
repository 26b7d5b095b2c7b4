# SPDX-License-Identifier: Apache-2.0
"""What rings when something is new on a queue.

Nobody else looks at the queues of waits that are parked. Each queue is looked
at once for all who wait on it, and less often when nothing has come for long.
"""
import dataclasses
import math
import threading
import time

from oslo_log import log as logging

from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

# Seconds between two looks at a queue, before and after so many without
# anything new.
_SOON, _LATER, _QUIET = 1, 15, 300


@dataclasses.dataclass
class Line:
    """A queue that is looked at.

    :ivar reader: a ``heat_plugins.waiting.reader.Reader`` that has read what
        is not new any more.
    :ivar waiting: those who are rung: key → ``gaps`` when it was hung up.
    :ivar rung: the number of the last ring.
    :ivar looked: the moment of the last good look.
    :ivar gaps: seconds in all that nobody could look.
    """
    reader: object
    waiting: dict
    rung: int
    news: float
    due: float
    looked: float
    gaps: float = 0
    is_deaf: bool = False

    def gaps_until(self, now):
        """Seconds in all until now that nobody could look."""
        return self.gaps + (now - self.looked if self.is_deaf else 0)


class Bell:
    """Rings for those who wait on queues.

    :param ring: called with the key of who is to look at its queue.
    """

    def __init__(self, ring, clock=time.monotonic):
        self._ring = ring
        self._clock = clock
        self._lock = threading.Lock()
        self._lines = {}
        self._rings = 0

    def moment(self):
        """Now, as the bell counts: what ``hang`` takes."""
        return self._rings

    def hang(self, key, queue, reader, since):
        """Ring this key when something is new on a queue.

        :param queue: the queue, as project and name.
        :param reader: a ``heat_plugins.waiting.reader.Reader`` that has read
            what is not new.
        :param since: the ``moment`` before it did: what came since is new.
        """
        now = self._clock()
        with self._lock:
            line = self._lines.get(queue)
            if line is None:
                self._rings += 1
                line = self._lines[queue] = Line(
                    reader, {}, self._rings, now, now + _SOON, now)
                is_late = False
            else:
                is_late = line.rung > since
            line.waiting[key] = line.gaps_until(now)
        if is_late:
            self._ring(key)

    def take_down(self, key, queue):
        """Ring it no more.

        :returns: for how many seconds since ``hang`` nobody could look.
        """
        with self._lock:
            line = self._lines.get(queue)
            if line is None or key not in line.waiting:
                return 0
            before = line.waiting.pop(key)
            if not line.waiting:
                del self._lines[queue]
            return line.gaps_until(self._clock()) - before

    def due(self):
        """The queues that are to be looked at now, each given once."""
        now = self._clock()
        with self._lock:
            found = [(queue, line) for queue, line in self._lines.items()
                     if line.due <= now]
            for _queue, line in found:
                line.due = math.inf
        return [queue for queue, _line in found]

    def look(self, queue):
        """Look at a queue, and ring if something is new, or wrong."""
        line = self._lines.get(queue)
        if line is None:
            return
        try:
            is_new = bool(line.reader.read())
        except errors.ZaqarError as error:
            if isinstance(error, errors.PASSING):
                self._put_off(queue, line, error)
            else:
                self._tear_off(queue, line)
        except Exception as error:  # Keystone's, or of the network
            self._put_off(queue, line, error)
        else:
            self._looked(line, is_new)

    def _put_off(self, queue, line, error):
        LOG.warning('A look at the queue %s failed; trying again: %s', queue,
                    error)
        line.is_deaf = True
        line.due = self._clock() + _LATER

    def _tear_off(self, queue, line):
        """Those who wait find out what is wrong, and look by another way."""
        with self._lock:
            self._lines.pop(queue, None)
            self._rings += 1
        self._ring_for(line)

    def _looked(self, line, is_new):
        now = self._clock()
        with self._lock:
            line.gaps, line.looked = line.gaps_until(now), now
            line.is_deaf = False
            if is_new:
                self._rings += 1
                line.rung, line.news = self._rings, now
            line.due = now + (_SOON if now - line.news < _QUIET else _LATER)
        if is_new:
            self._ring_for(line)

    def _ring_for(self, line):
        for key in list(line.waiting):
            self._ring(key)
