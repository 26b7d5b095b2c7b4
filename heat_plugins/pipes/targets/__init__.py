# SPDX-License-Identifier: Apache-2.0
"""Where pipes deliver to.

A target has ``deliver(messages)``: a list of ``Given``, of which it delivers
what it can. It returns a list of the same length: None for what was
delivered, a ``Failure`` for what was not. ``keeps_order`` says whether it
delivers several in order, or only one by one.
"""
import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Given:
    """What is to be delivered.

    :ivar id: of the message that it was made of: the same at each try.
    :ivar body: any JSON value.
    """
    id: str
    body: typing.Any


@dataclasses.dataclass(frozen=True)
class Failure:
    """Why something was not delivered.

    :ivar reason: for people.
    :ivar is_final: whether no other try of it can go better.
    :ivar pause: seconds that the target asks to be left alone; 0 if it says
        nothing.
    """
    reason: str
    is_final: bool = False
    pause: float = 0
