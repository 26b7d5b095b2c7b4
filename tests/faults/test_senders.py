# SPDX-License-Identifier: Apache-2.0
"""Senders that repeat themselves, all at once, and send what they like."""
import multiprocessing
import random

from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import pytest
import requests

PROCESSES = 8
MESSAGES = 2000


def send(url, headers, numbers):
    """Post each number's message, 20 at a time."""
    with requests.Session() as session:
        for start in range(0, len(numbers), 20):
            session.post(url, headers=headers, timeout=60, json={
                'messages': [{'body': {'id': 's%d' % number, 'n': number}}
                             for number in numbers[start:start + 20]]}
                ).raise_for_status()


def test_two_thousand_from_eight_processes_count_exactly(project, eventually):
    handle = project.created('handle.yaml')
    stack = project.create('waiting-on.yaml', {
        'queue': handle.output('queue'), 'count': MESSAGES})
    mixed = [number for number in range(MESSAGES)
             for _time in range(random.randint(2, 5))]
    random.shuffle(mixed)
    sent = len(mixed) // PROCESSES + 1

    context = multiprocessing.get_context('spawn')
    senders = [context.Process(target=send, args=(
        handle.output('url'), handle.output('headers'),
        mixed[start:start + sent]))
        for start in range(0, len(mixed), sent)]
    for each in senders:
        each.start()
    for each in senders:
        each.join()
        assert each.exitcode == 0

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('received') == MESSAGES
    assert sorted(body['n'] for body in stack.output('by_key').values()
                  ) == list(range(MESSAGES))


# Zaqar refuses half a surrogate pair, and integers of more than 64 bits.
TEXT = st.text(st.characters(exclude_categories=('Cs',)), max_size=8) | (
    st.sampled_from(['\0', '\U0001f600', 'id', 'status']))
BODIES = st.recursive(
    st.none() | st.booleans() | st.integers(-2 ** 63, 2 ** 63 - 1) |
    st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) |
    st.dictionaries(TEXT, inner, max_size=4), max_leaves=20)
LOOKALIKES = st.fixed_dictionaries({}, optional={
    'id': BODIES, 'status': BODIES, 'reason': BODIES, 'data': BODIES})


def nested(levels):
    body = 1
    for _level in range(levels):
        body = [body]
    return body


@settings(max_examples=3, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(BODIES | LOOKALIKES, min_size=20, max_size=60))
def test_any_body_leaves_the_wait_alive_and_is_kept(project, bodies):
    handle = project.created('handle.yaml')
    name = handle.output('queue')
    project.post(name, *bodies, nested(90), nested(500), 'x' * 200000,
                 {'id': 'the last', 'status': 'SUCCESS'})

    stack = project.create('waiting-on.yaml', {
        'queue': name, 'match': {'id': 'the last'}})

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('messages') == [
        {'id': 'the last', 'status': 'SUCCESS'}]


@pytest.mark.parametrize('body', [
    None, True, 0, -1.5, 2 ** 60, '', '\0', '\U0001f600', [], {}, [None],
    {'': {'\0': [{}]}}, nested(90), 'x' * 200000],
    ids=lambda body: repr(body)[:20])
def test_a_body_is_handed_on_as_it_was_sent(project, body):
    handle = project.created('handle.yaml')
    project.post(handle.output('queue'), body)

    stack = project.created('waiting-on.yaml',
                            {'queue': handle.output('queue')})

    assert stack.output('messages') == [body]
