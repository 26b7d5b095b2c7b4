# SPDX-License-Identifier: Apache-2.0
"""Posting several messages, of which Zaqar may refuse some."""
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import limits


def post(queue, messages):
    """Post to a queue, in order.

    :param queue: a ``heat_plugins.zaqar.queue.Queue``.
    :param messages: list of maps of ``body`` and, maybe, ``ttl``.
    :returns: the errors of those that are refused for good, by their places
        in the list.
    :raises heat_plugins.zaqar.errors.ZaqarError: Zaqar is away; some of them
        may be there.
    """
    refused = {}
    for start in range(0, len(messages), limits.PAGE):
        _post(queue, messages[start:start + limits.PAGE], start, refused)
    return refused


def _post(queue, messages, start, refused):
    try:
        queue.post(messages)
    except errors.Refused as error:
        if isinstance(error, errors.PASSING):
            raise
        if len(messages) == 1:
            refused[start] = error
            return
        # They are too large together, or one of them is refused.
        half = len(messages) // 2
        _post(queue, messages[:half], start, refused)
        _post(queue, messages[half:], start + half, refused)
