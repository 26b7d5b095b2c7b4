# SPDX-License-Identifier: Apache-2.0
"""Messages, and what Zaqar wraps them in when it forwards them."""
from hypothesis import given
from hypothesis import strategies as st
import pytest

from heat_plugins.messages import message

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) |
    st.text(),
    lambda inner: st.lists(inner, max_size=4) |
    st.dictionaries(st.text(max_size=5), inner, max_size=4), max_leaves=20)


def notification(body, **changes):
    return {'ttl': 60, 'body': body, 'Message_Type': 'Notification',
            'queue_name': 'q', **changes}


@given(JSON, st.integers(0, 5))
def test_a_forwarded_body_is_unwrapped_however_often(body, times):
    wrapped = body
    for _ in range(times):
        wrapped = notification(wrapped)

    assert message.unwrap(wrapped) == message.unwrap(body)


def test_a_body_wrapped_a_thousand_times_is_unwrapped():
    wrapped = 'inner'
    for _ in range(1000):
        wrapped = notification(wrapped)

    assert message.unwrap(wrapped) == 'inner'


@pytest.mark.parametrize('body', [
    notification(1, more=1), notification(1, Message_Type='Subscription'),
    {'ttl': 60, 'body': 1, 'Message_Type': 'Notification'},
    {'body': 1}, [notification(1)], 'text', None,
    notification(1, Message_Type=['Notification'])])
def test_what_only_looks_like_it_is_left_as_it_is(body):
    assert message.unwrap(body) == body


def test_a_listing_becomes_messages():
    assert message.Message.from_wire({
        'id': 'i', 'body': notification([1]), 'age': 3, 'ttl': 60,
        'href': '/x', 'checksum': 'y'}) == message.Message('i', [1], 3, 60)


def test_what_a_listing_leaves_out_has_defaults():
    assert message.Message.from_wire({'id': 'i'}) == message.Message(
        'i', None, 0, 0)
