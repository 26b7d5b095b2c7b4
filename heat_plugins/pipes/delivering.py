# SPDX-License-Identifier: Apache-2.0
"""The second step: from the queue of a pipe to its target."""
import dataclasses
import math
import time

from oslo_log import log as logging

from heat_plugins import figures
from heat_plugins.messages import texts
from heat_plugins.pipes import lane
from heat_plugins.pipes import posting
from heat_plugins.pipes import taken
from heat_plugins.pipes import targets
from heat_plugins.zaqar import limits

LOG = logging.getLogger(__name__)

# Messages of a pipe that are in the works at most; the others stay in its
# queue. Those that are delivered at once: at first, and to a target that took
# so many within so many seconds.
_MOST, _BATCH, _LARGE_BATCH, _QUICKLY = 200, 20, 100, 2
# Characters of a reason that a dead letter has.
_REASON = 500


@dataclasses.dataclass
class _Entry:
    """A message in the works.

    :ivar id: of the message in the queue of the pipe.
    :ivar message: the ``taken.Message``.
    :ivar tries: how many failed.
    :ivar due: when it is to be tried.
    :ivar is_delivered: whether only the queue does not know it yet.
    """
    id: str
    message: taken.Message
    tries: int = 0
    due: float = -math.inf
    is_delivered: bool = False


class Delivering(lane.Lane):
    """Works off the queue of a pipe.

    While the target fails for all, only one message at a time is tried, each
    time another one: so a target that is down is left alone, and a message
    that it cannot take holds up no other.

    :ivar pipe: the ``pipe.Pipe``.
    :ivar target: the one of the pipe: see ``targets``.
    """

    # Whoever posts to it is mostly in this process, and hurries it.
    longest_pause = 30

    def __init__(self, queue, lease, clock=time.monotonic):
        super().__init__(queue, lease, clock)
        #: Id → ``_Entry``, oldest first.
        self._entries = {}
        #: Batches that failed since the last delivery, and until when the
        #: target is left alone.
        self._failures = 0
        self._rested = -math.inf
        self._batch = _BATCH
        self.pipe = self.target = None

    def __str__(self):
        return 'the pipe %s' % self.pipe

    def serve(self, pipe, target):
        """Serve this pipe from now on: it is another one after an update."""
        self.pipe, self.target = pipe, target
        # What could not be delivered may be now.
        self._rested = -math.inf

    def _forget(self):
        self._entries.clear()

    def _is_needed(self):
        return bool(self._entries)

    def _next_moment(self):
        return max(self._rested, min((each.due for each
                                   in self._entries.values()),
                                  default=math.inf))

    def _work(self):
        self._remove_delivered()
        self._read()
        chosen = self._chosen()
        if not chosen:
            return False
        began = self._clock()
        failures = self._deliver(chosen)
        self._batch = (_LARGE_BATCH if self._clock() - began < _QUICKLY
                       else _BATCH)
        results = list(zip(chosen, failures, strict=True))
        delivered = [each for each, failure in results if failure is None]
        for each in delivered:
            each.is_delivered = True
        self._count('delivered', len(delivered))
        self._remove_delivered()
        for each, failure in results:
            if failure is not None:
                self._failed(each, failure)
        self._judge(delivered, [each for each in failures if each])
        return True

    def _read(self):
        """Take more messages into the works, until a batch is due."""
        while len(self._entries) < _MOST and len(self._due()) < self._batch:
            page = (self._queue.page(next(reversed(self._entries)))
                    if self._entries
                    else self._queue.page(marker=None, include_claimed=False))
            # Where a marker is gone, a listing begins anew.
            fresh = [each for each in page if each['id'] not in self._entries]
            self._entries.update(
                (each['id'], _Entry(each['id'], taken.Message.from_wire(
                    each, self._queue.name))) for each in fresh)
            if len(fresh) < limits.PAGE:
                break

    def _due(self):
        """The entries whose time has come, in order."""
        now = self._clock()
        return [each for each in self._entries.values() if each.due <= now]

    def _chosen(self):
        """The entries to be delivered now."""
        due = self._due()
        if not due or self._clock() < self._rested:
            return []
        if self.pipe.definition.ordered:
            first = next(iter(self._entries.values()))
            if due[0] is not first:
                return []
            is_one = self._failures or not self.target.keeps_order
        else:
            is_one = self._failures
            if is_one:
                due.sort(key=lambda each: each.tries)
        return due[:1 if is_one else self._batch]

    def _deliver(self, chosen):
        given, wrong = [], {}
        for each in chosen:
            try:
                given.append(targets.Given(each.message.id,
                                           self.pipe.made(each.message)))
            except Exception as error:  # of whatever is in a body
                wrong[each.id] = targets.Failure(
                    'its input cannot be made: %s' % error, is_final=True)
        results = iter(self.target.deliver(given) if given else [])
        return [wrong[each.id] if each.id in wrong else next(results)
                for each in chosen]

    def _remove_delivered(self):
        self._remove([each for each in self._entries.values()
                      if each.is_delivered])

    def _remove(self, entries):
        if entries:
            self._queue.delete_messages(*(each.id for each in entries))
        for each in entries:
            del self._entries[each.id]

    def _failed(self, entry, failure):
        retry = self.pipe.definition.retry
        entry.tries += 1
        entry.due = self._clock() + max(retry.pause(entry.tries),
                                        failure.pause)
        self._count('failed')
        is_over = failure.is_final or entry.tries >= retry.attempts
        if is_over and self.pipe.definition.dead_letter:
            self._bury(entry, failure)
        elif entry.tries == 1:
            LOG.warning('The pipe %s could not deliver the message %s, and '
                        'tries it again: %s', self.pipe, entry.message.id,
                        failure.reason)

    def _count(self, outcome, count=1):
        figures.PIPED.labels(str(self.pipe), outcome).inc(count)

    def _bury(self, entry, failure):
        """Put it into the dead letter queue."""
        definition = self.pipe.definition
        letter = {'body': {
            **entry.message.to_body(), 'pipe': definition.name,
            'tries': entry.tries,
            'reason': texts.line(failure.reason, _REASON)},
            'ttl': definition.dead_letter_ttl or limits.MESSAGE_TTL[1]}
        queue = self._queue.client.queue(definition.dead_letter)
        if posting.post(queue, [letter]):
            # Zaqar takes no message as large as that.
            letter['body'] = entry.message.body
            refused = posting.post(queue, [letter])
            if refused:
                LOG.error('The dead letter queue "%s" of the pipe %s does '
                          'not take the message %s: %s', queue.name,
                          self.pipe, entry.message.id, refused[0])
                return
        LOG.warning('The message %s is in the dead letter queue "%s", as '
                    'the pipe %s could not deliver it: %s', entry.message.id,
                    queue.name, self.pipe, failure.reason)
        self._count('dead')
        self._remove([entry])

    def _judge(self, delivered, failures):
        """Leave a target alone that fails for all."""
        passing = [each for each in failures if not each.is_final]
        if delivered or not passing:
            if self._failures:
                LOG.info('The pipe %s delivers again', self.pipe)
            self._failures, self._rested = 0, -math.inf
            return
        self._failures += 1
        self._rested = self._clock() + max(
            self.pipe.definition.retry.pause(self._failures),
            *(each.pause for each in passing), 0)
