# SPDX-License-Identifier: Apache-2.0
"""The threads that look at the queues where a bell hangs."""
import threading

from oslo_log import log as logging

LOG = logging.getLogger(__name__)

# Seconds that one rests at most.
_REST = 60


class Lookers:
    """Look at what is due, until the end.

    Each takes the next place when it is ready for it. If Zaqar is slower than
    the schedule, all looks come later, in their order, and none pile up.

    :param bell: a ``heat_plugins.waiting.bell.Bell``.
    :param count: how many threads.
    """

    def __init__(self, bell, count):
        self._bell = bell
        self._is_over = threading.Event()
        for number in range(count):
            # One that waits for Zaqar does not keep the process.
            threading.Thread(target=self._run, daemon=True,
                             name='heat-zaqar-look-%d' % number).start()

    def end(self):
        """Begin no look any more; the bell ends too."""
        self._is_over.set()
        self._bell.end()

    def _run(self):
        while not self._is_over.is_set():
            place = self._bell.take()
            if place is None:
                self._bell.rest(_REST)
                continue
            try:
                self._bell.look(place)
            except Exception:
                LOG.exception('A look at %s failed; going on', place)
