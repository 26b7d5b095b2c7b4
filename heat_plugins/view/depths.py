# SPDX-License-Identifier: Apache-2.0
"""How many messages there are in queues."""
import itertools

from heat_plugins.zaqar import errors

#: Stands for the number of a queue that is not there.
GONE = 'gone'
# Queues that are asked at each look: one after the other has its turn.
_MOST = 20


class Depths:
    """Asks for the depths of queues, some at a time.

    :param zaqar: a ``heat_plugins.zaqar.client.Client``.
    """

    def __init__(self, zaqar):
        self._zaqar = zaqar
        self._known = {}
        self._turn = 0

    def look(self, names):
        """Ask anew for some of these queues.

        :param names: list of names.
        :returns: name → number of messages; ``GONE``; None if Zaqar does not
            tell. Those that were not asked yet are not there.
        :raises heat_plugins.zaqar.errors.ZaqarError: Zaqar does not answer,
            or refuses.
        """
        self._known = {each: self._known[each] for each in names
                       if each in self._known}
        asked = itertools.islice(itertools.cycle(names), self._turn,
                                 self._turn + min(_MOST, len(names)))
        for name in asked:
            self._known[name] = self._ask(name)
        self._turn = (self._turn + _MOST) % max(1, len(names))
        return dict(self._known)

    def _ask(self, name):
        queue = self._zaqar.queue(name)
        try:
            total = queue.stats['total']
            # It is 0 of one that is not there, too.
            return total if total or queue.exists() else GONE
        except errors.ServerError:
            # An ended claim that nobody has collected is in its way.
            return None
