# SPDX-License-Identifier: Apache-2.0
"""A queue as a guest uses it: by a signed URL, without Keystone."""
import re

from keystoneauth1 import adapter
from keystoneauth1 import noauth
from keystoneauth1 import session

from heat_plugins.zaqar import client

_URL = re.compile(r'(https?://.+)/v2/queues/([^/?]+)(?:/messages)?/?')


def queue(url, headers, connections=None, **options):
    """The queue that a signed URL is for; nothing is sent.

    :param url: of the queue or its messages, as the attribute ``url`` of
        ``Zaqar::Messaging::SignedURL`` has it, or ``reply`` of a request.
    :param headers: the map that goes with it.
    :param connections: a ``requests.Session`` to use, by default one of its
        own.
    :param options: for ``heat_plugins.zaqar.client.Client``.
    :rtype: heat_plugins.zaqar.queue.Queue
    :raises ValueError: the URL is not one of a queue.
    """
    found = _URL.fullmatch(url)
    if found is None:
        raise ValueError('"%s" is no URL of a queue: '
                         'http(s)://HOST/v2/queues/NAME is due' % url)
    endpoint, name = found.groups()
    return client.Client(
        adapter.Adapter(
            session.Session(noauth.NoAuth(endpoint=endpoint),
                            session=connections),
            service_type='messaging', additional_headers=headers),
        **options).queue(name)
