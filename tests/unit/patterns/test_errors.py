# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a pattern is told with the path to it."""
import datetime
import pickle

from hypothesis import given
from hypothesis import strategies as st
import pytest

from heat_plugins.messages import patterns
from heat_plugins.messages.patterns import compiler
from heat_plugins.messages.patterns import operators
from tests.unit import strategies


def of(alternative):
    """A pattern with an alternative at a[0]."""
    return {'a': [alternative]}


NAMES = ', '.join(operators.OPERATORS)
NEGATED = 'prefix, suffix, equals-ignore-case, wildcard'

# Pattern, path, and the words of the reason.
BAD = [
    # Maps
    ({}, '', 'must have at least one key'),
    ([], '', 'must be a map, not a list'),
    ([{'a': [1]}], '', 'must be a map, not a list'),
    ('a', '', 'must be a map, not a string'),
    (1, '', 'must be a map, not a number'),
    (True, '', 'must be a map, not a boolean'),
    (None, '', 'must be a map, not null'),
    ({'a': {}}, 'a', 'must have at least one key'),
    ({'a': {'b': {}}}, 'a.b', 'must have at least one key'),
    ({1: ['a']}, '1', 'a key must be a string, not a number'),
    ({'a': {True: ['a']}}, 'a.True', 'a key must be a string, not a boolean'),
    # Alternatives
    ({'a': []}, 'a', 'must not be an empty list'),
    ({'a': {'b': []}}, 'a.b', 'must not be an empty list'),
    ({'a': [[]]}, 'a[0]', 'must be a string, a number, true, false or null, '
     'not a list'),
    ({'a': ['x', [1]]}, 'a[1]', 'not a list'),
    ({'a': [float('nan')]}, 'a[0]', 'must be a finite number'),
    ({'a': float('-inf')}, 'a', 'must be a finite number'),
    ({'a': datetime.date(2000, 1, 1)}, 'a', 'not a Python date'),
    # Operators
    (of({}), 'a[0]', 'must be a map with one key, which may be %s; it has 0' %
     NAMES),
    (of({'prefix': 'x', 'suffix': 'y'}), 'a[0]', 'it has 2'),
    (of({'prefx': 'x'}), 'a[0].prefx',
     'unknown operator; allowed: %s' % NAMES),
    (of({1: 'x'}), 'a[0].1', 'unknown operator'),
    (of({'b': [1]}), 'a[0].b', 'unknown operator'),
    (of({'$or': [{'b': [1]}, {'c': [1]}]}), 'a[0].$or', 'unknown operator'),
    ({'a': {'b': ['x', {'prefix': 'y'}, {'suffix': 1}]}}, 'a.b[2].suffix',
     'must be a string, not a number'),
    ({'a': {'prefix': 'x'}}, 'a.prefix',
     'write [{prefix: ...}] for the operator, or a list of alternatives'),
    ({'a': {'exists': False}}, 'a.exists', 'write [{exists: ...}]'),
    ({'a': {'anything-but': {'prefix': 'x'}}}, 'a.anything-but.prefix',
     'write [{prefix: ...}]'),
    # prefix and suffix
    (of({'prefix': ['x']}), 'a[0].prefix', 'must be a string, not a list'),
    (of({'prefix': None}), 'a[0].prefix', 'must be a string, not null'),
    (of({'prefix': {}}), 'a[0].prefix',
     'must be a map with one key, which may be equals-ignore-case; it has 0'),
    (of({'prefix': {'prefix': 'x'}}), 'a[0].prefix.prefix',
     'unknown operator; allowed: equals-ignore-case'),
    (of({'prefix': {'equals-ignore-case': 1}}),
     'a[0].prefix.equals-ignore-case', 'must be a string, not a number'),
    (of({'suffix': True}), 'a[0].suffix', 'must be a string, not a boolean'),
    (of({'suffix': {'equals-ignore-case': ['x']}}),
     'a[0].suffix.equals-ignore-case', 'must be a string, not a list'),
    # equals-ignore-case
    (of({'equals-ignore-case': 1}), 'a[0].equals-ignore-case',
     'must be a string, not a number'),
    (of({'equals-ignore-case': ['x']}), 'a[0].equals-ignore-case',
     'must be a string, not a list'),
    # wildcard
    (of({'wildcard': 1}), 'a[0].wildcard', 'must be a string, not a number'),
    (of({'wildcard': 'a**b'}), 'a[0].wildcard',
     '"*" must not be followed by another "*"'),
    (of({'wildcard': '***'}), 'a[0].wildcard', 'another "*"'),
    (of({'wildcard': r'\\**'}), 'a[0].wildcard', 'another "*"'),
    (of({'wildcard': r'a\b'}), 'a[0].wildcard',
     'a backslash must be followed by "*" or by another backslash'),
    (of({'wildcard': 'a\\'}), 'a[0].wildcard', 'a backslash must be'),
    (of({'wildcard': '\\\n'}), 'a[0].wildcard', 'a backslash must be'),
    (of({'wildcard': '\\\\\\'}), 'a[0].wildcard', 'a backslash must be'),
    # anything-but
    (of({'anything-but': None}), 'a[0].anything-but',
     'must be a string or a number, not null'),
    (of({'anything-but': True}), 'a[0].anything-but', 'not a boolean'),
    (of({'anything-but': []}), 'a[0].anything-but',
     'must not be an empty list, but one of strings and numbers'),
    (of({'anything-but': ['x', None]}), 'a[0].anything-but[1]', 'not null'),
    (of({'anything-but': [['x']]}), 'a[0].anything-but[0]', 'not a list'),
    (of({'anything-but': [{'prefix': 'x'}]}), 'a[0].anything-but[0]',
     'not a map'),
    (of({'anything-but': float('inf')}), 'a[0].anything-but',
     'must be a finite number'),
    (of({'anything-but': {}}), 'a[0].anything-but',
     'must be a map with one key, which may be %s; it has 0' % NEGATED),
    (of({'anything-but': {'prefix': 'x', 'suffix': 'y'}}),
     'a[0].anything-but', 'it has 2'),
    (of({'anything-but': {'numeric': ['=', 1]}}), 'a[0].anything-but.numeric',
     'unknown operator; allowed: %s' % NEGATED),
    (of({'anything-but': {'prefix': {'equals-ignore-case': 'x'}}}),
     'a[0].anything-but.prefix', 'must be a string, not a map'),
    (of({'anything-but': {'suffix': []}}), 'a[0].anything-but.suffix',
     'must not be an empty list, but one of strings'),
    (of({'anything-but': {'prefix': ['x', 1]}}),
     'a[0].anything-but.prefix[1]', 'must be a string, not a number'),
    (of({'anything-but': {'wildcard': ['x', '**']}}),
     'a[0].anything-but.wildcard[1]', 'another "*"'),
    (of({'anything-but': {'equals-ignore-case': [None]}}),
     'a[0].anything-but.equals-ignore-case[0]', 'not null'),
    # numeric
    (of({'numeric': 5}), 'a[0].numeric', 'such as [">", 0, "<=", 5]'),
    (of({'numeric': []}), 'a[0].numeric', 'must be a list of a comparison'),
    (of({'numeric': ['>']}), 'a[0].numeric', 'once or twice'),
    (of({'numeric': ['>', 1, '<']}), 'a[0].numeric', 'once or twice'),
    (of({'numeric': ['>', 1, '<', 3, '<', 5]}), 'a[0].numeric', 'twice'),
    (of({'numeric': {'>': 1}}), 'a[0].numeric', 'must be a list'),
    (of({'numeric': ['!=', 1]}), 'a[0].numeric[0]',
     'must be one of = > >= < <='),
    (of({'numeric': [1, '>']}), 'a[0].numeric[0]', 'must be one of'),
    (of({'numeric': [['>'], 1]}), 'a[0].numeric[0]', 'must be one of'),
    (of({'numeric': ['>', '1']}), 'a[0].numeric[1]',
     'must be a number, not a string'),
    (of({'numeric': ['>', True]}), 'a[0].numeric[1]', 'not a boolean'),
    (of({'numeric': ['>', float('nan')]}), 'a[0].numeric[1]',
     'must be a finite number'),
    (of({'numeric': ['>', 1, '<', None]}), 'a[0].numeric[3]', 'not null'),
    (of({'numeric': ['>', 1, '>=', 2]}), 'a[0].numeric',
     'two comparisons must be one of > >= and one of < <='),
    (of({'numeric': ['<', 1, '<', 2]}), 'a[0].numeric', 'two comparisons'),
    (of({'numeric': ['=', 1, '<', 2]}), 'a[0].numeric', 'two comparisons'),
    (of({'numeric': ['>', 1, '=', 2]}), 'a[0].numeric', 'two comparisons'),
    (of({'numeric': ['>', 5, '<', 1]}), 'a[0].numeric',
     'no number is within both bounds'),
    (of({'numeric': ['>', 5, '<=', 5]}), 'a[0].numeric', 'no number'),
    (of({'numeric': ['<', 5, '>=', 5]}), 'a[0].numeric', 'no number'),
    # exists
    (of({'exists': 1}), 'a[0].exists',
     'must be true or false, not a number'),
    (of({'exists': 'true'}), 'a[0].exists', 'not a string'),
    (of({'exists': None}), 'a[0].exists', 'not null'),
    # cidr
    (of({'cidr': 1}), 'a[0].cidr', 'must be a string, not a number'),
    (of({'cidr': '10.0.0.0'}), 'a[0].cidr',
     'must be an IP network such as 10.0.0.0/8 or fd00::/8'),
    (of({'cidr': '10.0.0.0/33'}), 'a[0].cidr', 'must be an IP network'),
    (of({'cidr': '10.0.0.0/-1'}), 'a[0].cidr', 'must be an IP network'),
    (of({'cidr': '10.0.0.0/'}), 'a[0].cidr', 'must be an IP network'),
    (of({'cidr': '10.0.0.0/8/8'}), 'a[0].cidr', 'must be an IP network'),
    (of({'cidr': '10.0.0.0/255.0.0.0'}), 'a[0].cidr', 'an IP network'),
    (of({'cidr': '10.0/8'}), 'a[0].cidr', 'must be an IP network'),
    (of({'cidr': 'fd00::/129'}), 'a[0].cidr', 'must be an IP network'),
    (of({'cidr': ''}), 'a[0].cidr', 'must be an IP network'),
    # $or
    ({'$or': []}, '$or', 'must be a list of at least two maps'),
    ({'$or': [{'a': [1]}]}, '$or', 'must be a list of at least two maps'),
    ({'$or': {'a': [1]}}, '$or', 'must be a list of at least two maps'),
    ({'$or': 'a'}, '$or', 'must be a list of at least two maps'),
    ({'$or': [{'a': [1]}, 1]}, '$or[1]', 'must be a map, not a number'),
    ({'$or': [{'a': [1]}, {}]}, '$or[1]', 'must have at least one key'),
    ({'a': {'$or': [{'b': [1]}, {'c': {'d': []}}]}}, 'a.$or[1].c.d',
     'must not be an empty list'),
]


