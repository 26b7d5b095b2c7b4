# SPDX-License-Identifier: Apache-2.0
"""A mailbox: a queue of a resource's own, that guests may post to.

Its name is nobody else's, and tells what it is: a guest's message may make the
queue before its owner does, or again after it was deleted, and then there is
no stamp.
"""
import re

from heat_plugins.zaqar import limits
from heat_plugins.zaqar import ownership

_PREFIX = 'heat-mailbox-'
# ends in the 12 characters that Heat makes of a resource's uuid
_NAME = re.compile(_PREFIX + r'[A-Za-z0-9_-]*-[a-z2-7]{12}')

#: Characters that are left for what ``name`` is given.
UNIQUE_LENGTH = limits.QUEUE_NAME_LENGTH - len(_PREFIX)


def name(unique):
    """The name of a mailbox.

    :param unique: the name that Heat makes of stack, resource and uuid.
    """
    return _PREFIX + unique


def is_name(queue_name):
    """Whether this is the name of a mailbox."""
    return _NAME.fullmatch(queue_name) is not None


class Mailbox:
    """The mailbox of a resource.

    :ivar queue: its ``heat_plugins.zaqar.queue.Queue``.
    :param stamp: the ``heat_plugins.zaqar.ownership.Stamp`` of its owner.
    :raises heat_plugins.zaqar.errors.ZaqarError: any call may; see there.
    """

    def __init__(self, queue, stamp):
        self.queue = queue
        self._stamp = stamp

    def open(self):
        """Make it, unless it is there."""
        ownership.claim(self.queue, self._stamp, {
            # what is posted must outlast the wait, whenever it begins
            '_default_message_ttl': limits.MESSAGE_TTL[1]}, unowned=True)

    def sign(self, seconds):
        """Credentials to post there, and for nothing else.

        :param seconds: how long they are good.
        :rtype: heat_plugins.zaqar.queue.SignedURL
        """
        return self.queue.signed_url(paths=['messages'], methods=['POST'],
                                     ttl_seconds=seconds)

    def is_ours(self):
        """Whether it is there and its owner's."""
        return ownership.owns(self.queue, self._stamp, unowned=True)

    def take_over(self):
        """Take it back from a replacement of its owner."""
        ownership.take_over(self.queue, self._stamp)

    def close(self):
        """Delete it, unless it is a replacement's by now."""
        ownership.release(self.queue, self._stamp, unowned=True)
