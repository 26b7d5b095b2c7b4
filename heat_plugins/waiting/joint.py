# SPDX-License-Identifier: Apache-2.0
"""Several queues read as one."""
from heat_plugins.waiting import reader


class Joint:
    """Hands every message of some queues on once, as ``reader.Reader`` does.

    :param readers: a ``reader.Reader`` of each.
    """

    def __init__(self, readers):
        self._readers = list(readers)
        #: Read but not handed on: another queue may give an error then.
        self._fresh = []

    def sights(self):
        """What to look for from there on: name of a queue → position."""
        return {each.name: reader.Position() if self._fresh else
                each.position() for each in self._readers}

    def read(self):
        """The messages that came since the last call.

        At least ``reader.BATCH`` of them say that there may be more.

        :raises heat_plugins.zaqar.errors.NotFound: a queue is gone.
        """
        for each in self._readers:
            self._fresh += each.read()
        fresh, self._fresh = self._fresh, []
        return fresh

    def delete(self, messages):
        """Remove messages from their queues; those gone already are fine."""
        for each in self._readers:
            theirs = [one for one in messages if one.queue == each.name]
            if theirs:
                each.delete(theirs)
