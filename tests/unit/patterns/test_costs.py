# SPDX-License-Identifier: Apache-2.0
"""What a pattern costs is counted, and bounded, whatever a message holds."""
import functools
import sys

import hypothesis
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis import target
import pytest

from heat_plugins.messages import patterns
from heat_plugins.messages.patterns import bodies
from heat_plugins.messages.patterns import compiler

# Lines of Python that a step may stand for.
LINES = 50
ABSENT = {'exists': False}
PREFIXES = [{'prefix': 'x%d' % number} for number in range(400)]
# A pattern, and a body that makes it try all that it has.
COSTLY = [
    ({'$or': [{'a': [each]} for each in PREFIXES]}, {'a': ['y'] * 9000}),
    ({'$or': [{'a': [each]} for each in range(400)]}, {'a': [-1] * 9000}),
    ({'$or': [{'a': {'b': [each]}} for each in range(300)]},
     {'a': [{'b': -1}] * 9000}),
    ({'$or': [{'a': [each]} for each in PREFIXES]}, {'a': [[]] * 9000}),
    ({'$or': [{'a%d' % number: [ABSENT]} for number in range(400)]},
     {'a%d' % number: [0] * 9000 for number in range(400)}),
    ({'a': PREFIXES}, {'a': ['y'] * 9000}),
    ({'a': PREFIXES}, {'a': ['y' * 200000]}),
    ({'a': [{'anything-but': {'prefix': ['x'] * 9000}}]}, {'a': ['x'] * 100}),
    ({'a': [{'wildcard': '*a%d*' % number} for number in range(400)]},
     {'a': 'a' * 200000}),
    ({'a': [{'cidr': '10.0.0.0/8'}] * 400}, {'a': ['11.0.0.1'] * 9000}),
]


def steps(pattern, body):
    """How many steps a body takes."""
    examined = bodies.Body(body)
    patterns.compile(pattern).difference(examined)
    return examined.spent


@pytest.mark.parametrize(('pattern', 'body'), COSTLY)
def test_what_costs_too_much_is_given_up(pattern, body):
    with pytest.raises(patterns.TooCostly, match='is too costly for this'):
        patterns.compile(pattern).mismatch(body)


def test_the_largest_message_is_judged_by_a_usual_pattern():
    # as large as Zaqar takes
    body = {'a': [1] * 130000}

    assert not patterns.compile({'a': [2, {'prefix': 'b'}]}).matches(body)
    assert patterns.compile(
        {'a': [{'wildcard': '*b*c*'}, {'suffix': 'd'}]}).matches(
            {'a': 'a' * 260000 + 'd'})


def test_values_cost_the_same_however_many_there_are():
    body = {'a': [-1] * 1000}

    assert steps({'a': list(range(100000))}, body) == steps({'a': 1}, body)


@pytest.mark.parametrize('written', [
    {'key%d' % number: 1 for number in range(compiler.SIZE + 1)},
    {'a': [{'prefix': 'b'}] * compiler.SIZE},
    {'a': {'$or': [{'b': 1}] * compiler.SIZE}}])
def test_a_pattern_has_a_limited_size(written):
    with pytest.raises(patterns.PatternError) as failed:
        patterns.compile(written)

    assert str(failed.value).endswith(
        ': a pattern may have 1000 keys and operators in all, not more')


def test_what_refers_to_itself_again_and_again_is_refused_soon():
    written = {'a': 1}
    for _ in range(60):
        written = {'a': written, 'b': written}

    with pytest.raises(patterns.PatternError, match='1000 keys'):
        patterns.compile(written)


def times(elements, most=30):
    """Lists of one element, again and again."""
    return st.builds(lambda each, count: [each] * count, elements,
                     st.integers(1, most))


TEXTS = st.sampled_from(['', 'a', 'ab', 'a' * 200])
STARRED = times(st.sampled_from(['a', 'b', 'ab'])).map('*'.join)
OPERATORS = st.one_of(
    TEXTS,
    st.sampled_from([ABSENT, {'exists': True}, {'cidr': '10.0.0.0/8'},
                     {'numeric': ['>', 5, '<=', 9]}]),
    st.builds(lambda name, text: {name: text}, st.sampled_from(
        ['prefix', 'suffix', 'equals-ignore-case', 'wildcard']), STARRED),
    st.builds(lambda name, texts: {'anything-but': {name: texts}},
              st.sampled_from(['prefix', 'wildcard']), times(STARRED)),
    times(TEXTS).map(lambda texts: {'anything-but': texts}))
KEYS = st.sampled_from('ab')
MAPS_OF = functools.partial(st.dictionaries, KEYS, min_size=1, max_size=2)
WRITTEN = st.recursive(
    times(OPERATORS), lambda inner: MAPS_OF(inner) | times(
        MAPS_OF(inner), 9).map(lambda maps: {'$or': [*maps, *maps]}),
    max_leaves=4)
BODIES = st.recursive(
    st.sampled_from(['', 'a', 'a' * 50, 'ab' * 100, '10.0.0.1', 1, None, []]),
    lambda inner: MAPS_OF(inner) | times(inner), max_leaves=4)


def lines(work):
    """How many lines Python runs in the patterns for some work."""
    count = 0

    def trace(frame, event, _argument):
        nonlocal count
        if 'messages/patterns' not in frame.f_code.co_filename:
            return None
        count += event == 'line'
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@settings(max_examples=100)
@given(WRITTEN, BODIES)
def test_no_work_is_done_that_is_not_counted(written, body):
    """The search is for the most work for the fewest steps."""
    try:
        pattern = patterns.compile({'a': written})
    except patterns.PatternError:
        hypothesis.reject()
    examined = bodies.Body({'a': body})

    done = lines(lambda: pattern.difference(examined))

    target(done / examined.spent)
    assert done <= LINES * examined.spent
