# SPDX-License-Identifier: Apache-2.0
"""Keeping what a worker works on: its claim, its place in the store, life."""
import threading
import time

from oslo_log import log as logging

from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

# How many renewals or beats there are in the time that one is good for.
_OFTEN = 3
# Seconds that a beat is good for: when the request does not say, and at least
# and at most, whatever it says.
_HEARTBEAT = 90
_HEARTBEATS = (1, 3600)
# What a beat says when the handler has said nothing.
_AT_WORK = 'at work'


def interval(heartbeat):
    """Seconds between two beats, whatever a request asks for.

    :param heartbeat: seconds that a beat is good for, or None.
    """
    least, most = _HEARTBEATS
    # In this order NaN, which JSON may bring, becomes the least.
    return min(most, max(least, heartbeat or _HEARTBEAT)) / _OFTEN


class Keeping:
    """Keeps a request, for the time of a ``with`` block, by a thread.

    :param renew: called from time to time, to renew claim and store.
    :param seconds: that both are good for.
    :param beat: called from time to time with a text for people, to reply
        IN_PROGRESS.
    :param heartbeat: seconds that a beat is good for; None if nobody cares.
    """

    def __init__(self, renew, seconds, beat, heartbeat=None):
        self._beat = beat
        self._text = _AT_WORK
        self._every = {renew: seconds / _OFTEN,
                       self._show_life: interval(heartbeat)}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._done.set()
        self._thread.join()

    def progress(self, text):
        """Tell how far it is: now, and with each beat to come."""
        self._text = str(text)
        self._try(self._show_life)

    def _show_life(self):
        self._beat(self._text)

    def _run(self):
        due = {act: time.monotonic() + every
               for act, every in self._every.items()}
        while True:
            act = min(due, key=due.get)
            if self._done.wait(max(0, due[act] - time.monotonic())):
                return
            self._try(act)
            due[act] = time.monotonic() + self._every[act]

    @staticmethod
    def _try(act):
        try:
            act()
        except errors.ZaqarError as error:
            LOG.warning('Could not renew a claim or send a sign of life; '
                        'trying again: %s', error)
        # The store is the caller's.
        except Exception:
            LOG.exception('Could not renew a claim or send a sign of life; '
                          'trying again')
