# SPDX-License-Identifier: Apache-2.0
"""One wait: messages are read, recorded, then deleted - in this order.

So a crash at any point loses nothing, and what is read again after it is
known by its key and counts once. Nobody waits for a claim to run out.
"""
import contextlib
import time

from oslo_log import log as logging

from heat_plugins.waiting import reader as readers
from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

# Seconds after which a poll ends although there may be more to read: Heat
# looks for a cancellation in between.
_SLICE = 1


class WaitFailed(Exception):
    """A sender reported a failure."""


class WaitTimedOut(Exception):
    """Too few messages came in time."""


class NoHeartbeat(Exception):
    """No sign of life came for too long."""


class Wait:
    """Waits until a record is complete.

    :param reader: a ``heat_plugins.waiting.reader.Reader``.
    :param criteria: a ``heat_plugins.messages.criteria.Criteria``.
    :param record: a ``heat_plugins.messages.record.Record`` to go on from.
    :param save: called with the record when it has changed, before anything
        is deleted; what it raises ends the wait.
    :param report: called with a line of progress for people.
    :param consume: whether what was recorded is deleted from the queue.
    :param timeout: seconds from now.
    :param heartbeat: seconds that may pass without a message that counts or
        a sign of life; None for no such limit.
    """

    def __init__(self, reader, criteria, record, save, report, consume,
                 timeout, heartbeat=None, clock=time.monotonic):
        self.record = record
        self._reader = reader
        self._criteria = criteria
        self._save = save
        self._report = report
        self._consume = consume
        self._timeout = timeout
        self._heartbeat = heartbeat
        self._clock = clock
        self._began = self._last_life = clock()
        #: Messages that did not count, when that was last reported.
        self._told_unmatched = 0
        self._undeleted = []
        # A crash may have come between the last save and its deletion.
        self._has_leftovers = bool(consume and self._is_decided)
        self._trouble = None

    def poll(self):
        """Take what is new and say whether the wait is over.

        :returns: True when the count is reached and all is tidied up.
        :raises WaitFailed: more failures than tolerated are on record.
        :raises WaitTimedOut: the time is up.
        :raises NoHeartbeat: no sign of life came for too long.
        :raises heat_plugins.zaqar.errors.ZaqarError: an error that waiting
            does not mend: the queue is gone, the project has no access.
        """
        try:
            if self._is_decided and self._has_leftovers:
                self._take_leftovers()
            self._delete()
            self._take_batches()
            self._trouble = None
        except errors.PASSING as error:
            LOG.warning('Waiting goes on: %s', error)
            self._trouble = error
        return self._verdict()

    def read_on(self, reader):
        """Go on with another reader of the queue, from its beginning."""
        self._reader = reader

    @property
    def _is_decided(self):
        return self.record.is_complete or self.record.is_failed

    def _take_batches(self):
        """Take batch after batch while they are full, for about a second."""
        began = self._clock()
        is_full = True
        while (is_full and not self._is_decided and
               self._clock() - began < _SLICE):
            messages = self._reader.read()
            is_full = len(messages) >= readers.BATCH
            self._take(messages)
            self._delete()

    def _take(self, messages):
        before = self._state()
        progress = self.record.progress
        done = [verdict.message for verdict in self._criteria.judge(messages)
                if self.record.take(verdict)]
        if done:
            self._last_life = self._clock()
        if self._state() != before:
            self._save(self.record)
            self._report(self.record.summary())
        if self.record.progress != progress:
            self._report('in progress: %s' % self.record.progress)
        self._report_unmatched()
        if self._consume:
            self._undeleted += done

    def _state(self):
        record = self.record
        return record.received, record.failed, record.skipped

    def _report_unmatched(self):
        """Tell of messages that do not count when they have doubled."""
        unmatched = self.record.unmatched.total()
        if unmatched and unmatched >= 2 * self._told_unmatched:
            self._told_unmatched = unmatched
            self._report(self.record.mismatches())

    def _take_leftovers(self):
        """What is on record, but in the queue still: it must not count anew.

        What is decided stays so, whatever became of the queue.
        """
        with contextlib.suppress(errors.NotFound):
            self._undeleted = [
                verdict.message
                for verdict in self._criteria.judge(self._reader.read())
                if self.record.take(verdict)]
        self._has_leftovers = False

    def _delete(self):
        if self._undeleted:
            self._reader.delete(self._undeleted)
            self._undeleted = []

    def _verdict(self):
        late = self._clock() - self._began >= self._timeout
        if (self._undeleted or self._has_leftovers) and not late:
            return False
        if self.record.is_failed:
            raise WaitFailed(self._failure())
        if self.record.is_complete:
            return True
        if late:
            raise WaitTimedOut(self._story('%s after %g seconds' % (
                self.record.summary(), self._timeout)))
        if self._heartbeat is not None and (
                self._clock() - self._last_life >= self._heartbeat):
            raise NoHeartbeat(self._story(
                'no sign of life for %g seconds; %s' % (
                    self._heartbeat, self.record.summary())))
        return False

    def _failure(self):
        return '%s: %s' % (self.record.summary(), '; '.join(
            '%s (id %s)' % (each.reason or 'no reason given', each.key)
            for each in self.record.failures))

    def _story(self, beginning):
        """All that helps to find out why too little came."""
        story = [beginning]
        keys = [each.key for each in self.record.signals]
        if keys:
            story.append('received from: %s' % ', '.join(keys[:20]) +
                         (' and %d more' % (len(keys) - 20)
                          if len(keys) > 20 else ''))
        if self.record.unmatched:
            story.append(self.record.mismatches())
        if self.record.progress:
            story.append('last in progress: %s' % self.record.progress)
        if self._trouble:
            story.append('the last look at the queue failed: %s' %
                         self._trouble)
        return '; '.join(story)
