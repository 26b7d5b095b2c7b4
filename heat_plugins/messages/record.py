# SPDX-License-Identifier: Apache-2.0
"""What a wait has received so far, and its verdict.

A record is written before the messages in it are deleted, and knows every
key it holds: whatever is read again after a crash changes nothing.
"""
from heat_plugins.messages import signal as signals


class Record:
    """The signals received towards a count.

    :param count: successes needed.
    :param received: signals recorded before, in order.
    """

    def __init__(self, count, received=()):
        self.count = count
        self._signals = {each.key: each for each in received}
        #: Bodies that could not be judged, and why the last could not.
        self.skipped = 0
        self.last_skip = ''
        #: The reason given with the last sign of life.
        self.progress = ''

    def take(self, message):
        """Judge and record one message.

        :returns: True when the message has had its effect, now or before,
            and may be deleted; False when it is to stay in the queue,
            because it cannot be judged or the wait is over.
        """
        try:
            signal = signals.Signal.judge(message)
        except signals.CannotJudge as error:
            self.skipped += 1
            self.last_skip = str(error)
            return False
        if signal.status == signals.IN_PROGRESS:
            self.progress = signal.reason
            return True
        if signal.key in self._signals:
            return True
        if self.is_complete or self.failures:
            return False
        self._signals[signal.key] = signal
        return True

    @property
    def signals(self):
        """Successes and failures, in the order they were recorded."""
        return list(self._signals.values())

    @property
    def successes(self):
        return [each for each in self._signals.values()
                if each.status == signals.SUCCESS]

    @property
    def failures(self):
        return [each for each in self._signals.values()
                if each.status == signals.FAILURE]

    @property
    def is_complete(self):
        return len(self.successes) >= self.count

    def summary(self):
        """A line for people: how many of how many, and what was odd."""
        parts = ['%d of %d received' % (len(self.successes), self.count)]
        if self.failures:
            parts.append('%d failed' % len(self.failures))
        if self.skipped:
            parts.append('%d skipped (%s)' % (self.skipped, self.last_skip))
        return ', '.join(parts)

    def to_metadata(self):
        """As a JSON map; ``from_metadata`` takes it back."""
        return {
            'summary': self.summary(),
            'signals': {
                each.key: {'status': each.status, 'reason': each.reason,
                           'data': each.data, 'body': each.body}
                for each in self._signals.values()},
        }

    @classmethod
    def from_metadata(cls, metadata, count):
        """Go on from what ``to_metadata`` wrote; from nothing if empty."""
        written = (metadata or {}).get('signals', {})
        return cls(count, [signals.Signal(key, **entry)
                           for key, entry in written.items()])
