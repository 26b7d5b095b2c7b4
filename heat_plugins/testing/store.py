# SPDX-License-Identifier: Apache-2.0
"""The state: queues with their messages, claims and subscriptions.

Laid out as Zaqar's Redis driver does it, because its oddities follow from
that: whether a queue exists, which messages it lists, which claims it has
and which subscriptions are four things, and a message is found by its id
whatever queue it is in.
"""
import threading
import time

from heat_plugins.testing import messages
from heat_plugins.testing import subscriptions


class Store:
    """All state of one server.

    :param clock: gives the seconds since the epoch.
    :ivar lock: held by whoever reads or changes the state.
    """

    def __init__(self, clock=time.time):
        self.clock = clock
        self.lock = threading.RLock()
        self._queues = {}
        self.messages = messages.Messages(self.now, self.metadata)
        self.subscriptions = subscriptions.Subscriptions(self.now)

    def now(self):
        """The time in whole seconds, as Zaqar counts."""
        return int(self.clock())

    def names(self, project):
        """Names of a project's queues, as Redis sorts them."""
        return sorted(name for owner, name in self._queues
                      if owner == project)

    def metadata(self, key):
        """A queue's metadata, by (project, name); None without a queue."""
        return self._queues.get(key)

    def create(self, key, metadata):
        """Make a queue.

        :returns: False when there is one: it is then unchanged.
        """
        if key in self._queues:
            return False
        self._queues[key] = metadata
        return True

    def replace(self, key, metadata):
        """Give a queue new metadata."""
        self._queues[key] = metadata

    def delete(self, key):
        """Delete a queue with its messages. Its subscriptions stay."""
        self._queues.pop(key, None)
        self.messages.clear(key)
