# SPDX-License-Identifier: Apache-2.0
"""What resources keep in Heat's table of resource data fits its rows.

A row of MySQL holds 65535 bytes there, after Heat's encryption.
"""
import dataclasses
import json
import uuid

from heat.common import crypt

from heat_plugins.custom import lifecycle
from heat_plugins.custom import reply as replies
from heat_plugins.resources import custom_state
from heat_plugins.resources import topic

ROW = 65535
# A character that JSON writes with 12 others.
WIDE = '\U0001f600'


def padded(size):
    """A map that has this size as JSON."""
    return {'x': 'y' * (size - len(json.dumps({'x': ''})))}


def encrypted(value):
    """The bytes of a row that holds a value."""
    _method, text = crypt.encrypt(json.dumps(dataclasses.asdict(value)))
    return len(text)


def test_the_largest_thing_of_a_custom_resource():
    properties = padded(custom_state.PROPERTIES_SIZE)
    state = lifecycle.State(pending=lifecycle.Pending(
        str(uuid.uuid4()), 'q' * 64, lifecycle.Step(
            'Create', None, properties)))
    state = lifecycle.after(state, replies.Reply(
        state.pending.request_id, 'SUCCESS', WIDE * 4096, '\uffff' * 255,
        padded(replies.DATA_SIZE)))

    assert encrypted(state.current) <= ROW
    # not by far less than there is room for
    assert encrypted(state.current) > 0.9 * ROW


def test_the_largest_request_of_a_custom_resource():
    pending = lifecycle.Pending(str(uuid.uuid4()), 'q' * 64, lifecycle.Step(
        'Update', '\uffff' * 255, padded(custom_state.PROPERTIES_SIZE)))

    assert encrypted(pending) <= ROW


def test_the_ids_of_a_topic_with_the_most_subscribers():
    ids = {str(uuid.uuid4()): uuid.uuid4().hex
           for _number in range(topic.MOST_SUBSCRIBERS)}

    assert len(json.dumps(ids)) <= ROW
