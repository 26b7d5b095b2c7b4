# SPDX-License-Identifier: Apache-2.0
"""One wait: messages are read, recorded, then deleted - in this order.

So a crash at any point loses nothing, and what is read again after it is
known by its key and counts once. Nobody waits for a claim to run out.
"""
import contextlib
import time

from oslo_log import log as logging

from heat_plugins import figures
from heat_plugins.messages import texts
from heat_plugins.waiting import patience as patiences
from heat_plugins.waiting import progress as progresses
from heat_plugins.waiting import reader as readers
from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

# Seconds after which a poll ends although there may be more to read or to
# judge: Heat looks for a cancellation in between.
_SLICE = 1


class WaitFailed(Exception):
    """A sender reported a failure."""


class Wait:
    """Waits until a record is complete.

    :param reader: a ``heat_plugins.waiting.reader.Reader``, or a
        ``heat_plugins.waiting.joint.Joint`` of several.
    :param criteria: a ``heat_plugins.messages.criteria.Criteria``.
    :param record: a ``heat_plugins.messages.record.Record`` to go on from.
    :param save: called with the record when it has changed, before anything
        is deleted; what it raises ends the wait.
    :param progress: a ``heat_plugins.waiting.progress.Progress``.
    :param consumed: the names of the queues from which what was recorded is
        deleted.
    :param patience: a ``heat_plugins.waiting.patience.Patience``; each
        message that counts is a sign of life, and so is the beginning.
    """

    #: Seconds until it is worth while to look again: none, however long it
    #: has taken, as there is one look for all who wait on a queue.
    pause = 0

    def __init__(self, reader, criteria, record, save, progress, consumed,
                 patience, clock=time.monotonic):
        self.record = record
        self._reader = reader
        self._criteria = criteria
        self._save = save
        self.progress = progress
        self._consumed = frozenset(consumed)
        self.patience = patience
        if not patience.is_begun:
            patience.heard()
        self._clock = clock
        self._slice_end = clock()
        self._unjudged = []
        self._undeleted = []
        # A crash may have come between the last save and its deletion.
        self._has_leftovers = bool(consumed and self._is_decided)

    def poll(self):
        """Take what is new and say whether the wait is over.

        :returns: True when the count is reached and all is tidied up.
        :raises WaitFailed: more failures than tolerated are on record.
        :raises heat_plugins.waiting.patience.TimedOut: the time is up.
        :raises heat_plugins.waiting.patience.NoHeartbeat: no sign of life
            came for too long.
        :raises heat_plugins.zaqar.errors.ZaqarError: an error that waiting
            does not mend: the queue is gone, the project has no access.
        """
        return self.progress.follow(self._step)

    def account(self):
        """What came so far, and what else helps to find out why."""
        return self._account(self.record.counted())

    def sights(self):
        """What to look for until the next poll: name of a queue → sight.

        See ``heat_plugins.waiting.lines.Line``.
        """
        return self._reader.sights()

    def go_on_by(self, reader):
        """Go on with another reader of the queues, from their beginnings."""
        self._reader = reader
        self.patience.could_not_look()
        self._unjudged = []  # it reads them again

    @property
    def _is_decided(self):
        return self.record.is_complete or self.record.is_failed

    def _step(self):
        self._slice_end = self._clock() + _SLICE
        self._look()
        return self._verdict()

    def _look(self):
        try:
            if self._is_decided and self._has_leftovers:
                self._take_leftovers()
            self._delete()
            if self._take_batches():
                self.patience.looked()
            else:
                self.patience.could_not_look()
        except errors.PASSING as error:
            LOG.warning('A look at the queue failed; trying again: %s', error)
            self.patience.could_not_look(error)

    def _take_batches(self):
        """Take batch after batch while they are full, for about a second.

        :returns: False when there may be more.
        """
        is_full = True
        while ((is_full or self._unjudged) and not self._is_decided and
               not self._is_late()):
            if not self._unjudged:
                self._unjudged = self._reader.read()
                is_full = len(self._unjudged) >= readers.BATCH
            self._take()
            self._delete()
        return not (is_full or self._unjudged)

    def _is_late(self):
        return self._clock() >= self._slice_end

    def _take(self):
        before, counted = self._state(), self._counts()
        done = self._recorded()
        if done:
            # Some may be read again.
            self.patience.heard(min(each.age for each in done))
        self.progress.tell(progresses.IN_PROGRESS, self._in_progress())
        self.progress.tell(progresses.UNMATCHED, self.record.mismatches())
        is_changed = self._state() != before
        self._count(*counted)
        # What is not new is saved too: another engine may have taken over,
        # to which it is.
        recorded = self._consumable(done)
        if is_changed or recorded:
            self._save(self.record)
        if is_changed:
            self.progress.tell(progresses.RECEIVED, self.record.summary())
        self._undeleted += recorded

    def _recorded(self):
        """Judge what was read, or as much of it as there is time for.

        :returns: the messages that have had their effect.
        """
        verdicts = self._criteria.judge(self._unjudged, self._is_late)
        self._unjudged = self._unjudged[len(verdicts):]
        return [each.message for each in verdicts if self.record.take(each)]

    def _consumable(self, messages):
        return [each for each in messages if each.queue in self._consumed]

    def _state(self):
        record = self.record
        return record.received, record.failed, record.skipped.total

    def _counts(self):
        record = self.record
        return (record.received + record.failed,
                record.skipped.total + record.unmatched.total)

    def _count(self, counted, not_counted):
        """Tell monitoring what is new since then."""
        now = self._counts()
        figures.COUNTED.inc(now[0] - counted)
        figures.NOT_COUNTED.inc(now[1] - not_counted)

    def _in_progress(self):
        reason = self.record.progress
        return reason and 'in progress: %s' % texts.line(reason)

    def _take_leftovers(self):
        """What is on record, but in the queue still: it must not count anew.

        What is decided stays so, whatever became of the queue.
        """
        with contextlib.suppress(errors.NotFound):
            self._unjudged = self._unjudged or self._reader.read()
            self._undeleted = self._consumable(self._recorded())
        self._has_leftovers = bool(self._unjudged)

    def _delete(self):
        if self._undeleted:
            self._reader.delete(self._undeleted)
            self._undeleted = []

    def _verdict(self):
        is_late = self.patience.is_over
        if (self._undeleted or self._has_leftovers) and not is_late:
            return False
        if self.record.is_failed:
            raise WaitFailed(self._failure())
        if self.record.is_complete:
            return True
        if is_late:
            raise patiences.TimedOut(self._account('%s after %g seconds' % (
                self.record.counted(), self.patience.timeout)))
        if self.patience.is_silent:
            raise patiences.NoHeartbeat(self._account(
                'no sign of life for %g seconds; %s' % (
                    self.patience.heartbeat, self.record.counted())))
        return False

    def _failure(self):
        failures = ['%s (id %s)' % (
            texts.line(each.reason) or 'no reason given',
            texts.key(each.key)) for each in self.record.failures]
        return texts.line('%s: %s' % (
            self.record.counted(), '; '.join(texts.named(failures))),
            texts.ACCOUNT)

    def _account(self, beginning):
        """All that helps to find out why too little came."""
        parts = [beginning]
        keys = [texts.key(each.key) for each in self.record.signals]
        if keys:
            parts.append('received from: %s' % ', '.join(texts.named(keys)))
        parts += filter(None, [self.record.skips(),
                               self.record.mismatches()])
        in_progress = self.progress.newest(progresses.IN_PROGRESS)
        if in_progress:
            parts.append('last %s' % in_progress)
        if self.patience.trouble:
            parts.append('the last look at the queue failed: %s' %
                         self.patience.trouble)
        return texts.line('; '.join(parts), texts.ACCOUNT)
