# SPDX-License-Identifier: Apache-2.0
"""Delivering to a queue."""
import time

from heat_plugins.pipes import posting
from heat_plugins.pipes import targets
from heat_plugins.zaqar import errors

# Seconds between two looks whether the queue is there.
_LOOKED = 10


class ForwardTo:
    """A queue of the same project.

    :param queue: a ``heat_plugins.zaqar.queue.Queue``.
    :param ttl: seconds that messages stay there; None for its default.
    :param ordered: whether none may overtake another that is refused.
    """

    keeps_order = True

    def __init__(self, queue, ttl=None, ordered=False, clock=time.monotonic):
        self._queue = queue
        self._options = {} if ttl is None else {'ttl': ttl}
        self._ordered = ordered
        self._clock = clock
        self._looked = -_LOOKED

    def deliver(self, given):
        """See ``heat_plugins.pipes.targets``."""
        try:
            if not self._is_there():
                return [targets.Failure('there is no queue "%s"' %
                                        self._queue.name)] * len(given)
            refused = self._post([{'body': each.body, **self._options}
                                  for each in given])
        except errors.ZaqarError as error:
            return [targets.Failure(str(error))] * len(given)
        return [targets.Failure(str(refused[index]), is_final=True)
                if index in refused else None for index in range(len(given))]

    def _post(self, messages):
        if self._ordered and len(messages) > 1:
            self._queue.post(messages)
            return {}
        return posting.post(self._queue, messages)

    def _is_there(self):
        """Zaqar would make a queue that is gone, and nobody would read it."""
        if self._clock() - self._looked >= _LOOKED:
            if not self._queue.exists():
                return False
            self._looked = self._clock()
        return True
