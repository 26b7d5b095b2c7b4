# SPDX-License-Identifier: Apache-2.0
"""What is asked next, and what an answer means."""
import dataclasses
import json

from heat.common import crypt
import pytest

from heat_plugins.custom import lifecycle
from heat_plugins.custom import reply as replies
from heat_plugins.resources import custom_state

A = {'a': 1}
B = {'b': 2}
THING = lifecycle.Thing('thing', A)
OTHER = lifecycle.Thing('other', B)
BROKEN = lifecycle.Thing('thing', A, settled=False)
LEFT = lifecycle.Thing('left', B, settled=False)

State = lifecycle.State
Step = lifecycle.Step


@pytest.mark.parametrize(('state', 'goal', 'step'), [
    (State(), None, None),
    (State(), {}, Step('Create', None, {})),
    (State(), A, Step('Create', None, A)),
    (State(THING), None, Step('Delete', 'thing', A)),
    (State(THING), A, None),
    (State(THING), B, Step('Update', 'thing', B)),
    (State(BROKEN), A, Step('Update', 'thing', A)),
    (State(THING, OTHER), B, lifecycle.REPLACE),
    (State(THING, OTHER), A, Step('Delete', 'other', B)),
    (State(THING, OTHER), None, Step('Delete', 'other', B)),
    (State(THING, LEFT), B, Step('Delete', 'left', B)),
    (State(None, LEFT), B, Step('Delete', 'left', B)),
])
def test_next_step(state, goal, step):
    assert lifecycle.next_step(state, goal) == step


def answered(state, step, status='SUCCESS', **fields):
    pending = lifecycle.Pending('request', 'queue', step)
    return lifecycle.after(state.but(pending=pending), replies.Reply(
        'request', status, **fields))


CREATE = Step('Create', None, A)
UPDATE = Step('Update', 'thing', B)
DELETE = Step('Delete', 'thing', A)


@pytest.mark.parametrize(('before', 'step', 'reply', 'after'), [
    (State(), CREATE, {'physical_id': 'thing', 'data': {'x': 1},
                       'reason': 'done'},
     State(lifecycle.Thing('thing', A, {'x': 1}, 'done'))),
    (State(), CREATE, {}, State(lifecycle.Thing('request', A))),
    (State(), CREATE, {'status': 'FAILED'}, State()),
    (State(), CREATE, {'status': 'FAILED', 'physical_id': 'left'},
     State(None, lifecycle.Thing('left', A, settled=False))),
    (State(THING), UPDATE, {}, State(lifecycle.Thing('thing', B))),
    (State(THING), UPDATE, {'physical_id': 'thing'},
     State(lifecycle.Thing('thing', B))),
    (State(THING), UPDATE, {'physical_id': 'other'}, State(THING, OTHER)),
    (State(THING), UPDATE, {'status': 'FAILED'},
     State(lifecycle.Thing('thing', B, settled=False))),
    (State(THING), UPDATE, {'status': 'FAILED', 'physical_id': 'left'},
     State(THING, LEFT)),
    (State(THING), DELETE, {}, State()),
    (State(THING), DELETE, {'status': 'FAILED'}, State(THING)),
    (State(THING, OTHER), Step('Delete', 'other', B), {}, State(THING)),
    (State(THING, OTHER), DELETE, {}, State(None, OTHER)),
])
def test_after_an_answer(before, step, reply, after):
    assert answered(before, step, **reply) == after


def test_old_properties_are_those_of_an_update():
    assert lifecycle.old_properties(State(THING), UPDATE) == A
    assert lifecycle.old_properties(State(THING), DELETE) is None
    assert lifecycle.old_properties(State(), CREATE) is None


def test_a_long_reason_is_cut():
    state = answered(State(), CREATE, reason='x' * 10000)

    assert state.current.reason == 'x' * 500


def test_a_thing_fits_into_a_row_of_mysql():
    largest = lifecycle.Thing(
        '\U0001f600' * 255, {'x': 'x' * (custom_state.PROPERTIES_SIZE - 9)},
        {'x': 'x' * (replies.DATA_SIZE - 9)},
        '\U0001f600' * lifecycle.REASON_LENGTH)

    _method, text = crypt.encrypt(
        json.dumps(dataclasses.asdict(largest)), 'k' * 32)

    assert len(text) < 65535
