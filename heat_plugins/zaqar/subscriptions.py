# SPDX-License-Identifier: Apache-2.0
"""The subscriptions of a queue, and whose they are.

Zaqar keeps one subscription for each subscriber of a queue. It answers a POST
of one that is there with the old id, as if it had been made, and changes
nothing. So each of ours bears a stamp in its options, as our queues do.

A subscriber with the prefix ``trust+`` is called with a token of the user who
subscribed, by a trust in Keystone. Zaqar makes it at every POST, even one
that finds the subscription there, keeps its id in the options, forgets it when
a PATCH replaces them, and never deletes it. So there is one POST at most, the
id is kept, and who deletes the subscription deletes the trust.
"""
import dataclasses
import hashlib

from zaqarclient.queues.v2 import core

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import limits
from heat_plugins.zaqar import ownership
from heat_plugins.zaqar import uris

#: Seconds that stand for "for ever".
FOR_EVER = limits.SUBSCRIPTION_TTL[1]
# Seconds less than that which a POST may ask for: about 3000 years.
_SPREAD = 10 ** 11

_TRUST = 'trust+'
_TRUST_ID = 'trust_id'
# With require_confirmation Zaqar at once sends a message of its own to a new
# subscriber, which would be a signal like others. A wrong token stops it.
_SHUT = {'post_headers': {'X-Auth-Token': 'not yet'}}


@dataclasses.dataclass(frozen=True)
class Wanted:
    """A subscription as it is to be.

    :ivar subscriber: the URI that messages are sent to.
    :ivar ttl: seconds until it ends.
    :ivar options: what Zaqar's driver for the URI takes, trust and stamp
        left out.
    """
    subscriber: str
    ttl: int = FOR_EVER
    options: dict = dataclasses.field(default_factory=dict)

    @property
    def is_trusted(self):
        """Whether Zaqar calls the subscriber with a token."""
        return self.subscriber.startswith(_TRUST)


@dataclasses.dataclass(frozen=True)
class Subscription:
    """A subscription as it is.

    :ivar confirmed: whether the subscriber has agreed. Only servers with
        ``[notification] require_confirmation`` heed it.
    """
    id: str
    subscriber: str
    ttl: int
    options: dict
    confirmed: bool

    @classmethod
    def from_wire(cls, document):
        """Make one of what Zaqar's API answers."""
        return cls(document['id'], document['subscriber'], document['ttl'],
                   document['options'] or {}, document['confirmed'])

    @property
    def trust_id(self):
        """The id of the trust that Zaqar made for it, or None."""
        return self.options.get(_TRUST_ID)

    @property
    def stamp(self):
        """Its owner's ``ownership.Stamp``, or None."""
        return ownership.Stamp.of(self.options)

    @property
    def wanted(self):
        """What would make one like it."""
        return Wanted(self.subscriber, self.ttl, {
            key: value for key, value in self.options.items()
            if key not in (_TRUST_ID, ownership.KEY)})


def first_ttl(stamp):
    """The ttl of the POST of a subscription for ever that has a trust made.

    The trust ends with it, thousands of years from now. Each owner has its
    own ttl, so that the end of a trust tells whose it is.
    """
    digest = hashlib.sha256(stamp.uuid.encode()).hexdigest()
    return FOR_EVER - int(digest, 16) % _SPREAD


