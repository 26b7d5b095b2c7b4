# SPDX-License-Identifier: Apache-2.0
"""Where the state of a custom resource is kept: in the resource's data.

A row each for the thing, its candidate and the pending request, encrypted by
Heat, and written in one transaction. When a candidate takes the place of the
thing, the resource that replaces the other one takes it over.
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
    data = rsrc.data()
    return lifecycle.State(
        _thing(data.get(_CURRENT)), _thing(data.get(_CANDIDATE)),
        _pending(data.get(_PENDING)))


def save(rsrc, state):
    """Keep the state of a resource."""
    with _transaction(rsrc):
        for key in (_CURRENT, _CANDIDATE, _PENDING):
            _save_row(rsrc, key, getattr(state, key))


def is_unsettled(rsrc):
    """Whether there is more than a thing."""
    state = load(rsrc)
    return state.candidate is not None or state.pending is not None


def adopt(rsrc, goal):
    """Take the candidate of the resource that this one replaces, if any.

    :param goal: the properties that are wanted; a candidate with others is
        left to the resource that has it, which deletes it.
    """
    candidate = rsrc.replaces and _candidate_of(rsrc.context, rsrc.replaces)
    if not candidate or not candidate.settled or candidate.properties != goal:
        return
    rsrc.resource_id_set(candidate.physical_id)
    with _transaction(rsrc):
        _save_row(rsrc, _CURRENT, candidate)
        db_api.resource_data_delete(rsrc.context, rsrc.replaces, _CANDIDATE)


def _transaction(rsrc):
    return db_api.context_manager.writer.using(rsrc.context)


def _save_row(rsrc, key, value):
    text = value and json.dumps(dataclasses.asdict(value))
    if text == rsrc.data().get(key):
        return
    if text is None:
        rsrc.data_delete(key)
    else:
        rsrc.data_set(key, text, redact=True)


def _candidate_of(context, resource_id):
    try:
        return _thing(db_api.resource_data_get(context, resource_id,
                                               _CANDIDATE))
    except exception.NotFound:
        return None


def _thing(text):
    return text and lifecycle.Thing(**json.loads(text))


def _pending(text):
    if text is None:
        return None
    written = json.loads(text)
    return lifecycle.Pending(written['request_id'], written['queue'],
                             lifecycle.Step(**written['step']))
