# SPDX-License-Identifier: Apache-2.0
"""Sending replies, by the URL that a request brings."""
import requests
import tenacity

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import guest

# Pauses between two tries grow to this many seconds.
_LONGEST_PAUSE = 30


class Replying:
    """Sends replies; all threads of a worker share its connections.

    :param stopping: a ``threading.Event``: after it nothing is tried again.
    """

    def __init__(self, stopping):
        self._stopping = stopping
        self._connections = requests.Session()

    def send(self, reply_to, body):
        """Send a reply, trying again while Zaqar is in trouble.

        It may well come twice.

        :param reply_to: a ``heat_plugins.custom.request.ReplyTo``.
        :param body: of the reply, a map.
        :raises heat_plugins.zaqar.errors.ZaqarError: it cannot be sent.
        :raises ValueError: the URL is none of Zaqar's.
        """
        for attempt in tenacity.Retrying(
                retry=tenacity.retry_if_exception_type(errors.PASSING),
                wait=tenacity.wait_random_exponential(max=_LONGEST_PAUSE),
                stop=tenacity.stop_when_event_set(self._stopping),
                sleep=self._stopping.wait, reraise=True):
            with attempt:
                self.send_once(reply_to, body)

    def send_once(self, reply_to, body):
        """Send a reply, by one try."""
        guest.queue(reply_to.url, reply_to.headers,
                    self._connections).post([{'body': body}])
