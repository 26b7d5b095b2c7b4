# SPDX-License-Identifier: Apache-2.0
"""Sending replies, by the URL that a request brings.

Whoever may post to the queue writes that URL: it is used only if it leads to
Zaqar, and with no other headers than a signed URL has.
"""
import re

import requests

from heat_plugins.messages import texts
from heat_plugins.zaqar import guest

# Seconds to wait for an answer: a handler may be waiting meanwhile.
_TIMEOUT = 10
_HEADERS = frozenset([
    'url-signature', 'url-expires', 'url-methods', 'url-paths',
    'x-project-id', 'client-id', 'content-type'])
_HEADER_VALUE = re.compile('[!-~]([ -~]*[!-~])?')


class BadAddress(ValueError):
    """A reply must not go where the request says; the text says why."""


class Replying:
    """Sends replies; all threads of a worker share its connections.

    :param endpoints: the URLs of Zaqar, without a version, that replies may
        go to.
    :raises ValueError: one of them is no URL.
    """

    def __init__(self, endpoints=()):
        self._places = set()
        self._connections = requests.Session()
        self.allow(endpoints)

    def allow(self, endpoints):
        """Let replies go to these endpoints as well."""
        self._places.update(map(guest.place, endpoints))

    def check(self, reply_to):
        """Find out whether a reply may go there; nothing is sent.

        :param reply_to: a ``heat_plugins.custom.request.ReplyTo``.
        :raises BadAddress: it may not.
        """
        try:
            endpoint, _name = guest.split(reply_to.url)
            place = guest.place(endpoint)
        except ValueError as error:
            raise BadAddress('reply.url: %s' % texts.line(str(error))
                             ) from error
        if place not in self._places:
            raise BadAddress(
                'reply.url: %s is not an endpoint that this worker replies '
                'to. If it belongs to your Zaqar, allow it with --reply-to' %
                texts.line(endpoint))
        for name, value in _known(reply_to.headers).items():
            if not _HEADER_VALUE.fullmatch(value):
                raise BadAddress('reply.headers.%s: not a valid value of an '
                                 'HTTP header' % name)

    def send(self, reply_to, body):
        """Send a reply once.

        :param reply_to: a ``heat_plugins.custom.request.ReplyTo`` that has
            been checked.
        :param body: of the reply, a map.
        :raises heat_plugins.zaqar.errors.ZaqarError: it cannot be sent.
        """
        guest.queue(reply_to.url, _known(reply_to.headers), self._connections,
                    timeout=_TIMEOUT).post([{'body': body}])


def _known(headers):
    return {name: value for name, value in headers.items()
            if name.lower() in _HEADERS}
