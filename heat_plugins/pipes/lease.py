# SPDX-License-Identifier: Apache-2.0
"""The right to serve a lane, which one process has at a time.

It is the claim on a message in a queue of its own. Of claims in a queue that
others claim from, too, Zaqar's Redis driver promises nothing, but a claim of
one message is nobody else's.
"""
import hashlib
import threading
import time

from oslo_log import log as logging

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import limits

LOG = logging.getLogger(__name__)

#: Seconds that it is good for, unless it is renewed, and between two renewals.
TTL, RENEWED = 60, 15
# The names of the queues.
_OF_PIPE, _OF_SOURCE = '%s-lease', 'heat-zaqar-lease-%s'


def of_pipe(queue):
    """The name of the queue for the lease on the queue of a pipe."""
    return _OF_PIPE % queue


def of_source(queue):
    """The name of the one for the lease on a source."""
    # The name of a source may be as long as one can be.
    return _OF_SOURCE % hashlib.sha256(queue.encode()).hexdigest()[:32]


class Lease:
    """A lease on a lane.

    :param queue: the ``heat_plugins.zaqar.queue.Queue`` for it alone.
    :raises heat_plugins.zaqar.errors.ZaqarError: any call may; see there.
    """

    def __init__(self, queue, clock=time.monotonic):
        self._queue = queue
        self._clock = clock
        self._lock = threading.Lock()
        self._claim = None
        self._until = 0

    @property
    def is_held(self):
        """Whether this process has it, and nobody else can."""
        return self._claim is not None and self._clock() < self._until

    def take(self):
        """Take it if nobody has it.

        :returns: whether this process has it then.
        """
        with self._lock:
            return self.is_held or self._take()

    def renew(self):
        """Have it longer, if this process has it."""
        with self._lock:
            if self._claim is None:
                return
            began = self._clock()
            try:
                self._claim.update(ttl=TTL, grace=TTL)
            except errors.NotFound:
                LOG.warning('The lease "%s" was lost: it ended, or its queue '
                            'was deleted', self._queue.name)
                self._claim = None
            else:
                self._until = began + TTL

    def give_back(self):
        """Let others have it at once."""
        with self._lock:
            claim, self._claim = self._claim, None
            if claim is not None:
                claim.delete()

    def remove(self):
        """Nobody needs it any more."""
        with self._lock:
            self._claim = None
            self._queue.delete()

    def _take(self):
        if not self._queue.page():
            self._queue.post([{'body': 'lease', 'ttl': limits.MESSAGE_TTL[1]}])
        began = self._clock()
        claim = self._queue.claim(ttl=TTL, grace=TTL, limit=1)
        if claim.id is None:
            return False
        [message] = list(claim)
        page = self._queue.page()
        if not page or page[0]['id'] != message.id:
            # Two have found none at the same moment: the first one counts.
            self._queue.delete_messages(message.id)
            return False
        self._claim, self._until = claim, began + TTL
        return True
