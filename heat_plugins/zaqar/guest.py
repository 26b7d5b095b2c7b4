# SPDX-License-Identifier: Apache-2.0
"""A queue as a guest uses it: by a signed URL, without Keystone."""
import re
from urllib import parse

from keystoneauth1 import adapter
from keystoneauth1 import noauth
from keystoneauth1 import session

from heat_plugins.zaqar import client
from heat_plugins.zaqar import limits
from heat_plugins.zaqar import queue as queues

_URL = re.compile(r'(https?://[^\s?#]+)/v2/queues/(%s)(?:/messages)?/?' %
                  limits.QUEUE_NAME)
_PORTS = {'http': 80, 'https': 443}


class GuestQueue(queues.Queue):
    """A queue of which its guest may use the messages and claims only."""

    def exists(self):
        """True: to a guest Zaqar shows a missing queue as an empty one."""
        return True


def queue(url, headers, connections=None, **options):
    """The queue that a signed URL is for; nothing is sent.

    :param url: of the queue or its messages, as the attribute ``url`` of
        ``Zaqar::Messaging::SignedURL`` has it, or ``reply`` of a request.
    :param headers: the map that goes with it.
    :param connections: a ``requests.Session`` to use, by default one of its
        own.
    :param options: for ``heat_plugins.zaqar.client.Client``.
    :rtype: GuestQueue
    :raises ValueError: the URL is not one of a queue.
    """
    endpoint, name = split(url)
    zaqar = client.Client(
        adapter.Adapter(
            session.Session(noauth.NoAuth(endpoint=endpoint),
                            session=connections),
            service_type='messaging', additional_headers=headers),
        **options)
    return GuestQueue(zaqar, name, auto_create=False)


def split(url):
    """The endpoint of Zaqar and the name of the queue in a queue's URL.

    :raises ValueError: the URL is not one of a queue.
    """
    found = _URL.fullmatch(url)
    if found is None:
        raise ValueError('"%s" is not the URL of a queue, which looks like '
                         'https://HOST/v2/queues/NAME' % url)
    return found.groups()


def place(endpoint):
    """What an endpoint has in common with all other spellings of its URL.

    :raises ValueError: it is not a URL of HTTP.
    """
    parts = parse.urlsplit(endpoint)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError('"%s" is not a URL that begins with http:// or '
                         'https:// and a host' % endpoint)
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError('"%s" is more than the URL of an endpoint' %
                         endpoint)
    return (parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme],
            parts.path.rstrip('/'))
