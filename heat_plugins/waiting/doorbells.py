# SPDX-License-Identifier: Apache-2.0
"""The doorbells of all projects in which somebody waits, one for each."""
import functools
import threading

from heat_plugins.waiting import doorbell

# The share of the time between two looks after which a subscription is made
# anew, which has the queue looked at; and seconds at least.
_RENEWED, _SELDOM = 0.8, 60


class Doorbells:
    """Connects a bell with what Zaqar pushes.

    A connection is made when the first queue of a project is hung up, and
    ends a while after the last one was taken down.

    :param door: makes the ``door`` of a ``doorbell.Doorbell`` from the id of
        a project.
    :param safety: seconds between two looks at a queue that is listened to.
    :param bell: the ``heat_plugins.waiting.bell.Bell`` that is told.
    """

    def __init__(self, door, safety, bell):
        self._door = door
        self._interval = max(_SELDOM, _RENEWED * safety)
        self._bell = bell
        self._lock = threading.Lock()
        self._known = {}
        self._is_over = False

    def hang(self, project, queue):
        """Listen to a queue.

        :returns: whether that was done already.
        """
        with self._lock:
            if self._is_over:
                return False
            known = self._known.get(project)
            if known is None:
                known = self._known[project] = self._make(project)
                known.begin()
            return known.hang(queue)

    def take_down(self, project, queue):
        """Listen to it no more, unless it is hung up again soon."""
        with self._lock:
            known = self._known.get(project)
            if known is not None:
                known.take_down(queue)

    def end(self):
        """Listen to nothing any more, from soon on."""
        with self._lock:
            self._is_over = True
            known, self._known = self._known, {}
        for each in known.values():
            each.stop()

    def _make(self, project):
        return doorbell.Doorbell(
            self._door(project), _Ear(self._bell, project), self._interval,
            functools.partial(self._is_left, project))

    def _is_left(self, project):
        """Forget the doorbell of a project if it has nothing to listen to.

        :returns: whether that is so.
        """
        with self._lock:
            known = self._known.get(project)
            if known is not None and known.is_idle:
                del self._known[project]
            return project not in self._known


class Silence:
    """Stands for ``Doorbells`` where nothing is pushed."""

    def __init__(self, _bell):
        pass

    def hang(self, _project, _queue):
        return False

    def take_down(self, _project, _queue):
        pass

    def end(self):
        pass


class _Ear:
    """A bell, as the doorbell of one project tells it."""

    def __init__(self, bell, project):
        for name in ('push_begins', 'push', 'push_ends'):
            setattr(self, name, functools.partial(getattr(bell, name),
                                                  project))