class Subscriptions:
    """The subscriptions of one queue.

    :param queue: a ``heat_plugins.zaqar.queue.Queue``.
    :raises heat_plugins.zaqar.errors.ZaqarError: any call may; see there.
    """

    def __init__(self, queue):
        self._queue = queue

    def __iter__(self):
        """All of them, whatever the number of pages."""
        marker = None
        known = set()
        while page := [each for each in self._page(marker)
                       if each['id'] not in known]:
            yield from map(Subscription.from_wire, page)
            known.update(each['id'] for each in page)
            marker = page[-1]['id']

    def get(self, subscription_id):
        """One of them.

        :raises heat_plugins.zaqar.errors.NotFound: it is gone.
        """
        return Subscription.from_wire(
            self._call(core.subscription_get, subscription_id))

    def ensure(self, wanted, stamp):
        """Subscribe, or find that we did so before and make it as wanted.

        :returns: the ``Subscription``.
        :raises heat_plugins.zaqar.errors.Conflict: somebody else has
            subscribed this subscriber.
        """
        found = self._to(wanted.subscriber) if wanted.is_trusted else None
        return self._settle(found or self._create(wanted, stamp), wanted,
                            stamp)

    def converge(self, wanted, stamp, known):
        """Make those of the stamp's resource these; others are left alone.

        :param wanted: ``Wanted``, each of another subscriber.
        :param known: subscription id → trust id, or None, of those that it
            made before: they are its own even if a PATCH by hand has taken
            stamp and trust away.
        :returns: the ``Subscription`` of each.
        :raises heat_plugins.zaqar.errors.Conflict: somebody else has
            subscribed one of them.
        """
        there = {each.subscriber: each for each in self}
        made = [self._settle(there.pop(each.subscriber, None) or
                             self._create(each, stamp), each, stamp, known)
                for each in wanted]
        for each in there.values():
            if stamp.is_same_resource(each.stamp) or each.id in known:
                self.delete(each.id)
        return made

    def update(self, subscription_id, wanted, stamp, trust_id=None):
        """Make one of ours as wanted; its trust stays.

        :raises heat_plugins.zaqar.errors.NotFound: it is gone.
        :raises heat_plugins.zaqar.errors.Conflict: another one has this
            subscriber.
        """
        options = {**wanted.options, **stamp.as_metadata()}
        if trust_id is not None:
            options[_TRUST_ID] = trust_id
        self._call(core.subscription_update, subscription_id, {
            'subscriber': wanted.subscriber, 'ttl': wanted.ttl,
            'options': options})

    def confirm(self, subscription_id):
        """Agree on the subscriber's behalf."""
        self._call(_subscription_confirm, subscription_id)

    def ask_again(self, subscription):
        """Have a subscriber asked once more to confirm."""
        self._call(core.subscription_create, {
            'subscriber': subscription.subscriber, 'ttl': subscription.ttl,
            'options': subscription.options})

    def release(self, subscription_id, stamp):
        """Delete it if the stamp on it is exactly this one. Gone is fine.

        :returns: False when it is there and not ours (any more).
        """
        try:
            if self.get(subscription_id).stamp != stamp:
                return False
        except errors.NotFound:
            return True
        self.delete(subscription_id)
        return True

    def delete(self, subscription_id):
        """Delete one, whose ever it is. Gone is fine."""
        self._call(core.subscription_delete, subscription_id)

    def _settle(self, found, wanted, stamp, known=None):
        """Make one that is there as wanted, if it is ours."""
        known = known or {}
        if not (stamp.is_same_resource(found.stamp) or found.id in known):
            raise errors.Conflict(
                'The queue "%s" already has a subscription for %s, %s, which '
                'this resource did not make. Zaqar keeps one for each '
                'subscriber: delete that one, or subscribe another URI.' %
                (self._queue.name, uris.redacted(wanted.subscriber),
                 found.id), 409)
        trust_id = found.trust_id or known.get(found.id)
        if (found.wanted, found.stamp, found.trust_id) != (wanted, stamp,
                                                           trust_id):
            self.update(found.id, wanted, stamp, trust_id)
        if wanted.is_trusted and not found.confirmed:
            self.confirm(found.id)
        return found

    def _create(self, wanted, stamp):
        options = {**(_SHUT if wanted.is_trusted else wanted.options),
                   **stamp.as_metadata()}
        try:
            made = self._call(core.subscription_create, {
                'subscriber': wanted.subscriber,
                'ttl': self._first_ttl(wanted, stamp), 'options': options})
        except errors.Conflict:
            # It is there, and confirmed.
            found = self._to(wanted.subscriber)
            if found is None:
                raise
            return found
        return self.get(made['subscription_id'])

    @staticmethod
    def _first_ttl(wanted, stamp):
        # With Redis a PATCH shows another ttl, and does not make it true. A
        # trust that ends soon need not be found.
        return (first_ttl(stamp)
                if wanted.is_trusted and wanted.ttl == FOR_EVER
                else wanted.ttl)

    def _to(self, subscriber):
        return next((each for each in self if each.subscriber == subscriber),
                    None)

    def _page(self, marker):
        request, transport = self._queue.client._request_and_transport()
        return core.subscription_list(
            transport, request, self._queue.name, limit=limits.PAGE,
            marker=marker)['subscriptions']

    def _call(self, operation, *arguments):
        request, transport = self._queue.client._request_and_transport()
        return operation(transport, request, self._queue.name, *arguments)


def _subscription_confirm(transport, request, queue_name, subscription_id):
    request.operation = 'subscription_confirm'
    request.params['queue_name'] = queue_name
    request.params['subscription_id'] = subscription_id
    request.content = '{"confirmed": true}'
    transport.send(request)
