# SPDX-License-Identifier: Apache-2.0
"""What Zaqar wraps messages in, and what it makes of ``post_data``."""
import json

from hypothesis import given
from hypothesis import strategies as st
import pytest

from heat_plugins.messages import notification as notifications

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(
        allow_nan=False, allow_infinity=False) |
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

    assert notifications.unwrap(wrapped) == notifications.unwrap(body)


def test_a_body_wrapped_a_thousand_times_is_unwrapped():
    wrapped = 'inner'
    for _ in range(1000):
        wrapped = notification(wrapped)

    assert notifications.unwrap(wrapped) == 'inner'


@pytest.mark.parametrize('body', [
    notification(1, more=1), notification(1, Message_Type='Subscription'),
    {'ttl': 60, 'body': 1, 'Message_Type': 'Notification'},
    {'body': 1}, [notification(1)], 'text', None,
    notification(1, Message_Type=['Notification'])])
def test_what_only_looks_like_it_is_left_as_it_is(body):
    assert notifications.unwrap(body) == body


@given(JSON)
def test_what_is_posted_is_what_was_given(body):
    assert json.loads(notifications.post_data(body)) == body


@pytest.mark.parametrize('body', [
    '$zaqar_message$',
    {'a': '$zaqar_message$', 'b': ['$zaqar_message$', 1.5]},
    {'$zaqar_message$': '$zaqar_message$'},
    {'$zaqar_message$': {'$zaqar_message$': 1}},
    'say "$zaqar_message$"', '"$zaqar_message$', '$zaqar_message$"',
    '\\"$zaqar_message$', '\\$zaqar_message$', ['\\', '$zaqar_message$'],
    '$zaqar_message$ ', '\u20ac$zaqar_message$'])
def test_the_placeholder_is_replaced_where_it_is_a_whole_value(body):
    message = notification({'text': 'a"b\n', 'number': 1.0})

    # what Zaqar does
    text = notifications.post_data(body).replace(
        '"$zaqar_message$"', json.dumps(message))

    def filled(value):
        if isinstance(value, dict):
            return {key: filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [filled(each) for each in value]
        return message if value == '$zaqar_message$' else value
    assert text.isascii()
    assert json.loads(text) == filled(body)


@pytest.mark.parametrize('body', [float('nan'), [float('inf')], {1, 2}])
def test_what_is_not_json_is_refused(body):
    with pytest.raises((ValueError, TypeError)):
        notifications.post_data(body)
