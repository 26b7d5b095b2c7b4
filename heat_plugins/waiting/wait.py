# SPDX-License-Identifier: Apache-2.0
"""One wait: messages are read, recorded, then deleted - in this order.

So a crash at any point loses nothing, and what is read again after it is
known by its key and counts once. Nobody waits for a claim to run out.
"""
import contextlib
import time

from oslo_log import log as logging

from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

#: Zaqar may come back from these while we wait.
_PASSING = (errors.Unreachable, errors.ServerError, errors.UnexpectedAnswer)


class WaitFailed(Exception):
    """A sender reported a failure."""


class WaitTimedOut(Exception):
    """Too few messages came in time."""


class Wait:
    """Waits until a record is complete.

    :param reader: a ``heat_plugins.waiting.reader.Reader``.
    :param record: a ``heat_plugins.messages.record.Record`` to go on from.
    :param save: called with the record when it has changed, before anything
        is deleted; what it raises ends the wait.
    :param report: called with a line of progress for people.
    :param consume: whether what was recorded is deleted from the queue.
    :param timeout: seconds from now.
    """

    def __init__(self, reader, record, save, report, consume, timeout,
                 clock=time.monotonic):
        self.record = record
        self._reader = reader
        self._save = save
        self._report = report
        self._consume = consume
        self._timeout = timeout
        self._clock = clock
        self._began = clock()
        self._undeleted = []
        # A crash may have come between the last save and its deletion.
        self._has_leftovers = bool(consume and self._is_decided)
        self._trouble = None

    def poll(self):
        """Take what is new and say whether the wait is over.

        :returns: True when the count is reached and all is tidied up.
        :raises WaitFailed: a failure is on record.
        :raises WaitTimedOut: the time is up.
        :raises heat_plugins.zaqar.errors.ZaqarError: an error that waiting
            does not mend: the queue is gone, the project has no access.
        """
        try:
            if not self._is_decided:
                self._take(self._reader.read())
            elif self._has_leftovers:
                self._take_leftovers()
            self._delete()
            self._trouble = None
        except _PASSING as error:
            LOG.warning('Waiting goes on: %s', error)
            self._trouble = error
        return self._verdict()

    @property
    def _is_decided(self):
        return self.record.is_complete or self.record.failures

    def _take(self, messages):
        before = self.record.summary(), len(self.record.signals)
        progress = self.record.progress
        done = [each for each in messages if self.record.take(each)]
        if (self.record.summary(), len(self.record.signals)) != before:
            self._save(self.record)
            self._report(self.record.summary())
        if self.record.progress != progress:
            self._report('in progress: %s' % self.record.progress)
        if self._consume:
            self._undeleted += done

    def _take_leftovers(self):
        """What is on record, but in the queue still: it must not count anew.

        What is decided stays so, whatever became of the queue.
        """
        with contextlib.suppress(errors.NotFound):
            self._undeleted = [each for each in self._reader.read()
                               if self.record.take(each)]
        self._has_leftovers = False

    def _delete(self):
        if self._undeleted:
            self._reader.delete(self._undeleted)
            self._undeleted = []

    def _verdict(self):
        late = self._clock() - self._began >= self._timeout
        if (self._undeleted or self._has_leftovers) and not late:
            return False
        if self.record.failures:
            raise WaitFailed(self._failure())
        if self.record.is_complete:
            return True
        if late:
            raise WaitTimedOut(self._timeout_story())
        return False

    def _failure(self):
        return '%s: %s' % (self.record.summary(), '; '.join(
            '%s (id %s)' % (each.reason or 'no reason given', each.key)
            for each in self.record.failures))

    def _timeout_story(self):
        story = ['%s after %g seconds' % (self.record.summary(),
                                          self._timeout)]
        keys = [each.key for each in self.record.signals]
        if keys:
            story.append('received from: %s' % ', '.join(keys[:20]) +
                         (' and %d more' % (len(keys) - 20)
                          if len(keys) > 20 else ''))
        if self._trouble:
            story.append('the last look at the queue failed: %s' %
                         self._trouble)
        return '; '.join(story)
