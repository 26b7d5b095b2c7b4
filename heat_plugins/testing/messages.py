# SPDX-License-Identifier: Apache-2.0
"""Messages in their queues, and the claims on them.

A message that has expired leaves its place in its queue: listings count it
and show nothing there, until a claim that passes it clears it away.
"""
import dataclasses
import typing
import uuid

MAX_CLAIM_COUNT = '_max_claim_count'
DEAD_LETTER_QUEUE = '_dead_letter_queue'
DEAD_LETTER_TTL = '_dead_letter_queue_messages_ttl'


class WrongClaim(Exception):
    """A claim was named that the message does not have."""


class NoSuchClaim(Exception):
    """A claim was named that is not there, or has expired."""


class IsClaimed(Exception):
    """The message is claimed, and no claim was named."""


class Unreadable(Exception):
    """The server would have stumbled over its own data."""


@dataclasses.dataclass
class Message:
    """A message.

    :ivar expires: when listings leave it out.
    :ivar vanishes: when Redis drops it, whatever claims have made of
        ``expires``.
    """
    id: str
    body: typing.Any
    ttl: int
    created: int
    expires: int
    vanishes: int
    client: str
    visible: int
    claim: str | None = None
    claim_expires: int = 0
    claim_count: int = 0

    def is_claimed(self, now):
        return self.claim is not None and now < self.claim_expires


@dataclasses.dataclass
class Claim:
    """A claim, and the messages it still holds.

    :ivar count: how many it holds for the statistics, which do not hear of
        messages that went with their queue.
    """
    id: str
    ttl: int
    expires: int
    messages: list
    count: int


