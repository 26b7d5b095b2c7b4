# SPDX-License-Identifier: Apache-2.0
"""What a store of request ids does.

It remembers what was answered, so that a request which comes again is only
answered again, and who works on what, so that no two workers do the same. A
worker holds a request for some seconds and renews that; when it has died,
somebody else may begin.
"""
import abc
import dataclasses

#: Seconds that answers are kept: as long as Zaqar keeps a message.
KEPT = 1209600


class Busy(Exception):
    """Somebody else works on the request."""


@dataclasses.dataclass(frozen=True)
class Known:
    """What a store knows of a request that somebody wants to begin.

    :ivar reply: the body of the reply that was given before, a map; None
        when there is none, and the request is held now.
    :ivar was_begun: whether another holder had begun, and did not finish.
    """
    reply: dict | None = None
    was_begun: bool = False


class Store(abc.ABC):
    """Safe to be used by several threads."""

    @abc.abstractmethod
    def begin(self, request_id, holder, seconds):
        """Hold a request, unless it was answered.

        :param holder: a text that nobody else has.
        :param seconds: until others may hold it, unless it is renewed.
        :rtype: Known
        :raises Busy: another holder has it.
        """

    @abc.abstractmethod
    def renew(self, request_id, holder, seconds):
        """Hold it for so many seconds from now, if it is still held."""

    @abc.abstractmethod
    def finish(self, request_id, holder, reply):
        """Keep the body of a reply, a map, for ``KEPT`` seconds."""
