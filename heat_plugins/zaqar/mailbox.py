# SPDX-License-Identifier: Apache-2.0
"""A mailbox: a queue of a resource's own, that guests may post to."""
from heat_plugins.zaqar import limits
from heat_plugins.zaqar import ownership


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
            '_default_message_ttl': limits.MESSAGE_TTL[1]})

    def sign(self, seconds):
        """Credentials to post there, and for nothing else.

        :param seconds: how long they are good.
        :rtype: heat_plugins.zaqar.queue.SignedURL
        """
        return self.queue.signed_url(paths=['messages'], methods=['POST'],
                                     ttl_seconds=seconds)

    def is_ours(self):
        """Whether it is there and its owner's."""
        return ownership.owns(self.queue, self._stamp)

    def take_over(self):
        """Take it back from a replacement of its owner."""
        ownership.take_over(self.queue, self._stamp)

    def close(self):
        """Delete it, unless it is a replacement's by now."""
        ownership.release(self.queue, self._stamp)
