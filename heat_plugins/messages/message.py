# SPDX-License-Identifier: Apache-2.0
"""A message, as its consumer sees it."""
import dataclasses
import typing

from heat_plugins.messages import notification


@dataclasses.dataclass(frozen=True)
class Message:
    """One message of a queue.

    :ivar id: Zaqar's id, unique in the cloud.
    :ivar body: any JSON value.
    :ivar age: seconds since it was posted, when it was read.
    :ivar ttl: seconds it lives, from when it was posted.
    :ivar queue: the name of the queue that it was read from.
    """
    id: str
    body: typing.Any
    age: int = 0
    ttl: int = 0
    queue: str = ''

    @classmethod
    def from_wire(cls, document, queue=''):
        """Make one of what Zaqar's API lists of a queue.

        A message that Zaqar forwarded arrives wrapped in its notification:
        the body is then what was posted first.
        """
        return cls(document['id'],
                   notification.unwrap(document.get('body')),
                   document.get('age', 0), document.get('ttl', 0), queue)
