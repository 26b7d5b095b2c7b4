# SPDX-License-Identifier: Apache-2.0
"""What a pipe is to do, as the metadata of its queue holds it."""
import dataclasses
import typing

from heat_plugins.pipes import inputs

#: What the names of the queues of pipes begin with.
PREFIX = 'heat-zaqar-pipe-'
# Key of the metadata, and the version of what is there.
_KEY, _VERSION = 'heat_zaqar_pipe', 1

#: Tries of a message until it is a dead letter, if there is a queue for it;
#: seconds until the second try, and at most between two.
ATTEMPTS, MINIMUM_DELAY, MAXIMUM_DELAY = 10, 1, 300
#: Seconds that a webhook may take to answer.
TIMEOUT = 10


def is_one(metadata):
    """Whether a queue of this metadata is one of a pipe."""
    return _KEY in metadata


def source(metadata):
    """The name of the source of a pipe, even if it cannot be used."""
    found = metadata[_KEY]
    name = found.get('source') if isinstance(found, dict) else None
    return name if isinstance(name, str) else None


class NotUsable(Exception):
    """What is written down is no pipe that this version can serve."""


@dataclasses.dataclass(frozen=True)
class Retry:
    """How a delivery is tried again.

    :ivar attempts: tries of a message until it is a dead letter.
    :ivar minimum_delay: seconds until the second one; each pause is twice as
        long as the one before.
    :ivar maximum_delay: seconds of the longest pause.
    """
    attempts: int = ATTEMPTS
    minimum_delay: float = MINIMUM_DELAY
    maximum_delay: float = MAXIMUM_DELAY

    def pause(self, tries):
        """Seconds until the next try, after so many."""
        return min(self.maximum_delay,
                   self.minimum_delay * 2 ** min(tries - 1, 30))


@dataclasses.dataclass(frozen=True)
class Definition:
    """What a pipe is to do.

    :ivar name: for people: stack and resource.
    :ivar source: the name of the queue that it reads.
    :ivar target: one of ``forward_to``, ``webhook``, ``signal``.
    :ivar address: the name of a queue, or a URL.
    :ivar match: an event pattern of the bodies that it takes; None for all.
    :ivar input: what is delivered: see ``inputs``.
    :ivar ordered: whether each message waits for the one before it.
    :ivar retry: a ``Retry``.
    :ivar dead_letter: name of the queue of what could not be delivered; None
        for trying on.
    :ivar dead_letter_ttl: seconds that a message stays there; None for as
        long as Zaqar keeps any.
    :ivar headers: of a webhook.
    :ivar timeout: seconds that a webhook may take to answer.
    :ivar ttl: seconds that a message stays in the queue ``forward_to``; None
        for what is that queue's default.
    """
    name: str
    source: str
    target: str
    address: str
    match: typing.Any = None
    input: typing.Any = inputs.BODY
    ordered: bool = False
    retry: Retry = Retry()
    dead_letter: str | None = None
    dead_letter_ttl: int | None = None
    headers: dict = dataclasses.field(default_factory=dict)
    timeout: float = TIMEOUT
    ttl: int | None = None

    def to_metadata(self):
        """As the metadata of its queue has it."""
        return {_KEY: {'version': _VERSION, **dataclasses.asdict(self)}}

    @classmethod
    def of(cls, metadata):
        """The one that a queue's metadata has.

        :raises NotUsable: it is one of a later version, or was changed.
        """
        try:
            given = dict(metadata[_KEY])
            version = given.pop('version')
            if version != _VERSION:
                raise NotUsable('it is of version %s, and this program knows '
                                'version %d' % (version, _VERSION))
            return cls(**{**given, 'retry': Retry(**given['retry'])})
        except (TypeError, ValueError, KeyError) as error:
            raise NotUsable('%s: %s' % (type(error).__name__,
                                        error)) from error
