# SPDX-License-Identifier: Apache-2.0
"""Requests and their replies, until a custom resource is as wanted.

A request is noted before it is posted, and an answer is noted before its
message is deleted: whoever goes on after a crash knows what was asked. It asks
again under the same id when the request has gone and no answer came, because
then it cannot know what was done. One request is settled before the next.
"""
import contextlib
import dataclasses
import time

from oslo_log import log as logging
from oslo_utils import uuidutils

from heat_plugins.custom import lifecycle
from heat_plugins.custom import reply as replies
from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

# Pauses before the looks that follow a request at once, in seconds: most
# workers are quick, and Heat comes back after a second only.
_SOON = (0.05, 0.1, 0.2, 0.2, 0.2, 0.2)
# The longer it has taken, the less a moment more matters: the share of the
# time so far, and the most, that passes between two looks, in seconds.
_SHARE = 0.05
_LONGEST = 5


class ExchangeError(Exception):
    """Base of what ends an exchange before all is as wanted."""


class Failed(ExchangeError):
    """A worker answered FAILED."""


class NoReply(ExchangeError):
    """No worker answered in time, or none ever will."""


class NoHeartbeat(ExchangeError):
    """A worker has begun, and gave no sign of life for too long."""


class Replaced(Exception):
    """A worker has made another thing in the place of the one there was."""


@dataclasses.dataclass(frozen=True)
class Terms:
    """What is asked where, and how long.

    :ivar queue: the name of the queue where the workers listen.
    :ivar goal: the properties that are wanted, as JSON has them; None for no
        thing at all.
    :ivar timeout: seconds in all.
    :ivar heartbeat: seconds that may pass between two replies to a request
        that a worker has begun; None for no such limit.
    """
    queue: str
    goal: dict | None
    timeout: float
    heartbeat: float | None = None