@pytest.mark.parametrize(
    ('pattern', 'path', 'words'), BAD,
    ids=['bad%d' % number for number in range(len(BAD))])
def test_a_bad_pattern_is_refused_with_the_path(pattern, path, words):
    with pytest.raises(patterns.PatternError) as failed:
        patterns.compile(pattern)

    assert failed.value.path == path
    assert words in failed.value.reason
    assert str(failed.value) == '%s: %s' % (
        path or 'the pattern', failed.value.reason)


def nested(levels, wrap):
    inner = {'a': [1]}
    for _ in range(levels - 1):
        inner = wrap(inner)
    return inner


@pytest.mark.parametrize(('wrap', 'step'), [
    (lambda inner: {'a': inner}, 'a'),
    (lambda inner: {'$or': [inner, {'b': [1]}]}, '$or[0]')])
def test_a_pattern_may_not_be_too_deep(wrap, step):
    patterns.compile(nested(compiler.DEPTH, wrap))

    for levels in (compiler.DEPTH + 1, 5000):
        with pytest.raises(patterns.PatternError) as failed:
            patterns.compile(nested(levels, wrap))
        assert failed.value.path == '.'.join([step] * compiler.DEPTH)
        assert 'may have 100 levels' in failed.value.reason


def test_a_pattern_within_itself_is_too_deep():
    pattern = {'b': [1]}
    pattern['a'] = pattern

    with pytest.raises(patterns.PatternError, match='100 levels'):
        patterns.compile(pattern)


def test_an_error_is_a_value_error_that_can_be_sent():
    error = patterns.PatternError('a[0]', 'must be')

    sent = pickle.loads(pickle.dumps(error))

    assert isinstance(sent, ValueError)
    assert (sent.path, str(sent)) == ('a[0]', 'a[0]: must be')


# Python refuses to print it, which hypothesis would with st.just().
HUGE = st.builds(pow, st.just(10), st.just(5000))
WRITTEN = st.recursive(
    strategies.SCALARS | HUGE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from([*operators.OPERATORS, '$or', 'a', 'b']), inner,
        max_size=2), max_leaves=8)


@given(WRITTEN)
def test_whatever_is_written_is_a_pattern_or_a_pattern_error(written):
    for each in (written, {'a': written}, {'a': [written]}):
        error = refusal(each)
        if error:
            assert error.path in str(error)
        else:
            pattern = patterns.compile(each)
            assert pattern.matches(written) in (True, False)


def refusal(written):
    """The error that a pattern is refused with; None if it is one."""
    try:
        patterns.compile(written)
    except patterns.PatternError as error:
        return error
    return None
