# SPDX-License-Identifier: Apache-2.0
"""Subscriptions, which belong to a queue's name rather than to the queue."""
import dataclasses
import typing
import uuid


@dataclasses.dataclass
class Subscription:
    """A subscription; nothing is ever delivered to it."""
    id: str
    source: str
    subscriber: str
    ttl: int
    expires: int
    options: typing.Any
    confirmed: bool = False


class Subscriptions:
    """The subscriptions of all queues.

    :param now: gives the time in whole seconds.
    """

    def __init__(self, now):
        self._now = now
        self._queues = {}

    def all(self, key):
        """Those of a queue that have not expired, as Redis sorts them."""
        return [each for _, each in sorted(self._queues.get(key, {}).items())
                if self._now() < each.expires]

    def page(self, key, marker, limit):
        """A page of them; an unknown marker starts over."""
        everything = self.all(key)
        ids = [each.id for each in everything]
        start = ids.index(marker) + 1 if marker in ids else 0
        return everything[start:start + limit]

    def get(self, key, subscription_id):
        """One of them, or None."""
        return next((each for each in self.all(key)
                     if each.id == subscription_id), None)

    def to(self, key, subscriber):
        """The one with this subscriber, or None."""
        return next((each for each in self.all(key)
                     if each.subscriber == subscriber), None)

    def create(self, key, subscriber, ttl, options):
        """Make one; a queue has each subscriber once.

        :returns: the subscription's id.
        """
        made = Subscription(str(uuid.uuid4()), key[1], subscriber, ttl,
                            self._now() + ttl, options)
        self._queues.setdefault(key, {})[made.id] = made
        return made.id

    def update(self, subscription, subscriber=None, ttl=None, options=None):
        """Change what is given."""
        if subscriber is not None:
            subscription.subscriber = subscriber
        if ttl is not None:
            subscription.ttl = ttl
            subscription.expires = self._now() + ttl
        if options is not None:
            subscription.options = options

    def delete(self, key, subscription_id):
        """Delete one; gone is fine."""
        self._queues.get(key, {}).pop(subscription_id, None)

    def clear(self, key):
        """Delete all of a queue's."""
        self._queues.pop(key, None)
