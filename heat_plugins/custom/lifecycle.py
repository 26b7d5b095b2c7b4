# SPDX-License-Identifier: Apache-2.0
"""The life of a custom resource: what to ask next, and what an answer means.

============  ==============================  ==============================
what is       what is wanted                  what is asked
============  ==============================  ==============================
nothing       nothing                         nothing
nothing       some properties                 Create
a thing       nothing                         Delete
a thing       the properties it has           nothing
a thing       other properties, or its last   Update
              update failed
a candidate   the properties it has           nothing: it takes the place
                                              of the thing (``REPLACE``)
a candidate   anything else                   Delete of the candidate
============  ==============================  ==============================

A candidate is what an Update made in the place of the thing, or a Create or
Update that failed has left behind. It is settled first.
"""
import dataclasses
import typing

from heat_plugins.custom import reply as replies
from heat_plugins.custom import request

#: Characters of a reason that are kept.
REASON_LENGTH = 500


@dataclasses.dataclass(frozen=True)
class Thing:
    """What a worker has made.

    :ivar physical_id: the worker's id for it.
    :ivar properties: what it was last asked to have.
    :ivar data: what the worker said of it, a map.
    :ivar reason: the text in the last answer.
    :ivar settled: False when what it was last asked has failed.
    """
    physical_id: str
    properties: dict
    data: dict = dataclasses.field(default_factory=dict)
    reason: str = ''
    settled: bool = True


@dataclasses.dataclass(frozen=True)
class Step:
    """What to ask.

    :ivar properties: what the thing is to have; for Delete, what it has.
    """
    request_type: str
    physical_id: str | None
    properties: dict


@dataclasses.dataclass(frozen=True)
class Pending:
    """What has been asked, and not answered.

    :ivar queue: where it was posted.
    """
    request_id: str
    queue: str
    step: Step


@dataclasses.dataclass(frozen=True)
class State:
    """All there is to know of a resource.

    :ivar current: the ``Thing``, or None.
    :ivar candidate: another ``Thing``, or None.
    :ivar pending: the ``Pending`` request, or None.
    """
    current: Thing | None = None
    candidate: Thing | None = None
    pending: Pending | None = None

    def but(self, **changes):
        """Another one with these changes."""
        return dataclasses.replace(self, **changes)


#: Instead of a step: the candidate is to take the place of the thing.
REPLACE: typing.Final = 'REPLACE'


def next_step(state, goal):
    """What to ask, whatever is pending.

    :param goal: the properties that are wanted; None for no thing at all.
    :returns: a ``Step``, ``REPLACE``, or None when all is as wanted.
    """
    if state.candidate is not None:
        if state.candidate.settled and state.candidate.properties == goal:
            return REPLACE
        return _delete(state.candidate)
    if state.current is None:
        return None if goal is None else Step(
            request.RequestType.CREATE, None, goal)
    if goal is None:
        return _delete(state.current)
    if state.current.settled and state.current.properties == goal:
        return None
    return Step(request.RequestType.UPDATE, state.current.physical_id, goal)


def old_properties(state, step):
    """``old_properties`` of the request for a step."""
    return (state.current.properties
            if step.request_type == request.RequestType.UPDATE else None)


def after(state, reply):
    """What is once the pending request has its final answer.

    :param reply: a ``heat_plugins.custom.reply.Reply``.
    """
    follow = {request.RequestType.CREATE: _after_create,
              request.RequestType.UPDATE: _after_update,
              request.RequestType.DELETE: _after_delete}
    pending = state.pending
    return follow[pending.step.request_type](
        state.but(pending=None), pending, reply)


def _delete(thing):
    return Step(request.RequestType.DELETE, thing.physical_id,
                thing.properties)


def _after_create(state, pending, reply):
    if reply.status == replies.Status.SUCCESS:
        return state.but(current=_thing(
            reply.physical_id or pending.request_id, pending, reply))
    if reply.physical_id is not None:
        return state.but(candidate=_left_behind(pending, reply))
    return state


def _after_update(state, pending, reply):
    before = state.current
    is_other = reply.physical_id not in (None, before.physical_id)
    if reply.status == replies.Status.SUCCESS:
        if is_other:
            return state.but(candidate=_thing(reply.physical_id, pending,
                                              reply))
        return state.but(current=_thing(before.physical_id, pending, reply))
    if is_other:
        return state.but(candidate=_left_behind(pending, reply))
    # whatever came of it, an update to anything has to be asked for
    return state.but(current=dataclasses.replace(
        before, properties=pending.step.properties, settled=False))


def _after_delete(state, pending, reply):
    if reply.status != replies.Status.SUCCESS:
        return state
    for name in ('candidate', 'current'):
        thing = getattr(state, name)
        if thing and thing.physical_id == pending.step.physical_id:
            return state.but(**{name: None})
    return state


def _thing(physical_id, pending, reply):
    return Thing(physical_id, pending.step.properties, reply.data,
                 reply.reason[:REASON_LENGTH])


def _left_behind(pending, reply):
    return dataclasses.replace(
        _thing(reply.physical_id, pending, reply), settled=False)
