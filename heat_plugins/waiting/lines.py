# SPDX-License-Identifier: Apache-2.0
"""What a bell knows of the queues, and when it looks at each next."""
import dataclasses
import math
import typing

# Seconds before each of the first looks that follow a push. It comes before
# its message is stored, and that of another may have come with it.
_STEPS = 0, 0.02, 0.05, 0.1, 0.2, 0.4
# Seconds after a push until a look at the whole queue, which finds what those
# have missed; and after anything else that may have hidden a message.
_PUSHED, _SETTLED = 2, 1
# Seconds at least between what was new and a look because of a push.
_APART = 0.3
# How many moments of delayed messages are kept; more are seen later.
_MOST_LATER = 100


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
    :ivar left: the moment at which the last of those went.
    :ivar failures: how many looks have failed since the last good one.
    :ivar gaps: seconds in all, until that one, that nobody could look.
    :ivar is_pushed: whether Zaqar pushes what comes.
    :ivar step: how many looks have followed the last push; None when all of
        the first have.
    :ivar settled: the moment of the next look at the whole queue: what came
        before is stored by then. Infinite if there is nothing to find.
    :ivar later: the moments at which something delayed is to be there.
    """
    sight: object
    rung: int
    news: float
    looked: float
    waiting: dict = dataclasses.field(default_factory=dict)
    left: float = math.inf
    failures: int = 0
    gaps: float = 0
    is_pushed: bool = False
    step: int | None = None
    settled: float = math.inf
    later: list = dataclasses.field(default_factory=list)

    def deaf(self, now):
        """Seconds in all until now that nobody could look."""
        return self.gaps + (now - self.looked if self.failures else 0)

    def begin_push(self, now):
        """Zaqar pushes what comes from now on, not what came before."""
        self.is_pushed = True
        self._settle(now + _SETTLED)

    def end_push(self, now):
        """Zaqar pushes nothing any more; something may have been lost."""
        self.is_pushed = False
        self._settle(now + _SETTLED)

    def push(self, now, delay):
        """Something is there, or will be after so many seconds."""
        if delay:
            if len(self.later) < _MOST_LATER:
                self.later.append(now + delay + _SETTLED)
        else:
            self.step = 0
            self._settle(now + _PUSHED)

    def fail(self, now):
        """A look has failed; what it was to find is to be found later."""
        self.failures += 1
        if self.is_pushed:
            self._settle(now + _SETTLED)

    def next_look(self, now):
        """The sight of the look that begins now, which counts as a step."""
        is_whole = min(self.settled, *self.later, math.inf) <= now
        if self.step is not None:
            self.step = self.step + 1 if self.step + 1 < len(_STEPS) else None
        self.later = [each for each in self.later if each > now]
        if self.settled <= now:
            self.settled = math.inf
        return self.sight.whole() if is_whole else self.sight

    def pause(self, schedule, now, spread=1):
        """Seconds until the next look.

        :param schedule: a ``heat_plugins.waiting.schedule.Schedule``.
        :param spread: a factor for what is not due at a certain moment.
        """
        pause = spread * (schedule.safety if self.is_pushed else
                          self.asked_every(schedule, now))
        if self.step is not None:
            pause = min(pause, max(_STEPS[self.step],
                                   self.news + _APART - now))
        return min(pause, max(0, min(self.settled, *self.later, math.inf) -
                              now))

    def asked_every(self, schedule, now):
        """Seconds between two looks where nothing is pushed."""
        return self.sight.pause(schedule, now - self.news)

    def _settle(self, moment):
        """Look at the whole queue at a moment, or at a later one that is set.

        A look before it does not stand for it.
        """
        self.settled = (moment if self.settled == math.inf
                        else max(moment, self.settled))
