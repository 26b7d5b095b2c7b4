# SPDX-License-Identifier: Apache-2.0
"""What a wait has received that needs messages from each of several queues.
"""
import collections

from heat_plugins.messages import record
from heat_plugins.messages import signal as signals
from heat_plugins.messages import texts

# Characters of the account of each queue.
_LENGTH = 1000


class Shares(record.Record):
    """The signals received towards a count for each queue.

    Their keys are ``QUEUE/KEY``. What a queue has more than its count stays
    there.

    :param counts: name of a queue → successes needed from there.
    :param max_failures: as for ``record.Record``, from all together.
    """

    def __init__(self, counts, max_failures=0, limit=record.LIMIT):
        super().__init__(sum(counts.values()), max_failures, limit)
        self._needed = counts
        self._of = collections.Counter()
        #: How many of those were counted and not kept.
        self._cut_of = collections.Counter()

    @property
    def is_complete(self):
        return not self.is_failed and all(map(self._has_enough,
                                              self._needed))

    def begin_anew(self, round):
        super().begin_anew(round)
        self._of.clear()
        self._cut_of.clear()

    def to_metadata(self):
        written = super().to_metadata()
        if self._cut_of:
            written['cut_of'] = self._cut_of
        return written

    @classmethod
    def from_metadata(cls, metadata, *args, **kwargs):
        found = super().from_metadata(metadata, *args, **kwargs)
        found._cut_of.update((metadata or {}).get('cut_of', {}))
        found._of.update(found._cut_of)
        return found

    def _has_enough(self, queue):
        return self._of[queue] >= self._needed[queue]

    def _is_wanted(self, signal):
        return super()._is_wanted(signal) and (
            signal.status == signals.FAILURE or
            not self._has_enough(_queue(signal)))

    def _count(self, signal):
        super()._count(signal)
        if signal.status == signals.SUCCESS:
            self._of[_queue(signal)] += 1

    def _cut_off(self, signal):
        super()._cut_off(signal)
        if signal.status == signals.SUCCESS:
            self._cut_of[_queue(signal)] += 1

    def _successes(self):
        return texts.line('%s (%s)' % (super()._successes(), ', '.join(
            '%s: %d of %d' % (queue, self._of[queue], count)
            for queue, count in self._needed.items())), _LENGTH)


def _queue(signal):
    return signal.key.partition('/')[0]
