# SPDX-License-Identifier: Apache-2.0
"""What a store of request ids does.

It remembers answers, so that a request that comes again is only answered
again, and which worker works on what, so that no two workers do the same. A
worker holds a request for some seconds and renews that; when it has died,
another one may begin.
"""
import abc
import dataclasses

#: Seconds that answers are kept: as long as Zaqar keeps a message.
KEPT = 1209600


class Busy(Exception):
    """Another worker is working on the request."""


@dataclasses.dataclass(frozen=True)
class Known:
    """What a store knows about a request that a worker wants to begin.

    :ivar reply: the body of the reply that was given before, a map; None
        when there is none, and the request is held now.
    :ivar was_begun: whether another holder had begun, and did not finish.
    """
    reply: dict | None = None
    was_begun: bool = False


class Store(abc.ABC):
    """Remembers requests; can be used from several threads."""

    @abc.abstractmethod
    def begin(self, request_id: str, holder: str, seconds: float) -> Known:
        """Hold a request, unless it was answered.

        :param holder: a text that identifies the worker, and no other.
        :param seconds: until others may hold it, unless it is renewed.
        :rtype: Known
        :raises Busy: another holder has it.
        """

    @abc.abstractmethod
    def renew(self, request_id: str, holder: str, seconds: float) -> None:
        """Hold it for so many seconds from now, if it is still held."""

    @abc.abstractmethod
    def finish(self, request_id: str, holder: str, reply: dict) -> None:
        """Keep the body of a reply, a map, for ``KEPT`` seconds."""
