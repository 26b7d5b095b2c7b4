# SPDX-License-Identifier: Apache-2.0
"""Where the state of a custom resource is kept: in the resource's data.

A row each for the thing, its candidate and the pending request, encrypted by
Heat. The pending request is written last: what is read again after a crash in
between has the same effect. When a candidate takes the place of the thing, the
resource that replaces the other one takes it over.
"""
import dataclasses
import json

from heat.common import exception
from heat.db import api as db_api

from heat_plugins.custom import lifecycle

#: Bytes of the properties as JSON. They share a row with a reply's data, and
#: MySQL's rows of that table hold 65535 bytes, encrypted.
PROPERTIES_SIZE = 24576

_CURRENT = 'current'
_CANDIDATE = 'candidate'
_PENDING = 'pending'


def load(rsrc):
    """The ``heat_plugins.custom.lifecycle.State`` of a resource."""
    written = {key: json.loads(rsrc.data()[key])
               for key in (_CURRENT, _CANDIDATE, _PENDING)
               if key in rsrc.data()}
    return lifecycle.State(
        _thing(written.get(_CURRENT)),
        _thing(written.get(_CANDIDATE)) if _is_ours(rsrc, written) else None,
        _pending(written.get(_PENDING)))


def save(rsrc, state):
    """Keep the state of a resource."""
    for key in (_CURRENT, _CANDIDATE, _PENDING):
        value = getattr(state, key)
        text = value and json.dumps(dataclasses.asdict(value))
        if text == rsrc.data().get(key):
            continue
        if text is None:
            rsrc.data_delete(key)
        else:
            rsrc.data_set(key, text, redact=True)


def is_unsettled(rsrc):
    """Whether there is more than a thing."""
    state = load(rsrc)
    return state.candidate is not None or state.pending is not None


def adopt(rsrc, goal):
    """Take the candidate of the resource that this one replaces, if any.

    :param goal: the properties that are wanted; a candidate with others is
        left to the resource that has it, which deletes it.
    """
    if rsrc.replaces is None:
        return
    text = _read(rsrc, rsrc.replaces, _CANDIDATE)
    candidate = text and _thing(json.loads(text))
    if not candidate or not candidate.settled or candidate.properties != goal:
        return
    save(rsrc, lifecycle.State(current=candidate))
    rsrc.resource_id_set(candidate.physical_id)
    db_api.resource_data_delete(rsrc.context, rsrc.replaces, _CANDIDATE)


def _is_ours(rsrc, written):
    """Whether the candidate has not become another resource's already.

    That one may not have come to say so before a crash.
    """
    if _CANDIDATE not in written or rsrc.replaced_by is None:
        return True
    text = _read(rsrc, rsrc.replaced_by, _CURRENT)
    return not text or (json.loads(text)['physical_id'] !=
                        written[_CANDIDATE]['physical_id'])


def _read(rsrc, resource_id, key):
    """A row of another resource's data; None if there is none."""
    try:
        return db_api.resource_data_get(rsrc.context, resource_id, key)
    except exception.NotFound:
        return None


def _thing(written):
    return written and lifecycle.Thing(**written)


def _pending(written):
    return written and lifecycle.Pending(
        written['request_id'], written['queue'],
        lifecycle.Step(**written['step']))
