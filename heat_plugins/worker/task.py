# SPDX-License-Identifier: Apache-2.0
"""The request that a handler is called with."""
from collections import abc
import datetime

from heat_plugins.custom import request as requests


class Task:
    """One request, and a way to tell how far it is.

    When a worker dies within a handler, the handler is called again with the
    same ``request_id``.

    :ivar request_id: the id of the request, a UUID.
    :ivar request_type: ``Create``, ``Update`` or ``Delete``.
    :ivar resource_type: as the template has it.
    :ivar resource_name: as the template has it.
    :ivar stack_id: the id of the stack.
    :ivar stack_name: the name of the stack.
    :ivar project_id: the id of the project that the stack is in.
    :ivar physical_id: the id of the thing; None for a create.
    :ivar properties: what the thing is to have, a map; for a delete, what it
        has.
    :ivar old_properties: for an update, what it has; otherwise None.
    :ivar heartbeat: seconds within which a sign of life must come, which the
        worker sends by itself; None for no limit.
    :ivar deadline: a ``datetime`` in UTC: until then the resource waits for
        the result. None if it is not known.
    :param request: a ``heat_plugins.custom.request.Request``.
    :param tell: called with a text for people.
    """

    def __init__(self, request: requests.Request,
                 tell: abc.Callable[[str], object]) -> None:
        self.request_id = request.request_id
        self.request_type = request.request_type
        self.resource_type = request.resource_type
        self.resource_name = request.resource_name
        self.stack_id = request.stack_id
        self.stack_name = request.stack_name
        self.project_id = request.project_id
        self.physical_id = request.physical_id
        self.properties = request.properties
        self.old_properties = request.old_properties
        self.heartbeat = request.heartbeat
        self.deadline = request.until
        self._teller = _Teller(tell)

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the result any more: the deadline is over.

        Whoever has made a part of a thing may as well remove it again, and
        raise ``Failed``.
        """
        return (self.deadline is not None and
                datetime.datetime.now(datetime.UTC) >= self.deadline)

    def progress(self, text: str) -> None:
        """Show a text in the events of the stack, as a sign of life.

        Nothing is raised if it cannot be sent. It does nothing on a copy that
        was pickled: call it in the process where the handler was called.
        """
        self._teller.tell(text)


class _Teller:
    """Stays itself in a copy, and falls silent in another process."""

    def __init__(self, tell):
        self.tell = tell

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        return _Teller, (_tell_nobody,)


def _tell_nobody(_text):
    """What is left of ``tell`` in another process."""
