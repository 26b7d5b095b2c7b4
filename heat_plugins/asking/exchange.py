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
from heat_plugins.messages import texts
from heat_plugins.waiting import patience as patiences
from heat_plugins.waiting import progress as progresses
from heat_plugins.waiting import sights
from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

# Pauses before the looks that follow a request at once, in seconds: most
# workers are quick, and Heat comes back after a second only.
_SOON = (0.05, 0.1, 0.2, 0.2, 0.2, 0.2)


class ExchangeError(Exception):
    """Base of what ends an exchange before all is as wanted."""


class Failed(ExchangeError):
    """A worker answered FAILED."""


class NoReply(ExchangeError):
    """No worker will ever answer: nobody can hear of the request."""


class Replaced(Exception):
    """A worker has made another thing in the place of the one there was."""


@dataclasses.dataclass(frozen=True)
class Terms:
    """What is asked where.

    :ivar queue: the name of the queue where the workers listen.
    :ivar goal: the properties that are wanted, as JSON has them; None for no
        thing at all.
    """
    queue: str
    goal: dict | None


class Exchange:
    """Asks for step after step until the goal is reached.

    :param state: the ``heat_plugins.custom.lifecycle.State`` to begin with.
    :param terms: the ``Terms``.
    :param patience: a ``heat_plugins.waiting.patience.Patience``: each reply
        to a request is a sign of life.
    :param outbox: a ``heat_plugins.asking.outbox.Outbox``.
    :param inbox: a ``heat_plugins.asking.inbox.Inbox``.
    :param compose: gives the body of a request, of state, ``Pending`` and the
        moment until which it is waited for, in seconds since the epoch.
    :param save: called with a state when it has changed; what it raises ends
        the exchange.
    :param progress: a ``heat_plugins.waiting.progress.Progress``.
    """

    def __init__(self, state, terms, patience, outbox, inbox, compose, save,
                 progress, sleep=time.sleep):
        self.state = state
        self._terms = terms
        self._outbox = outbox
        self._inbox = inbox
        self._compose = compose
        self._save = save
        self.progress = progress
        self._sleep = sleep
        #: Nobody is heard of before a worker begins with a request.
        self.patience = patience
        #: Whether it is known that the pending request is with a worker, or
        #: on its way to one.
        self._is_asked = False

    def poll(self):
        """Take what is new and ask for what is next.

        :returns: True when all is as wanted.
        :raises Replaced: the candidate is to take the place of the thing.
        :raises ExchangeError: it cannot be reached, and why.
        :raises heat_plugins.waiting.patience.TimedOut: no worker answered in
            time.
        :raises heat_plugins.waiting.patience.NoHeartbeat: a worker has begun,
            and gave no sign of life for too long.
        :raises heat_plugins.zaqar.errors.ZaqarError: an error that waiting
            does not mend.
        """
        return self.progress.follow(self._step)

    def account(self):
        """How it stands, and what else helps to find out why."""
        pending = self.state.pending
        return self._account('no request is pending' if pending is None else
                             '%s has not been answered' % _named(pending))

    @property
    def pause(self):
        """Whole seconds until it is worth while to look again."""
        return self.patience.pause

    def sights(self):
        """What to look for until the next poll: name of a queue → sight.

        See ``heat_plugins.waiting.lines.Line``.
        """
        mailbox = self._inbox.reader
        found = {mailbox.name: mailbox.position()}
        if self.state.pending is not None:
            found[self.state.pending.queue] = sights.Presence()
        return found

    def go_on_by(self, outbox, inbox):
        """Go on by another way to the same queues."""
        self._outbox, self._inbox = outbox, inbox
        self.patience.could_not_look()

    def _step(self):
        try:
            is_over = self._look()
            if not is_over:
                self._judge_the_time()
        finally:
            self.progress.tell(progresses.IGNORED, self._inbox.ignored())
        return is_over

    def _look(self):
        try:
            is_over = self._advance()
        except errors.PASSING as error:
            LOG.warning('A look at the queues failed; trying again: %s', error)
            self.patience.could_not_look(error)
            # a request may have been posted, or not
            self._is_asked = False
            return False
        if self.state.pending is None or self._is_asked:
            self.patience.looked()
        else:
            self.patience.could_not_look()
        return is_over

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

    def _make_sure_it_is_ours(self):
        """Another engine may have taken over, and wait for what is there."""
        self._save(self.state)

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
        body = self._compose(self.state, pending, self.patience.end)
        self._change(self.state.but(pending=pending))
        self.patience.forget()
        LOG.info('Asking for %s by the request %s', step.request_type,
                 request_id)
        self._outbox.post(pending.queue, body, self.patience.timeout)
        self._is_asked = True

    def _look_at_the_queue(self):
        """Fail when nobody can hear of the pending request any more."""
        pending = self.state.pending
        if self._outbox.is_gone(pending.queue):
            raise NoReply(self._account(
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
        self._make_sure_it_is_ours()
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
        if not self.patience.is_begun:
            self.progress.tell(
                progresses.ASKED, '%s waits in the queue "%s"' % (
                    _named(self.state.pending), self.state.pending.queue))

    def _take_replies(self):
        pending = self.state.pending
        if pending is None:
            return
        try:
            found = self._inbox.take(pending.request_id)
        except errors.NotFound:
            LOG.warning('The queue for replies was deleted; creating it again')
            self._inbox.open()
            # who has answered is to answer again
            self._is_asked = False
            return
        for reply in found:
            self.patience.heard()
            if reply.is_final:
                self._settle(pending, reply)
                break
            if reply.reason:
                self.progress.tell(
                    progresses.IN_PROGRESS,
                    'in progress: %s' % texts.line(reply.reason))
        if self._inbox.has_taken:
            if self.state.pending is pending:  # nothing was saved
                self._make_sure_it_is_ours()
            self._inbox.clear()

    def _settle(self, pending, reply):
        is_wanted = self._is_wanted
        self._change(lifecycle.after(self.state, reply))
        self.progress.forget(progresses.IN_PROGRESS)
        if not reply.has_failed:
            return
        text = '%s failed: %s' % (_named(pending),
                                  texts.line(reply.reason) or
                                  'no reason given')
        if not is_wanted:
            self.progress.tell(progresses.EARLIER,
                                'from an earlier action: %s' % text)
            return
        with contextlib.suppress(errors.ZaqarError):
            # What stays is ignored later.
            self._inbox.clear()
        raise Failed(text)

    # Giving up.

    def _judge_the_time(self):
        if self.patience.is_over:
            self._give_up()
        if self.patience.is_silent:
            raise patiences.NoHeartbeat(self._account(
                'no sign of life from the worker for %g seconds' %
                self.patience.heartbeat))

    def _give_up(self):
        beginning = 'no reply within %g seconds' % self.patience.timeout
        pending = self.state.pending
        if pending is not None:
            beginning += ' to %s' % _named(pending)
            try:
                beginning += '; ' + self._whereabouts(pending)
            except errors.ZaqarError as error:
                self.patience.could_not_look(error)
        raise patiences.TimedOut(self._account(beginning))

    def _whereabouts(self, pending):
        """Where a request is, for people; it is withdrawn if it can be."""
        text = 'unclaimed requests in the queue "%s": %s' % (
            pending.queue, self._unclaimed(pending.queue))
        found = self._outbox.find(pending.queue, pending.request_id)
        if found is None:
            return text + ', and this one is no longer there'
        if found.was_claimed or not self._withdraw(found):
            return text + ', and this one is with a worker'
        return text + (', and this one was withdrawn: is a worker at work '
                       'there?')

    def _unclaimed(self, queue):
        try:
            return self._outbox.unclaimed(queue)
        except errors.ServerError:
            # The Redis driver stumbles over claims that have expired.
            return 'unknown'

    def _account(self, beginning):
        """All that helps to find out why."""
        parts = [beginning]
        in_progress = self.progress.newest(progresses.IN_PROGRESS)
        if in_progress:
            parts.append('last %s' % in_progress)
        parts += filter(None, [self._inbox.ignored()])
        if self.patience.trouble:
            parts.append('the last call to Zaqar failed: %s' %
                         self.patience.trouble)
        return texts.line('; '.join(parts), texts.ACCOUNT)


def _named(pending):
    return 'the request %s (%s)' % (pending.request_id,
                                    pending.step.request_type)