class Messages:
    """The messages of all queues.

    :param now: gives the time in whole seconds.
    :param metadata: gives a queue's metadata, or None without a queue.
    """

    def __init__(self, now, metadata):
        self._now = now
        self._metadata = metadata
        self._messages = {}
        self._queues = {}
        self._claims = {}

    def get(self, message_id):
        """A message that is still there, whatever queue it is in."""
        found = self._messages.get(message_id)
        if found is None or found.vanishes <= self._now():
            return None
        return found

    def count(self, key):
        """How many places are taken in a queue, expired ones included."""
        return len(self._ids(key))

    def ends(self, key):
        """The oldest and the newest message; None for each that expired."""
        ids = self._ids(key)
        return self.get(ids[0]), self.get(ids[-1])

    def post(self, key, documents, client):
        """Append messages.

        :param documents: maps of ``ttl``, ``body`` and perhaps ``delay``.
        :returns: their ids.
        """
        now, ids = self._now(), []
        for each in documents:
            message = Message(
                str(uuid.uuid4()), each['body'], each['ttl'], now,
                now + each['ttl'], now + each['ttl'], client,
                now + each.get('delay', 0))
            self._messages[message.id] = message
            ids.append(message.id)
        self._ids(key).extend(ids)
        return ids

    def page(self, key, client, marker, limit, echo, include_claimed,
             include_delayed):
        """A page of a listing, with all that the Redis driver hides.

        :raises Unreadable: for claimed messages, it wants a marker.
        """
        if not marker and include_claimed:
            raise Unreadable
        now, ids = self._now(), self._ids(key)
        start = self._start(ids, marker, now)
        found = [self.get(each) for each in ids[start:start + limit]]
        return [each for each in found if each is not None and
                now < each.expires and
                (include_claimed or not each.is_claimed(now)) and
                (include_delayed or each.visible <= now) and
                (echo or each.client != client)]

    def _start(self, ids, marker, now):
        if marker:
            # An unknown marker starts over, and so does the first message.
            rank = ids.index(marker) if marker in ids else 0
            return rank + 1 if rank else 0
        for rank, each in enumerate(ids):
            message = self.get(each)
            if message is not None and not message.is_claimed(now):
                return rank
        return 0

    def delete(self, key, message_id, claim_id):
        """Delete one message, which may take naming its claim.

        :raises IsClaimed: it is claimed, and no claim was named.
        :raises WrongClaim: it does not have the claim that was named.
        :raises NoSuchClaim: there is no such claim.
        """
        message = self.get(message_id)
        if message is None:
            return
        claimed = message.is_claimed(self._now())
        if claim_id is None:
            if claimed:
                raise IsClaimed
        elif not _is_uuid(claim_id):
            raise NoSuchClaim
        elif not claimed:
            raise WrongClaim
        elif message.claim != claim_id:
            if self.claim(key, claim_id) is None:
                raise NoSuchClaim
            raise IsClaimed
        self.delete_many(key, [message_id])

    def delete_many(self, key, message_ids):
        """Delete messages, claimed or not."""
        ids, now = self._ids(key), self._now()
        for each in message_ids:
            message = self.get(each)
            if message is None:
                continue
            del self._messages[each]
            if each in ids:
                ids.remove(each)
            if message.is_claimed(now):
                claim = self._claims.get(key, {}).get(message.claim)
                if claim is not None:
                    claim.count -= 1
                    if each in claim.messages:
                        claim.messages.remove(each)

    def clear(self, key):
        """Delete all messages of a queue."""
        for each in self._queues.pop(key, ()):
            self._messages.pop(each, None)

    def claim(self, key, claim_id):
        """A claim that is in force, or None."""
        claim = self._claims.get(key, {}).get(claim_id)
        if claim is None or self._metadata(key) is None:
            return None
        if claim.expires <= self._now():
            del self._claims[key][claim_id]
            return None
        return claim

    def claimed(self, claim):
        """The messages that a claim holds and that are still there."""
        return [message for each in claim.messages
                if (message := self.get(each)) is not None]

    def claimed_count(self, key):
        """How many messages of a queue are claimed.

        :raises Unreadable: a claim has expired, and nobody has collected it.
        """
        claims = self._claims.get(key, {}).values()
        if any(each.expires <= self._now() for each in claims):
            raise Unreadable
        return sum(each.count for each in claims)

    def make_claim(self, key, ttl, grace, limit):
        """Claim messages.

        The first has to be free; those after it are taken as they are.

        :returns: the claim's id and its messages; None without messages.
        """
        now, claim_id = self._now(), str(uuid.uuid4())
        taken = self._claimable(key, limit, now)
        if not taken:
            return None, []
        for each in taken:
            each.claim, each.claim_expires = claim_id, now + ttl
            if each.expires < now + ttl:
                each.ttl = ttl + grace
                each.expires = now + ttl + grace
        self._claims.setdefault(key, {})[claim_id] = Claim(
            claim_id, ttl, now + ttl, [each.id for each in taken], len(taken))
        metadata = self._metadata(key) or {}
        if MAX_CLAIM_COUNT in metadata and DEAD_LETTER_QUEUE in metadata:
            taken = self._without_dead(key, taken, metadata)
        return (claim_id, taken) if taken else (None, [])

    def renew_claim(self, claim, ttl, grace):
        """Let a claim run anew."""
        now = self._now()
        claim.ttl, claim.expires = ttl, now + ttl
        for each in self.claimed(claim):
            each.claim, each.claim_expires = claim.id, claim.expires
            if each.expires <= claim.expires:
                each.ttl = ttl + grace
                each.expires = claim.expires + grace
            each.vanishes = now + each.ttl

    def release_claim(self, key, claim):
        """End a claim; what it holds is free."""
        now = self._now()
        del self._claims[key][claim.id]
        for each in self.claimed(claim):
            each.claim, each.claim_expires = None, now
            each.vanishes = now + each.ttl

    def _claimable(self, key, limit, now):
        taken, found_free, ids = [], False, self._ids(key)
        for each in list(ids):
            message = self.get(each)
            if message is None:
                if not found_free:
                    ids.remove(each)
                continue
            found_free = found_free or (
                message.visible <= now and not message.is_claimed(now))
            if found_free:
                taken.append(message)
            if len(taken) == limit:
                break
        return taken

    def _without_dead(self, key, taken, metadata):
        """Count the claim; who was claimed too often goes elsewhere."""
        alive = []
        for each in taken:
            if each.claim_count < metadata[MAX_CLAIM_COUNT]:
                each.claim_count += 1
                alive.append(each)
                continue
            each.ttl = metadata.get(DEAD_LETTER_TTL) or each.ttl
            self._ids(key).remove(each.id)
            self._ids((key[0], metadata[DEAD_LETTER_QUEUE])).append(each.id)
        return alive

    def _ids(self, key):
        return self._queues.setdefault(key, [])


def _is_uuid(text):
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
