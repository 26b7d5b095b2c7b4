# SPDX-License-Identifier: Apache-2.0
"""The request that a handler is called with."""
import copy


class Task:
    """One request, and a way to tell how far it is.

    The fields of ``heat_plugins.custom.request.Request`` are attributes of
    it, such as ``request_id``, ``physical_id``, ``properties`` and
    ``old_properties``. When a worker dies within a handler, the handler is
    called again with the same ``request_id``.

    :param request: the ``Request``.
    :param tell: called with a text for people.
    """

    def __init__(self, request, tell):
        self._request = request
        self._tell = tell

    def __getattr__(self, name):
        # A copy is asked for much before it has its request.
        if name.startswith('_'):
            raise AttributeError(name)
        return getattr(self._request, name)

    def __deepcopy__(self, memo):
        return Task(copy.deepcopy(self._request, memo), self._tell)

    def __reduce__(self):
        return Task, (self._request, _tell_nobody)

    def __copy__(self):
        return Task(self._request, self._tell)

    def progress(self, text):
        """Show a text in the events of the stack, as a sign of life.

        Nothing is raised if it cannot be sent. It does nothing on a copy that
        was pickled: call it in the process where the handler was called.
        """
        self._tell(text)


def _tell_nobody(_text):
    """What is left of ``tell`` in another process."""
