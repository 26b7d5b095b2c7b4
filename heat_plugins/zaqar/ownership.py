# SPDX-License-Identifier: Apache-2.0
"""Who made a queue: a stamp in its metadata. Subscriptions bear it, too.

Zaqar makes a queue of any name at its first message and answers a second PUT
as if it had worked, so that only a stamp tells ours from theirs. It names
the stack and the resource, which are the same when a create is tried again,
and the resource's uuid, which a replacement has of its own: so the old one,
deleted after it, does not take the queue with it.

Zaqar may also lose a stamp: a PUT of a queue that a message has just made is
ignored, and a message that makes it at the same moment overwrites what the PUT
brought. So a queue without an owner is ours if nobody else would use its name.
"""
import dataclasses

from heat_plugins.zaqar import errors

#: The key of the stamp in the queue's metadata.
KEY = '_heat_owner'


@dataclasses.dataclass(frozen=True)
class Stamp:
    """The owner of a queue or subscription.

    :ivar mailbox: whether the queue is the mailbox of a handle, whose
        messages are for one wait only.
    """
    stack_id: str
    resource: str
    uuid: str
    mailbox: bool = False

    @classmethod
    def of(cls, metadata):
        """The stamp in a queue's metadata; None when there is none."""
        try:
            return cls(**metadata[KEY])
        except (KeyError, TypeError):
            return None

    def as_metadata(self):
        """What ``of`` reads: to be merged into metadata or options."""
        return {KEY: dataclasses.asdict(self)}

    def is_same_resource(self, other):
        """Whether both name one resource of a template."""
        return other is not None and ((self.stack_id, self.resource) ==
                                      (other.stack_id, other.resource))


def is_unowned(metadata):
    """Whether nothing in a queue's metadata claims to be a stamp."""
    return KEY not in metadata


def claim(queue, stamp, metadata, unowned=False):
    """Create the queue with the stamp, or find that we did so before.

    :param metadata: what else to set on a queue of ours.
    :param unowned: whether a queue without an owner is taken, too.
    :returns: False when a queue is there that is not ours: unchanged.
    """
    stamped = {**metadata, **stamp.as_metadata()}
    if not queue.create(stamped) and not _is_ours(
            queue.metadata(), stamp, unowned):
        return False
    # looks again: a message may have made the queue at the same moment
    queue.update(stamped)
    return True


def owns(queue, stamp, unowned=False):
    """Whether the queue is there and was made for this resource."""
    try:
        return _is_ours(queue.metadata(), stamp, unowned)
    except errors.NotFound:
        return False


def take_over(queue, stamp):
    """Stamp anew a queue that a replacement of ours had stamped."""
    if stamp.is_same_resource(Stamp.of(queue.metadata())):
        queue.update(stamp.as_metadata())


def release(queue, stamp, unowned=False):
    """Delete the queue if the stamp on it is exactly this one.

    :returns: False when a queue is there that is not ours (any more).
    """
    try:
        metadata = queue.metadata()
    except errors.NotFound:
        return True
    if Stamp.of(metadata) != stamp and not (unowned and is_unowned(metadata)):
        return False
    queue.delete()
    return True


def _is_ours(metadata, stamp, unowned):
    return (stamp.is_same_resource(Stamp.of(metadata)) or
            unowned and is_unowned(metadata))
