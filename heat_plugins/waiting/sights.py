# SPDX-License-Identifier: Apache-2.0
"""What a queue is looked at for, beside what is new on it.

That is for ``heat_plugins.waiting.reader.Position``, whose methods these are.
"""


class Presence:
    """Nothing is new as long as the queue is there."""

    def pause(self, schedule, quiet):
        return schedule.scan(quiet)

    def look(self, queue, _rescan, _clock):
        queue.metadata()
        return False, self
