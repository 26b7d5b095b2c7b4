# SPDX-License-Identifier: Apache-2.0
"""What a wait has received so far, and its verdict.

A record is written before the messages in it are deleted, and knows every
key it holds: whatever is read again after a crash changes nothing.
"""
import collections
import dataclasses
import json

from heat_plugins.messages import digests
from heat_plugins.messages import signal as signals
from heat_plugins.messages import tally
from heat_plugins.messages import texts

#: Bytes of signals, as JSON, that are kept unless told otherwise.
LIMIT = 1048576


class Record:
    """The signals received towards a count.

    Signals beyond a limit of size still count, but only digests of their
    keys are kept.

    :param count: successes needed; None if it is never complete.
    :param max_failures: failures that are tolerated; None if all are.
    :param limit: bytes of signals, as JSON, to keep.
    """

    def __init__(self, count, max_failures=0, limit=LIMIT):
        self.count = count
        self.max_failures = max_failures
        self._limit = limit
        self._size = 0
        self._signals = {}
        #: Keys of what was counted and not kept, and how many by status.
        self._cut = digests.Digests()
        self._cut_counts = collections.Counter()
        #: Signals counted, kept or not, by status.
        self._counts = collections.Counter()
        #: Ids of the messages taken since the wait began anew, and before.
        self._taken = digests.Digests()
        self._past = digests.Digests()
        #: What the wait is about: when it changes, it begins anew.
        self.round = None
        #: Why bodies could not be judged, and why messages did not count.
        self.skipped = tally.Tally()
        self.unmatched = tally.Tally()
        #: The reason given with the last sign of life.
        self.progress = ''

    def take(self, verdict):
        """Record one message.

        :param verdict: a ``heat_plugins.messages.criteria.Verdict``.
        :returns: True when the message has had its effect, now or before,
            and may be deleted; False when it is to stay in the queue.
        """
        message, signal = verdict.message, verdict.signal
        if message.id in self._past:
            return True
        if signal is None:
            self._pass_over(verdict)
            return False
        if signal.status == signals.IN_PROGRESS:
            self.progress = signal.reason
            return True
        if self._is_known(signal.key):
            self._taken.add(message.id)
            return True
        if not self._is_wanted(signal):
            return False
        self._taken.add(message.id)
        self._keep(signal)
        return True

    def has_taken(self, message):
        """Whether a message was counted, now or before."""
        return message.id in self._taken or message.id in self._past

    def begin_anew(self, round):
        """Forget all signals, but ignore the messages they came in."""
        self._past.update(self._taken)
        self._taken = digests.Digests()
        self._cut = digests.Digests()
        self._cut_counts.clear()
        self._counts.clear()
        self._signals.clear()
        self._size = 0
        self.round = round

    @property
    def signals(self):
        """Successes and failures that were kept, in their order."""
        return list(self._signals.values())

    @property
    def failures(self):
        """The failures that were kept."""
        return [each for each in self._signals.values()
                if each.status == signals.FAILURE]

    @property
    def received(self):
        """How many successes were counted."""
        return self._counts[signals.SUCCESS]

    @property
    def failed(self):
        """How many failures were counted."""
        return self._counts[signals.FAILURE]

    @property
    def is_complete(self):
        return (self.count is not None and self.received >= self.count and
                not self.is_failed)

    @property
    def is_failed(self):
        """Whether there are more failures than are tolerated."""
        return (self.max_failures is not None and
                self.failed > self.max_failures)

    def summary(self):
        """A line for people: how many of how many, and what was skipped."""
        return ', '.join(filter(None, [self.counted(), self.skips()]))

    def counted(self):
        """A line about what was counted: how many of how many."""
        parts = [self._successes()]
        if self.failed:
            parts.append('%d failed' % self.failed + (
                ', %d tolerated' % self.max_failures
                if self.max_failures else ''))
        if self._cut:
            parts.append('%d counted but not kept, because of the limit of %d '
                         'bytes' % (len(self._cut), self._limit))
        return ', '.join(parts)

    def _successes(self):
        return ('%d received' % self.received if self.count is None else
                '%d of %d received' % (self.received, self.count))

    def skips(self):
        """A line about bodies that were skipped; '' if none were."""
        if not self.skipped.total:
            return ''
        return '%d skipped: %s' % (self.skipped.total, self.skipped)

    def mismatches(self):
        """A line about messages that did not count; '' if there are none."""
        if not self.unmatched.total:
            return ''
        return '%d did not match: %s' % (self.unmatched.total, self.unmatched)

    def to_metadata(self):
        """As a JSON map; ``from_metadata`` takes it back."""
        written = {
            'summary': self.summary(),
            'signals': {key: _entry(each)
                        for key, each in self._signals.items()},
            'taken': str(self._taken),
        }
        optional = {'round': self.round, 'past': str(self._past),
                    'cut': str(self._cut), 'cut_counts': self._cut_counts,
                    'unmatched': self.mismatches()}
        written.update((key, value) for key, value in optional.items()
                       if value)
        return written

    @classmethod
    def from_metadata(cls, metadata, count, max_failures=0, limit=LIMIT):
        """Go on from what ``to_metadata`` wrote; from nothing if empty."""
        written = metadata or {}
        record = cls(count, max_failures, limit)
        for key, entry in written.get('signals', {}).items():
            # whatever the limit is now: it was kept
            record.restore(signals.Signal(key, **entry))
        record._cut = digests.Digests(written.get('cut', ''))
        record._cut_counts.update(written.get('cut_counts', {}))
        record._counts.update(record._cut_counts)
        record._taken = digests.Digests(written.get('taken', ''))
        record._past = digests.Digests(written.get('past', ''))
        record.round = written.get('round')
        return record

    def restore(self, signal):
        """Take a signal that was on record before."""
        self._count(signal)
        self._size += _size(signal)
        self._signals[signal.key] = signal

    def _is_wanted(self, _signal):
        return not (self.is_complete or self.is_failed)

    def _count(self, signal):
        self._counts[signal.status] += 1

    def _pass_over(self, verdict):
        if verdict.skipped:
            self.skipped.add(verdict.skipped)
        else:
            self.unmatched.add(verdict.unmatched)

    def _is_known(self, key):
        return key in self._signals or key in self._cut

    def _keep(self, signal):
        if self._size + _size(signal) <= self._limit:
            self.restore(signal)
        else:
            self._cut_off(signal)

    def _cut_off(self, signal):
        """Count a signal that does not fit."""
        self._count(signal)
        self._cut.add(signal.key)
        self._cut_counts[signal.status] += 1


class Listing(Record):
    """A record in which each signal stays to be seen, but without its body.

    Those beyond the limit have no data either.
    """

    def _keep(self, signal):
        super()._keep(dataclasses.replace(signal, body=None))

    def _cut_off(self, signal):
        reason = '%sdata not kept, because of the limit of %d bytes' % (
            signal.reason and texts.line(signal.reason) + '; ', self._limit)
        self.restore(dataclasses.replace(signal, data=None, reason=reason))


def _size(signal):
    return len(json.dumps([signal.key, _entry(signal)]))


def _entry(signal):
    return {'status': signal.status, 'reason': signal.reason,
            'data': signal.data, 'body': signal.body}
