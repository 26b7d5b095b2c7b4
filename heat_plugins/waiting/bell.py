# SPDX-License-Identifier: Apache-2.0
"""What rings when something is new on a queue.

Nobody else looks at the queues of waits that are parked. Each queue is looked
at once for all who wait on it, by who has time for it: ``lookers``.
"""
import dataclasses
import random
import threading
import time
import typing

from oslo_log import log as logging

from heat_plugins.waiting import moments
from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

# What a pause is multiplied with at random: queues that were first looked at
# together do not stay together.
_SPREAD = 0.9, 1.1


class Place(typing.NamedTuple):
    """A queue that is looked at, and what for: the class of a sight."""
    project: str
    queue: str
    kind: type


@dataclasses.dataclass(slots=True)
class Line:
    """What is known of a place.

    :ivar sight: a ``heat_plugins.waiting.reader.Position``, or one of
        ``heat_plugins.waiting.sights``.
    :ivar rung: the number of the last ring.
    :ivar news: the moment at which something came last.
    :ivar looked: the moment of the last good look.
    :ivar waiting: those who are rung: key → ``deaf`` when it was hung.
    :ivar failures: how many looks have failed since the last good one.
    :ivar gaps: seconds in all, until that one, that nobody could look.
    """
    sight: object
    rung: int
    news: float
    looked: float
    waiting: dict = dataclasses.field(default_factory=dict)
    failures: int = 0
    gaps: float = 0

    def deaf(self, now):
        """Seconds in all until now that nobody could look."""
        return self.gaps + (now - self.looked if self.failures else 0)


class Bell:
    """Rings for those who wait on queues.

    :param ring: called with the key of who is to look at its queue.
    :param client: gives the ``heat_plugins.zaqar.client.Client`` for a
        project and the key of one who waits there; with ``refused``, a client
        that it gave before, another one than that.
    :param schedule: a ``heat_plugins.waiting.schedule.Schedule``.
    :param spread: gives a number between two.
    """

    def __init__(self, ring, client, schedule, clock=time.monotonic,
                 spread=random.uniform):
        self._ring = ring
        self._client = client
        self._schedule = schedule
        self._clock = clock
        self._spread = spread
        self._lock = threading.Lock()
        self._lines = {}
        #: When a line is looked at next; none that is looked at now.
        self._moments = moments.Moments()
        #: Key → the places where it waits.
        self._places = {}
        self._rings = 0
        self._is_troubled = False

    def moment(self):
        """Now, as the bell counts: what ``hang`` takes."""
        return self._rings

    def hang(self, key, project, sights, since, quiet=0):
        """Ring this key when something is new on a queue, and for no others.

        :param project: the id of the project of the queues.
        :param sights: name of a queue → as ``Line.sight``: what is not new.
        :param since: the ``moment`` before that was found out.
        :param quiet: seconds since something came last.
        """
        with self._lock:
            self._take_down(key)
            places = [Place(project, name, type(sight))
                      for name, sight in sights.items()]
            is_late = [self._hang(key, place, sights[place.queue], since,
                                  self._clock() - quiet) for place in places]
            self._places[key] = places
        if any(is_late):
            self._ring(key)

    def take_down(self, key):
        """Ring it no more.

        :returns: for how many seconds since ``hang`` nobody could look; None
            if nobody did.
        """
        with self._lock:
            return self._take_down(key)

    def rest(self):
        """Seconds until there is something to look at, or may be."""
        with self._lock:
            due = self._moments.next
        return max(0, min(due - self._clock(), self._schedule.look(0)))

    def take(self):
        """The place that is to be looked at next, given to one only.

        :returns: None when nothing is due.
        """
        with self._lock:
            while place := self._moments.pop(self._clock()):
                if self._lines[place].waiting:
                    return place
                # A line outlives the checks of those whom it has rung.
                del self._lines[place]
        return None

    def look(self, place):
        """Look at what ``take`` gave, and ring if something is new, or wrong.
        """
        with self._lock:
            line = self._lines[place]
            key = next(iter(line.waiting), None)
        before = line.sight
        try:
            is_new, sight = ((False, before) if key is None else
                             self._see(place, key, line))
        except errors.ZaqarError as error:
            if isinstance(error, errors.PASSING):
                self._put_off(place, line, error)
            else:
                self._tear_off(place)
        except Exception as error:  # Keystone's, or the database's
            self._put_off(place, line, error)
        else:
            with self._lock:
                now = self._clock()
                line.gaps, line.looked = line.deaf(now), now
                line.failures = 0
                self._is_troubled = False
                # Somebody may have hung there meanwhile who knows better.
                if line.sight is before:
                    line.sight = sight
            self._go_on(place, line, is_new)

    def _hang(self, key, place, sight, since, news):
        """Hang a key at a line, which is made if there is none.

        :returns: whether the line has rung for what the sight does not show.
        """
        now = self._clock()
        line = self._lines.get(place)
        if line is None:
            line = self._lines[place] = Line(sight, 0, news, now)
            self._moments.set(place, now + self._pause(line))
        is_late = bool(line.waiting) and line.rung > since
        if not line.waiting:
            # Who hangs after it, and has looked before, may know less.
            self._rings += 1
            line.sight, line.rung = sight, self._rings
        line.waiting[key] = line.deaf(now)
        if news > line.news:
            line.news = news
            self._moments.hasten(place, now + self._pause(line))
        return is_late

    def _take_down(self, key):
        now = self._clock()
        gaps = []
        for place in self._places.pop(key, ()):
            line = self._lines.get(place)
            # What was torn off was looked at until then.
            gaps.append(0 if line is None or key not in line.waiting else
                        line.deaf(now) - line.waiting.pop(key))
        return max(gaps, default=None)

    def _see(self, place, key, line):
        """Look at a place by the rights of who waits there."""
        client = self._client(place.project, key)
        try:
            return self._see_by(client, place, line)
        except (errors.Unauthorized, errors.Forbidden):
            client = self._client(place.project, key, refused=client)
            return self._see_by(client, place, line)

    def _see_by(self, client, place, line):
        return line.sight.look(
            client.queue(place.queue),
            self._schedule.scan(self._clock() - line.news), self._clock)

    def _go_on(self, place, line, is_new):
        now = self._clock()
        with self._lock:
            rung = ()
            if is_new:
                self._rings += 1
                line.rung, line.news = self._rings, now
                rung = list(line.waiting)
            self._moments.set(place, now + self._pause(line))
        for key in rung:
            self._ring(key)

    def _put_off(self, place, line, error):
        if not self._is_troubled:
            LOG.warning('A look at the queue "%s" of the project %s failed. '
                        'It is tried again, and others are not told of '
                        'before a look succeeds: %s', place.queue,
                        place.project, error)
        with self._lock:
            self._is_troubled = True
            line.failures += 1
            self._moments.set(place, self._clock() + max(
                self._pause(line), self._schedule.after(line.failures)))

    def _tear_off(self, place):
        """Those who wait find out what is wrong, and look by another way."""
        with self._lock:
            rung = self._lines.pop(place).waiting
        for key in rung:
            self._ring(key)

    def _pause(self, line):
        return self._spread(*_SPREAD) * line.sight.pause(
            self._schedule, self._clock() - line.news)