class Exchange:
    """Asks for step after step until the goal is reached.

    :param state: the ``heat_plugins.custom.lifecycle.State`` to begin with.
    :param terms: the ``Terms``; their time begins now.
    :param outbox: a ``heat_plugins.waiting.outbox.Outbox``.
    :param inbox: a ``heat_plugins.waiting.inbox.Inbox``.
    :param compose: gives the body of a request, of state and ``Pending``.
    :param save: called with a state when it has changed; what it raises ends
        the exchange.
    :param report: called with a line of progress for people.
    """

    def __init__(self, state, terms, outbox, inbox, compose, save, report,
                 clock=time.monotonic, sleep=time.sleep):
        self.state = state
        self._terms = terms
        self._outbox = outbox
        self._inbox = inbox
        self._compose = compose
        self._save = save
        self._report = report
        self._clock = clock
        self._sleep = sleep
        self._began = clock()
        #: When a worker was last heard of the pending request.
        self._last_life = None
        #: Whether it is known that the pending request is with a worker, or
        #: on its way to one.
        self._is_asked = False
        self._progress = ''
        self._trouble = None

    def poll(self):
        """Take what is new and ask for what is next.

        :returns: True when all is as wanted.
        :raises Replaced: the candidate is to take the place of the thing.
        :raises ExchangeError: it cannot be reached, and why.
        :raises heat_plugins.zaqar.errors.ZaqarError: an error that waiting
            does not mend.
        """
        try:
            if self._advance():
                return True
            self._trouble = None
        except errors.PASSING as error:
            LOG.warning('The exchange goes on: %s', error)
            self._trouble = error
            # a request may have been posted, or not
            self._is_asked = False
        self._judge_the_time()
        return False

    @property
    def pause(self):
        """Seconds until it is worth while to look again."""
        return min(_LONGEST, (self._clock() - self._began) * _SHARE)

    def go_on_by(self, outbox, inbox):
        """Go on by another way to the same queues."""
        self._outbox, self._inbox = outbox, inbox

    def _advance(self):
        if self.state.pending is not None:
            self._look_at_the_queue()
            self._make_sure_it_is_asked()
            self._take_replies()
        while self.state.pending is None:
            step = self._next_step()
            if step is None:
                return True
            if step == lifecycle.REPLACE:
                raise Replaced
            self._ask(step)
            self._take_replies_soon()
        return False

    def _next_step(self):
        return lifecycle.next_step(self.state, self._terms.goal)

    @property
    def _is_wanted(self):
        """Whether the pending request is what would be asked now."""
        pending = self.state.pending
        return (pending.step, pending.queue) == (
            self._next_step(), self._terms.queue)

    def _change(self, state):
        self._save(state)
        self.state = state

    # Asking.

    def _ask(self, step):
        try:
            self._post(uuidutils.generate_uuid(), step)
        except errors.ServerError:
            raise
        except errors.Refused:
            # it is not there, and never was
            self._change(self.state.but(pending=None))
            raise

    def _post(self, request_id, step):
        pending = lifecycle.Pending(request_id, self._terms.queue, step)
        body = self._compose(self.state, pending)
        self._change(self.state.but(pending=pending))
        self._last_life = None
        LOG.info('%s is asked by the request %s', step.request_type,
                 request_id)
        self._outbox.post(pending.queue, body, self._terms.timeout)
        self._is_asked = True

    def _look_at_the_queue(self):
        """Fail when nobody can hear of the pending request any more."""
        pending = self.state.pending
        if self._outbox.is_gone(pending.queue):
            raise NoReply(self._story(
                'the queue "%s" was deleted, with %s in it' % (
                    pending.queue, _named(pending))))

    def _make_sure_it_is_asked(self):
        """Look for a request that was noted, and perhaps posted."""
        if self._is_asked:
            return
        pending = self.state.pending
        found = self._outbox.find(pending.queue, pending.request_id)
        if found is None:
            # Good workers answer before they delete the request.
            self._take_replies()
            if self.state.pending is not None:
                self._post(pending.request_id, pending.step)
        elif not (found.was_claimed or self._is_wanted):
            self._withdraw(found)
        self._is_asked = True

    def _withdraw(self, found):
        """Take back a request that no worker has begun with.

        :returns: False when one has, after all.
        """
        if not self._outbox.withdraw(self.state.pending.queue, found):
            return False
        # A worker may have done it in the moment between.
        self._take_replies()
        if self.state.pending is None:
            return False
        self._change(self.state.but(pending=None))
        return True

    # Taking replies.

    def _take_replies_soon(self):
        for seconds in _SOON:
            self._sleep(seconds)
            self._take_replies()
            if self.state.pending is None:
                return
        self._report('%s waits in the queue "%s"' % (
            _named(self.state.pending), self.state.pending.queue))

    def _take_replies(self):
        pending = self.state.pending
        if pending is None:
            return
        try:
            found = self._inbox.take(pending.request_id)
        except errors.NotFound:
            LOG.warning('The queue for replies was deleted; it is made anew')
            self._inbox.open()
            # who has answered is to answer again
            self._is_asked = False
            return
        for reply in found:
            self._last_life = self._clock()
            if reply.is_final:
                self._settle(pending, reply)
                break
            if reply.reason not in ('', self._progress):
                self._progress = reply.reason
                self._report('in progress: %s' % reply.reason)
        self._inbox.clear()

    def _settle(self, pending, reply):
        is_wanted = self._is_wanted
        self._change(lifecycle.after(self.state, reply))
        self._progress = ''
        if reply.status != replies.Status.FAILED:
            return
        text = '%s failed: %s' % (_named(pending),
                                  reply.reason or 'no reason given')
        if not is_wanted:
            self._report('of an earlier action: %s' % text)
            return
        with contextlib.suppress(errors.ZaqarError):
            # What stays is ignored later.
            self._inbox.clear()
        raise Failed(text)

    # Giving up.

    def _judge_the_time(self):
        now = self._clock()
        if now - self._began >= self._terms.timeout:
            self._give_up()
        heartbeat = self._terms.heartbeat
        # While Zaqar is in trouble nothing is heard of anybody.
        if (heartbeat is not None and self._last_life is not None and
                now - self._last_life >= heartbeat and not self._trouble):
            raise NoHeartbeat(self._story(
                'no sign of life from the worker for %g seconds' % heartbeat))

    def _give_up(self):
        beginning = 'no reply within %g seconds' % self._terms.timeout
        pending = self.state.pending
        if pending is not None:
            beginning += ' to %s' % _named(pending)
            try:
                beginning += '; ' + self._whereabouts(pending)
            except errors.ZaqarError as error:
                self._trouble = error
        raise NoReply(self._story(beginning))

    def _whereabouts(self, pending):
        """Where a request is, for people; it is withdrawn if it can be."""
        text = '%s requests wait unclaimed in the queue "%s"' % (
            self._unclaimed(pending.queue), pending.queue)
        found = self._outbox.find(pending.queue, pending.request_id)
        if found is None:
            return text + ', and this one is not there any more'
        if found.was_claimed or not self._withdraw(found):
            return text + ', and this one is with a worker'
        return text + (', and this one was withdrawn: is a worker at work '
                       'there?')

    def _unclaimed(self, queue):
        try:
            return self._outbox.unclaimed(queue)
        except errors.ServerError:
            # The Redis driver stumbles over claims that have expired.
            return 'an unknown number of'

    def _story(self, beginning):
        """All that helps to find out why."""
        story = [beginning]
        if self._progress:
            story.append('last in progress: %s' % self._progress)
        if self._inbox.last_ignored:
            story.append('a reply was ignored: %s' % self._inbox.last_ignored)
        if self._trouble:
            story.append('Zaqar failed: %s' % self._trouble)
        return '; '.join(story)


def _named(pending):
    return 'the request %s (%s)' % (pending.request_id,
                                    pending.step.request_type)
