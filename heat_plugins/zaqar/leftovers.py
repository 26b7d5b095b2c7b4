# SPDX-License-Identifier: Apache-2.0
"""Mailboxes that their stacks have left behind.

Zaqar makes a queue at any message, so that a signal that comes after its
stack's end makes the mailbox again. A custom resource that is retained leaves
its own, too.
"""
import dataclasses
import re

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import limits
from heat_plugins.zaqar import mailbox
from heat_plugins.zaqar import ownership

# What a mailbox has beside its stamp.
_METADATA = {'_default_message_ttl': limits.MESSAGE_TTL[1]}


@dataclasses.dataclass(frozen=True)
class Leftover:
    """A mailbox without a stack.

    :ivar name: of the queue.
    :ivar messages: how many are in it.
    :ivar stack_id: of the stack that it was made for, or None when it is not
        known: then it was made by a message.
    """
    name: str
    messages: int
    stack_id: str | None


def find(client, stacks):
    """The mailboxes in a project that no stack of it can be the owner of.

    :param client: a ``heat_plugins.zaqar.client.Client``.
    :param stacks: called to get (id, name) of each stack that there is, with
        nested ones. It is called after the queues were listed, so that it
        knows the stack of each.
    :returns: a list of ``Leftover``.
    """
    names = _queue_names(client)
    living = dict(stacks())
    found = (_leftover(client.queue(name), living) for name in names)
    return [each for each in found if each is not None]


def _queue_names(client):
    names, marker, page = set(), {}, True
    while page:
        # Zaqar may begin anew behind the last one.
        page = [each.name for each in
                client.queues(limit=limits.PAGE, **marker)[0]
                if each.name not in names]
        names.update(page)
        marker = {'marker': page[-1]} if page else {}
    return sorted(names)


def _leftover(queue, living):
    try:
        metadata = queue.metadata()
        stamp = ownership.Stamp.of(metadata)
        if not _is_mailbox(queue.name, metadata, stamp):
            return None
        if stamp is None:
            is_needed = any(may_be_of(queue.name, each)
                            for each in living.values())
        else:
            is_needed = stamp.stack_id in living
        return None if is_needed else Leftover(
            queue.name, queue.stats['total'], stamp and stamp.stack_id)
    except errors.NotFound:
        return None


def _is_mailbox(name, metadata, stamp):
    if stamp is not None and stamp.mailbox:
        return True
    # A queue of somebody's own that happens to have such a name has more.
    rest = {key: value for key, value in metadata.items()
            if key != ownership.KEY}
    return mailbox.is_name(name) and rest in ({}, _METADATA)


def may_be_of(name, stack_name):
    """Whether a mailbox of this name may belong to a stack of that name.

    Heat cuts a long name: its first two characters, a hyphen and its end are
    left. That may be of many stacks.
    """
    unique = name.removeprefix(mailbox.name(''))
    beginning = re.sub('[^A-Za-z0-9_-]', '-', stack_name) + '-'
    may_be_cut = len(unique) == mailbox.UNIQUE_LENGTH and unique[2] == '-'
    return unique.startswith(beginning) or (
        may_be_cut and unique[:2] == beginning[:2])
