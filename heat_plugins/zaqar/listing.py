# SPDX-License-Identifier: Apache-2.0
"""The queues of a project, with their metadata."""
from zaqarclient.queues.v2 import core

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import limits


def queues(client, prefix):
    """The queues whose names begin so.

    Zaqar's Redis driver has no filter. Names come in order, and a listing
    begins behind a queue that there is: with one that is called as the
    prefix without its last character, the others are passed over.

    :param client: a ``heat_plugins.zaqar.client.Client``.
    :param prefix: two characters or more.
    :returns: a map of name → metadata, as the server gives it.
    :raises heat_plugins.zaqar.errors.ZaqarError: any error.
    """
    found, seen, marker = {}, set(), prefix[:-1]
    while True:
        page = [(name, metadata) for name, metadata in _page(client, marker)
                if name not in seen]
        seen.update(name for name, _metadata in page)
        found.update((name, metadata) for name, metadata in page
                     if name.startswith(prefix))
        marker = page[-1][0] if page else None
        if marker is None or (marker > prefix and
                              not marker.startswith(prefix)):
            return found


def _page(client, marker):
    request, transport = client._request_and_transport()
    answer = core.queue_list(transport, request, limit=limits.PAGE,
                             detailed=True, marker=marker)
    try:
        return [(each['name'], each.get('metadata') or {})
                for each in answer['queues']]
    except (KeyError, TypeError) as error:
        raise errors.UnexpectedAnswer(
            'The answer is not a list of queues: %.200s' % (
                answer,)) from error
