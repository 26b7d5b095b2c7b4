# SPDX-License-Identifier: Apache-2.0
"""What a handler returns or raises."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Result:
    """A success.

    :ivar physical_id: the id of the thing. By default the ``request_id`` for
        a create, and unchanged for an update. A different one for an update
        says that a new thing has been made in place of the old one, for
        which ``delete`` is called later.
    :ivar data: a map: the attribute ``data`` of the resource.
    :ivar reason: a text for people.
    """
    physical_id: str | None = None
    data: dict = dataclasses.field(default_factory=dict)
    reason: str = ''


class Failed(Exception):
    """Raised by a handler: a failure that needs no traceback in the log.

    :param reason: a text for people.
    :param physical_id: the id of a thing that was made all the same;
        ``delete`` is called for it later.
    """

    def __init__(self, reason: str, physical_id: str | None = None) -> None:
        super().__init__(reason)
        self.physical_id = physical_id
