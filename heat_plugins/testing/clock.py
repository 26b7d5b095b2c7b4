# SPDX-License-Identifier: Apache-2.0
"""A clock that moves when told, so that tests need not sleep."""
import time


class ManualClock:
    """Seconds since the epoch, as ``time.time`` gives them.

    :param start: what it shows first; now by default.
    """

    def __init__(self, start=None):
        self._now = time.time() if start is None else start

    def __call__(self):
        return self._now

    def advance(self, seconds):
        """Let seconds pass."""
        self._now += seconds
