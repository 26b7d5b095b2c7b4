# SPDX-License-Identifier: Apache-2.0
"""How long a worker rests when its queue is empty.

Where Zaqar pushes what comes, it rests until then. A request that a dead
worker had claimed comes back without a push.
"""
import threading

from heat_plugins.waiting import door
from heat_plugins.waiting import doorbell

#: Seconds of the first pause when nothing is there. It grows.
SHORTEST = 0.05
# Seconds between two looks at a queue of which Zaqar pushes what comes; and
# seconds after which the subscription for that is made anew.
_PUSHED, _RENEWED = 15, 600


class Bell:
    """Rests between two looks, which come at once after a push.

    :param queue: the name of the queue.
    :param poll: seconds between two looks where nothing is pushed.
    """

    def __init__(self, queue, poll):
        self._queue = queue
        self._poll = poll
        self._rung = threading.Event()
        self._is_pushed = False
        self._pause = SHORTEST
        self._doorbell = None

    def listen(self, client, is_expected=False):
        """Have Zaqar push what comes to the queue, if it can.

        :param client: a ``heat_plugins.zaqar.client.Client``.
        :param is_expected: as for ``heat_plugins.waiting.door.Door``.
        """
        self._doorbell = doorbell.Doorbell(
            door.Door(client, is_expected=is_expected), self, _RENEWED)
        self._doorbell.begin()
        self._doorbell.hang(self._queue)

    def rest(self, longest=None):
        """Until it is time to look again.

        :param longest: seconds at most, in trouble.
        """
        is_rung = self._rung.wait(self._pause)
        self._rung.clear()
        longest = longest or (_PUSHED if self._is_pushed else self._poll)
        self._pause = SHORTEST if is_rung else min(longest, 2 * self._pause)

    def wake(self):
        """There was something, so there may be more."""
        self._pause = SHORTEST

    def disturb(self):
        """Rest no longer; may be called by a handler of signals."""
        self._rung.set()

    def close(self):
        """Listen no more."""
        if self._doorbell is not None:
            self._doorbell.end()

    # What a doorbell tells.

    def push_begins(self, _queue):
        self._is_pushed = True
        self._rung.set()

    def push(self, _queue, _delay):
        self._rung.set()

    def push_ends(self, _queue):
        self._is_pushed = False
        self._rung.set()
