# SPDX-License-Identifier: Apache-2.0
"""One look for all pages that show the same, and only while there is one."""
import threading

from oslo_log import log as logging

LOG = logging.getLogger(__name__)

# Seconds after which a page that has nothing new is told so.
_QUIET = 15


class Source:
    """Looks again and again, and tells all who follow what is new.

    :param look: gives what there is to see: anything with ``==``. It tells of
        errors in that, and raises none.
    :param interval: seconds between two looks.
    """

    def __init__(self, look, interval):
        self._look = look
        self._interval = interval
        self._changed = threading.Condition()
        self._hurry = threading.Event()
        self._followers = 0
        self._number = 0
        self._seen = None
        self._is_looking = False

    def follow(self):
        """What there is to see, each time it changes; None now and then."""
        with self._changed:
            self._followers += 1
            if not self._is_looking:
                self._is_looking = True
                threading.Thread(target=self._run, daemon=True,
                                 name='heat-zaqar-view').start()
        known = 0
        try:
            while True:
                known, seen = self._newer(known)
                yield seen
        finally:
            with self._changed:
                self._followers -= 1

    def hasten(self):
        """Look soon: something has been done."""
        self._hurry.set()

    def _newer(self, known):
        with self._changed:
            is_new = self._changed.wait_for(
                lambda: self._number > known, _QUIET)
            return self._number, self._seen if is_new else None

    def _run(self):
        while self._goes_on():
            try:
                seen = self._look()
            except Exception:  # the page goes on when this is over
                LOG.exception('A look has failed; it is tried again')
                seen = self._seen
            with self._changed:
                if seen != self._seen:
                    self._seen = seen
                    self._number += 1
                    self._changed.notify_all()
            self._hurry.wait(self._interval)
            self._hurry.clear()

    def _goes_on(self):
        with self._changed:
            self._is_looking = self._followers > 0
            return self._is_looking
