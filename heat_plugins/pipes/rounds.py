# SPDX-License-Identifier: Apache-2.0
"""Turns of many lanes, by a few threads."""
import threading
import time

#: What stands for "at once", before any moment.
_NOW = float('-inf')


class Rounds:
    """Gives lanes their turns, each to one thread at a time.

    :param threads: how many lanes are served at once.
    """

    def __init__(self, threads, clock=time.monotonic):
        self._clock = clock
        self._changed = threading.Condition()
        #: Lane → when its next turn is due.
        self._due = {}
        self._running = set()
        #: Lanes that are to have another turn at once.
        self._hurried = set()
        #: Lane → what is called when its turn is over, as it has gone.
        self._leaving = {}
        self._has_ended = False
        self._threads = [
            threading.Thread(target=self._run, daemon=True,
                             name='heat-zaqar-pipes-%d' % number)
            for number in range(threads)]

    def begin(self):
        """Start the threads."""
        for each in self._threads:
            each.start()

    def end(self):
        """Wait for all turns to end, and give no more."""
        with self._changed:
            self._has_ended = True
            for each in self._due:
                each.end()
            self._changed.notify_all()
        for each in self._threads:
            each.join()

    @property
    def lanes(self):
        """All lanes: a list."""
        with self._changed:
            return list(self._due)

    def add(self, lane):
        """Give a lane turns, from now on."""
        with self._changed:
            self._due[lane] = _NOW
            self._changed.notify()

    def remove(self, lane, then):
        """Give it no more.

        :param then: called when it has no turn any more.
        """
        with self._changed:
            del self._due[lane]
            lane.end()
            if lane in self._running:
                self._leaving[lane] = then
                return
        then()

    def hurry(self, queue_name, is_pushed=None):
        """There is something in the queue of a lane, or soon will be.

        :param is_pushed: whether it is told of what comes from now on; None
            for as before.
        """
        with self._changed:
            for lane in self._due:
                if lane.queue_name == queue_name:
                    lane.rush()
                    if is_pushed is not None:
                        lane.is_pushed = is_pushed
                    self._due[lane] = _NOW
                    self._hurried.add(lane)
            self._changed.notify()

    def _run(self):
        while (lane := self._next()) is not None:
            pause = lane.turn()
            then = self._put_back(lane, pause)
            if then is not None:
                then()

    def _next(self):
        """The lane whose turn it is; None at the end."""
        with self._changed:
            while not self._has_ended:
                waiting = self._due.keys() - self._running
                first = min(waiting, key=self._due.get, default=None)
                pause = None if first is None else (
                    self._due[first] - self._clock())
                if pause is not None and pause <= 0:
                    self._running.add(first)
                    self._hurried.discard(first)
                    return first
                self._changed.wait(pause)
            return None

    def _put_back(self, lane, pause):
        with self._changed:
            self._running.discard(lane)
            if lane in self._due:
                self._due[lane] = (_NOW if lane in self._hurried
                                   else self._clock() + pause)
            self._changed.notify()
            return self._leaving.pop(lane, None)
