# SPDX-License-Identifier: Apache-2.0
"""What rings when something is new on a queue.

Nobody else looks at the queues of waits that are parked. Each queue is looked
at once for all who wait on it, by who has time for it: ``lookers``.
"""
import random
import threading
import time

from oslo_log import log as logging

from heat_plugins.waiting import doorbells
from heat_plugins.waiting import lines
from heat_plugins.waiting import moments
from heat_plugins.waiting import reader
from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

# What a pause is multiplied with at random: queues that were first looked at
# together do not stay together.
_SPREAD = 0.9, 1.1
# Seconds that a line outlives the last who waits there: whom it has rung has
# looked, and often waits on.
_KEPT = 5


class Bell:
    """Rings for those who wait on queues.

    :param ring: called with the key of who is to look at its queue.
    :param client: gives the ``heat_plugins.zaqar.client.Client`` for a
        project and the key of one who waits there; with ``refused``, a client
        that it gave before, another one than that.
    :param schedule: a ``heat_plugins.waiting.schedule.Schedule``.
    :param doorbells: makes, from this bell, what listens to its queues: as
        ``heat_plugins.waiting.doorbells.Doorbells``.
    :param spread: gives a number between two.
    """

    def __init__(self, ring, client, schedule,
                 doorbells=doorbells.Silence, clock=time.monotonic,
                 spread=random.uniform):
        self._ring = ring
        self._client = client
        self._schedule = schedule
        self._doorbells = doorbells(self)
        self._clock = clock
        self._spread = spread
        self._lock = threading.Lock()
        self._soon = threading.Condition(self._lock)
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
            places = [lines.Place(project, name, type(sight))
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

    def someone_in(self, project):
        """The key of one who waits in a project; None if nobody does."""
        with self._lock:
            return next((key for key, places in self._places.items()
                         if places and places[0].project == project), None)

    def push_begins(self, project, queue):
        """Zaqar pushes what comes to a queue from now on."""
        self._hasten(project, queue, lines.Line.begin_push)

    def push(self, project, queue, delay=0):
        """Zaqar says that something comes to a queue.

        :param delay: the seconds after which it can be read.
        """
        self._hasten(project, queue, lines.Line.push, delay)

    def push_ends(self, project, queue):
        """Zaqar pushes nothing of a queue any more."""
        self._hasten(project, queue, lines.Line.end_push)

    def rest(self, seconds):
        """Wait until there is something to look at, but not longer."""
        with self._lock:
            due = self._moments.next - self._clock()
            if due > 0:
                self._soon.wait(min(due, seconds))

    def end(self):
        """Let nobody rest any longer, and hear nothing more."""
        with self._lock:
            self._soon.notify_all()
        self._doorbells.end()

    def take(self):
        """The place that is to be looked at next, given to one only.

        :returns: None when nothing is due.
        """
        with self._lock:
            now = self._clock()
            while place := self._moments.pop(now):
                line = self._lines[place]
                if line.waiting:
                    return place
                if now < line.left + _KEPT:
                    self._set(place, line.left + _KEPT)
                else:
                    self._remove(place)
        return None

    def look(self, place):
        """Look at what ``take`` gave, and ring if something is new, or wrong.
        """
        with self._lock:
            line = self._lines[place]
            key = next(iter(line.waiting), None)
            before = line.sight
            sight = None if key is None else line.next_look(self._clock())
        try:
            is_new, sight = ((False, before) if key is None else
                             self._see(place, key, sight, line.news))
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
            line = self._make(place, sight, news)
        is_late = bool(line.waiting) and line.rung > since
        if not line.waiting:
            # Who hangs after it, and has looked before, may know less.
            self._rings += 1
            line.sight, line.rung = sight, self._rings
            self._set(place, now + self._pause(line))
        line.waiting[key] = line.deaf(now)
        if news > line.news:
            line.news = news
            self._set_sooner(place, now + self._pause(line))
        return is_late

    def _make(self, place, sight, news):
        line = self._lines[place] = lines.Line(sight, 0, news, self._clock())
        if (place.kind is reader.Position and self._doorbells.hang(
                place.project, place.queue)):
            line.begin_push(self._clock())
        return line

    def _remove(self, place):
        """Forget a line; return who waited there."""
        if place.kind is reader.Position:
            self._doorbells.take_down(place.project, place.queue)
        return self._lines.pop(place).waiting

    def _hasten(self, project, queue, act, *args):
        """Do something to a line that may have to be looked at sooner."""
        with self._lock:
            now = self._clock()
            place = lines.Place(project, queue, reader.Position)
            line = self._lines.get(place)
            if line is not None:
                act(line, now, *args)
                self._set_sooner(place, now + self._pause(line))

    def _set(self, place, moment):
        self._moments.set(place, moment)
        self._soon.notify()

    def _set_sooner(self, place, moment):
        self._moments.hasten(place, moment)
        self._soon.notify()

    def _take_down(self, key):
        now = self._clock()
        gaps = []
        for place in self._places.pop(key, ()):
            line = self._lines.get(place)
            # What was torn off was looked at until then.
            if line is None or key not in line.waiting:
                gaps.append(0)
                continue
            gaps.append(line.deaf(now) - line.waiting.pop(key))
            if not line.waiting:
                line.left = now
                self._set_sooner(place, now + _KEPT)
        return max(gaps, default=None)

    def _see(self, place, key, sight, news):
        """Look at a place by the rights of who waits there."""
        client = self._client(place.project, key)
        try:
            return self._see_by(client, place, sight, news)
        except (errors.Unauthorized, errors.Forbidden):
            client = self._client(place.project, key, refused=client)
            return self._see_by(client, place, sight, news)

    def _see_by(self, client, place, sight, news):
        return sight.look(
            client.queue(place.queue),
            self._schedule.scan(self._clock() - news), self._clock)

    def _go_on(self, place, line, is_new):
        now = self._clock()
        with self._lock:
            rung = ()
            if is_new:
                self._rings += 1
                line.rung, line.news = self._rings, now
                rung = list(line.waiting)
            self._set(place, now + self._pause(line))
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
            now = self._clock()
            line.fail(now)
            self._set(place, now + max(
                line.asked_every(self._schedule, now),
                self._schedule.after(line.failures)))

    def _tear_off(self, place):
        """Those who wait find out what is wrong, and look by another way."""
        with self._lock:
            rung = self._remove(place)
        for key in rung:
            self._ring(key)

    def _pause(self, line):
        return line.pause(self._schedule, self._clock(),
                          self._spread(*_SPREAD))
