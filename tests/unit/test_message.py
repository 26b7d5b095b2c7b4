# SPDX-License-Identifier: Apache-2.0
"""Messages, as a listing gives them."""
from heat_plugins.messages import message


def test_a_listing_becomes_messages():
    assert message.Message.from_wire({
        'id': 'i', 'body': {
            'ttl': 60, 'body': [1], 'Message_Type': 'Notification',
            'queue_name': 'q'}, 'age': 3, 'ttl': 60,
        'href': '/x', 'checksum': 'y'}) == message.Message('i', [1], 3, 60)


def test_what_a_listing_leaves_out_has_defaults():
    assert message.Message.from_wire({'id': 'i'}) == message.Message(
        'i', None, 0, 0)
