# SPDX-License-Identifier: Apache-2.0
"""What a message says: any JSON is judged, or cannot be, and no more."""
import contextlib
import json

from hypothesis import given
import pytest

from heat_plugins.messages import message
from heat_plugins.messages import nesting
from heat_plugins.messages import signal

from . import strategies


def judge(body):
    return signal.Signal.judge(message.Message('message-id', body))


@given(strategies.BODIES)
def test_any_body_is_judged_or_cannot_be(body):
    with contextlib.suppress(signal.CannotJudge):
        judged = judge(body)

        assert isinstance(judged.key, str)
        assert judged.status in signal.STATUSES
        assert isinstance(judged.reason, str)
        assert judged.body is body
        assert json.loads(json.dumps([judged.data])) is not None


@given(strategies.JSON.filter(lambda body: not isinstance(body, dict)))
def test_what_is_no_map_is_a_success_and_the_data(body):
    judged = judge(body)

    assert (judged.key, judged.status, judged.reason) == (
        'message-id', signal.SUCCESS, '')
    assert judged.data is body


@pytest.mark.parametrize(('body', 'expected'), [
    ({}, ('message-id', 'SUCCESS', '', None)),
    ({'x': 1}, ('message-id', 'SUCCESS', '', {'x': 1})),
    ({'id': 'a'}, ('a', 'SUCCESS', '', None)),
    ({'id': 7}, ('7', 'SUCCESS', '', None)),
    ({'id': None, 'reason': None, 'data': None},
     ('message-id', 'SUCCESS', '', None)),
    ({'status': 'FAILURE', 'reason': 'why'},
     ('message-id', 'FAILURE', 'why', None)),
    ({'status': 'IN_PROGRESS', 'reason': '10%'},
     ('message-id', 'IN_PROGRESS', '10%', None)),
    ({'id': 'a', 'data': 0, 'x': 1}, ('a', 'SUCCESS', '', 0)),
    ({'id': 'a', 'x': 1, 'y': 2}, ('a', 'SUCCESS', '', {'x': 1, 'y': 2})),
    ({'reason': ['a', 1]}, ('message-id', 'SUCCESS', '["a", 1]', None)),
])
def test_a_map_says_what_it_says(body, expected):
    judged = judge(body)

    assert (judged.key, judged.status, judged.reason,
            judged.data) == expected


@pytest.mark.parametrize(('body', 'words'), [
    ({'id': {}}, '"id" must be a string or a number, not {}'),
    ({'id': ['a']}, '"id" must be a string or a number'),
    ({'status': 'success'}, '"status" must be one of SUCCESS, FAILURE'),
    ({'status': ['SUCCESS']}, '"status" must be one of'),
    ({'status': 0}, 'not 0'),
    ({'status': {'x': 'y' * 999}}, '"status" must be one of'),
])
def test_what_makes_no_sense_is_explained_in_short(body, words):
    with pytest.raises(signal.CannotJudge) as failed:
        judge(body)

    assert words in str(failed.value)
    assert len(str(failed.value)) < 150


def nested(levels, inner='x'):
    for level in range(levels):
        inner = [inner] if level % 2 else {'k': inner}
    return inner


@pytest.mark.parametrize('wrap', [
    lambda value: value, lambda value: {'id': value},
    lambda value: {'status': value}, lambda value: {'reason': value},
    lambda value: {'data': value}, lambda value: [1, value]])
@pytest.mark.parametrize('levels', [nesting.DEPTH + 1, 2000, 50000])
def test_a_body_without_a_bottom_cannot_be_judged(wrap, levels):
    with pytest.raises(signal.CannotJudge, match='deeper than 100 levels'):
        judge(wrap(nested(levels)))


def test_a_body_as_deep_as_allowed_is_judged():
    assert judge(nested(nesting.DEPTH)).status == signal.SUCCESS
