# SPDX-License-Identifier: Apache-2.0
"""A message that a pipe has taken, as it stays until it is delivered."""
import dataclasses
import datetime
import typing

from heat_plugins.messages import message as messages


@dataclasses.dataclass(frozen=True)
class Message:
    """A message of a source.

    :ivar id: Zaqar's id of it in the source: the same however often it is
        delivered.
    :ivar queue: the name of the source.
    :ivar time: when it was posted there, as ``2026-11-27T09:00:00Z``.
    :ivar body: any JSON value.
    """
    id: str
    queue: str
    time: str
    body: typing.Any

    @classmethod
    def of(cls, message):
        """Made of a ``heat_plugins.messages.message.Message``."""
        posted = datetime.datetime.now(datetime.UTC).replace(
            microsecond=0, tzinfo=None) - datetime.timedelta(
                seconds=message.age)
        return cls(message.id, message.queue, posted.isoformat() + 'Z',
                   message.body)

    @classmethod
    def from_wire(cls, document, queue):
        """The one that a message in the queue of a pipe holds.

        Whoever posts there by hand has it delivered as it is.

        :param document: what Zaqar's API lists.
        :param queue: the name of the queue of the pipe.
        """
        try:
            return cls(**document['body'])
        except TypeError:
            return cls.of(messages.Message.from_wire(document, queue))

    def to_body(self):
        """As the queue of a pipe has it."""
        return dataclasses.asdict(self)
