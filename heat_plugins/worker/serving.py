# SPDX-License-Identifier: Apache-2.0
"""Serving one request: work, remember, reply, delete - in this order.

A worker that dies before it has replied has deleted nothing: the request comes
back when its claim has expired, and what was remembered is only sent again.
"""
import collections
import os
import socket
import time
import uuid

from oslo_log import log as logging

from heat_plugins import figures
from heat_plugins.custom import contract
from heat_plugins.custom import reply as replies
from heat_plugins.custom import request as requests
from heat_plugins.messages import notification
from heat_plugins.messages import texts
from heat_plugins.worker import delivery
from heat_plugins.worker import keeping
from heat_plugins.worker import replying
from heat_plugins.worker import store as stores
from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

# The share of a claim that the place in the store is good for: what a dead
# worker held is to be free there when its claim expires.
_HOLD = 0.9
# Messages that are remembered as told of. Each comes back, until it expires
# or goes to a dead letter queue.
_TOLD = 1000
_BEGUN_AGAIN = 'begun again: an earlier worker did not finish'


class Serving:
    """Serves the requests that a worker has claimed.

    :param queue: the ``heat_plugins.zaqar.queue.Queue`` they are in.
    :param call: a ``heat_plugins.worker.calling.Calling``.
    :param store: a ``heat_plugins.worker.store.Store``.
    :param sender: a ``heat_plugins.worker.replying.Replying``.
    :param deliveries: a ``heat_plugins.worker.delivery.Deliveries``.
    :param claim_ttl: seconds that a claim is good for.
    """

    def __init__(self, queue, call, store, sender, deliveries, claim_ttl):
        self._queue = queue
        self._call = call
        self._store = store
        self._sender = sender
        self._deliveries = deliveries
        self._claim_ttl = claim_ttl
        self._name = '%s/%d' % (socket.gethostname(), os.getpid())
        self._told = collections.deque(maxlen=_TOLD)

    def serve(self, claim, message):
        """Serve the request in a message of a claim, if it is one.

        :raises heat_plugins.zaqar.errors.ZaqarError: it comes back.
        """
        body = notification.unwrap(message.body)
        try:
            request = requests.Request.from_body(body)
            self._sender.check(request.reply)
        except (contract.ContractError, replying.BadAddress) as error:
            self._refuse(claim, message, body, texts.line(str(error)))
            return
        try:
            answer = self._answer(claim, message, request)
        except stores.Busy:
            LOG.info('Another worker is at work on the request %s',
                     texts.line(request.request_id))
        except errors.NotFound:
            LOG.info('The request %s was withdrawn',
                     texts.line(request.request_id))
        else:
            self._deliver(claim, message, request.reply, answer)

    def _answer(self, claim, message, request):
        """The body of the reply to a request, worked out or remembered."""
        # Who asks may have withdrawn it in the moment it was claimed.
        self._queue.message(message.id)
        holder = '%s/%s' % (self._name, uuid.uuid4())
        hold = (request.request_id, holder, _HOLD * self._claim_ttl)
        known = self._store.begin(*hold)
        if known.reply is not None:
            LOG.info('The request %s was answered before; sending the same '
                     'reply again', texts.line(request.request_id))
            return known.reply

        def renew():
            self._store.renew(*hold)
            self._renew(claim)

        def beat(text):
            self._sender.send(request.reply, replies.Reply(
                request.request_id, replies.Status.IN_PROGRESS,
                text).to_body())

        with keeping.Keeping(renew, self._claim_ttl, beat,
                             request.heartbeat) as kept:
            if known.was_begun:
                kept.progress(_BEGUN_AGAIN)
            body = self._work(request, kept.progress)
            self._store.finish(request.request_id, holder, body)
        return body

    def _work(self, request, tell):
        named = '%s of %s in the stack %s (request %s)' % (
            request.request_type, texts.line(request.resource_name),
            texts.line(request.stack_name), texts.line(request.request_id))
        LOG.info('%s begins', named)
        if (request.heartbeat or self._claim_ttl) < self._claim_ttl:
            LOG.warning(
                '%s has a heartbeat of %g s, less than the claim ttl of %d s: '
                'if this worker dies, the stack fails before another worker '
                'can take over', named, request.heartbeat, self._claim_ttl)
        began = time.monotonic()
        with figures.IN_PROGRESS.track_inprogress():
            body = self._call(request, tell)
        seconds = time.monotonic() - began
        figures.SERVED.labels(request.request_type, body['status']).observe(
            seconds)
        LOG.info('%s ends after %.3f s: %s', named, seconds, body['status'])
        return body

    def _refuse(self, claim, message, body, error):
        """Answer what is no request, if there is somebody to be told."""
        figures.REFUSED.inc()
        text = 'The worker cannot use the request: %s' % error
        try:
            reply_to = requests.ReplyTo.from_body(body['reply'])
            self._sender.check(reply_to)
            reply = replies.Reply(body['request_id'], replies.Status.FAILED,
                                  text).to_body()
        except (KeyError, TypeError, contract.ContractError,
                replying.BadAddress):
            self._leave(message, error)
            return
        LOG.error('The message %s is refused, and its sender is told: %s',
                  message.id, error)
        self._deliver(claim, message, reply_to, reply)

    def _leave(self, message, error):
        """It stays, hidden while it is claimed: somebody else may use it."""
        if message.id not in self._told:
            self._told.append(message.id)
            LOG.error('The message %s is left in the queue "%s": it is not a '
                      'request that this worker can answer: %s', message.id,
                      self._queue.name, error)

    def _deliver(self, claim, message, reply_to, body):
        self._deliveries.deliver(delivery.Delivery(
            message.id, reply_to, body, lambda: self._renew(claim)))

    def _renew(self, claim):
        claim.update(ttl=self._claim_ttl, grace=self._claim_ttl)
