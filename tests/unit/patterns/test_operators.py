# SPDX-License-Identifier: Apache-2.0
"""Each operator: which values of a field it matches, and which it misses."""
import json
import pathlib
import re
import time

import pytest

from heat_plugins.messages import patterns
from heat_plugins.messages.patterns import operators

REFERENCE = (pathlib.Path(__file__).parents[3] /
             'doc/source/reference/patterns.rst')
HUGE = 10 ** 400
INFINITE = float('inf')
NAN = float('nan')

# Alternatives → the values that match, and those that do not.
TABLE = [
    # Exact values, by kind.
    (['a'], ['a'], ['A', 'ab', '', ' a', None]),
    ([''], [''], [' ', None, False, 0]),
    (['1'], ['1'], [1, 1.0, True]),
    (['10.0.0.1'], ['10.0.0.1'], ['10.0.0.01']),
    ([300], [300, 300.0, 3.0e2], ['300', 301, 300.1, True, NAN]),
    ([0], [0, 0.0, -0.0], [False, None, '', '0']),
    ([1], [1, 1.0], [True, '1']),
    ([0.5], [0.5], [0, 1, '0.5']),
    ([2 ** 53 + 1], [2 ** 53 + 1], [2 ** 53, float(2 ** 53 + 1)]),
    ([HUGE], [HUGE], [HUGE + 1, INFINITE, 1e308]),
    ([True], [True], [1, 1.0, 'true', False]),
    ([False], [False], [0, None, '', True]),
    ([None], [None], [0, False, '', 'null']),
    (['a', 2, None], ['a', 2, 2.0, None], ['b', 3, False]),
    # A lone scalar is a list of it.
    ('a', ['a'], ['b']),
    (300, [300.0], [True]),
    (None, [None], [False]),
    # prefix
    ([{'prefix': 'ab'}], ['ab', 'abc'], ['a', 'Abc', 'cab', None, 1]),
    ([{'prefix': ''}], ['', 'a'], [1, None, True]),
    ([{'prefix': '1'}], ['12'], [12, 1]),
    ([{'prefix': {'equals-ignore-case': 'aB'}}],
     ['ab', 'ABc', 'Abc'], ['a', 'cab', 1, None]),
    # suffix
    ([{'suffix': 'ab'}], ['ab', 'cab'], ['b', 'cAb', 'abc', None, 1]),
    ([{'suffix': ''}], ['', 'a'], [1, None, True]),
    ([{'suffix': {'equals-ignore-case': 'aB'}}],
     ['ab', 'cAB'], ['b', 'abc', 1, None]),
    # equals-ignore-case
    ([{'equals-ignore-case': 'aB'}], ['ab', 'AB', 'aB'], ['abc', '', 1]),
    ([{'equals-ignore-case': 'straße'}], ['STRASSE', 'Straße'], ['strase']),
    ([{'equals-ignore-case': 'ΟΔΟΣ'}], ['οδος', 'οδοσ'], ['οδο']),
    # wildcard
    ([{'wildcard': 'ab'}], ['ab'], ['abc', 'cab', 'AB']),
    ([{'wildcard': ''}], [''], ['a', None]),
    ([{'wildcard': '*'}], ['', 'a', '*', 'a\nb'], [1, None, True]),
    ([{'wildcard': 'a*'}], ['a', 'ab', 'a*'], ['', 'ba']),
    ([{'wildcard': '*a'}], ['a', 'ba', 'aba'], ['', 'ab']),
    ([{'wildcard': 'a*a'}], ['aa', 'aba', 'abaa'], ['a', 'aab']),
    ([{'wildcard': 'ab*ba'}], ['abba', 'ab ba'], ['aba', 'ab', 'abab']),
    ([{'wildcard': '*a*'}], ['a', 'bab', 'ba', 'ab'], ['', 'b']),
    ([{'wildcard': 'a*b*c'}], ['abc', 'a-b-c', 'abcbc'], ['acb', 'ac', 'ab']),
    ([{'wildcard': '*ab*ab*'}], ['abab', 'xabyabz'], ['ab', 'aab', 'aba']),
    ([{'wildcard': 'a*bc*c'}], ['abcc'], ['abc']),
    ([{'wildcard': 'a.*'}], ['a.', 'a.b'], ['ab']),
    ([{'wildcard': r'a\*'}], ['a*'], ['a', 'ab', r'a\*']),
    ([{'wildcard': r'a\\*'}], ['a\\', r'a\b'], ['a*', 'ab']),
    ([{'wildcard': r'\**\*'}], ['**', '*a*'], ['*', 'a*', '*a']),
    ([{'wildcard': r'*\**'}], ['*', 'a*b'], ['', 'ab']),
    # anything-but
    ([{'anything-but': 'a'}], ['b', '', 'A', 1, None, True], ['a']),
    ([{'anything-but': 300}], [301, '300', None], [300, 300.0]),
    ([{'anything-but': 1}], [True, '1'], [1, 1.0]),
    ([{'anything-but': ['a', 'b']}], ['c', 'ab', 1, None], ['a', 'b']),
    ([{'anything-but': [1, 'a']}], [2, 'b', '1', True], [1, 1.0, 'a']),
    ([{'anything-but': {'prefix': 'a'}}], ['b', 'ba', 1, None], ['a', 'ab']),
    ([{'anything-but': {'prefix': ['a', 'b']}}], ['c'], ['ax', 'bx']),
    ([{'anything-but': {'suffix': 'a'}}], ['b', 'ab', 1], ['a', 'ba']),
    ([{'anything-but': {'suffix': ['a', 'b']}}], ['c'], ['xa', 'xb']),
    ([{'anything-but': {'wildcard': 'a*b'}}], ['a', 'b', 1], ['ab', 'axb']),
    ([{'anything-but': {'wildcard': ['a*', '*b']}}], ['ca'], ['ac', 'cb']),
    ([{'anything-but': {'equals-ignore-case': 'a'}}], ['b', 1], ['a', 'A']),
    ([{'anything-but': {'equals-ignore-case': ['a', 'B']}}],
     ['c', 'ab'], ['A', 'b']),
    # numeric
    ([{'numeric': ['=', 300]}], [300, 300.0], [301, '300', None]),
    ([{'numeric': ['=', 1]}], [1, 1.0], [True, NAN]),
    ([{'numeric': ['<', 5]}], [4.999, -HUGE], [5, 6, '4', None, NAN]),
    ([{'numeric': ['<=', 5]}], [5, 5.0, 4], [5.001, '5']),
    ([{'numeric': ['>', 5]}], [5.001, HUGE, INFINITE], [5, 4, '6', NAN]),
    ([{'numeric': ['>=', 5]}], [5, 6], [4.999, True, NAN]),
    ([{'numeric': ['>', 0, '<=', 5]}], [0.1, 5], [0, 5.1, '1', True]),
    ([{'numeric': ['<=', 5, '>', 0]}], [0.1, 5], [0, 5.1]),
    ([{'numeric': ['>=', 5, '<=', 5]}], [5], [4.9, 5.1]),
    ([{'numeric': ['>', 2 ** 53]}], [2 ** 53 + 1], [2 ** 53]),
    ([{'numeric': ['<', 5.1e9]}], [5.05e9], [5.15e9]),
    ([{'numeric': ['>', 1e308]}], [HUGE], [-HUGE, 1e308]),
    # exists, of a field that does
    ([{'exists': True}], ['', 0, False, None, 'a'], []),
    ([{'exists': False}], [], ['', 0, False, None, 'a']),
    # cidr
    ([{'cidr': '10.0.0.0/8'}], ['10.0.0.0', '10.255.255.255'],
     ['11.0.0.0', '9.255.255.255', '10.0.0', 'a', '', 167772161, None,
      '::ffff:10.0.0.1', '10.0.0.1/32', ' 10.0.0.1']),
    ([{'cidr': '10.0.0.7/24'}], ['10.0.0.200'], ['10.0.1.0']),
    ([{'cidr': '10.0.0.7/32'}], ['10.0.0.7'], ['10.0.0.6']),
    ([{'cidr': '0.0.0.0/0'}], ['1.2.3.4'], ['::1']),
    ([{'cidr': 'fd00::/8'}], ['fd00::1', 'FD12:0::0'], ['fe00::1', '::']),
    # Several
    ([{'prefix': 'a'}, {'suffix': 'b'}, 3], ['ac', 'cb', 3], ['c', 4]),
    ([{'exists': False}, 'a'], ['a'], ['b']),
    ([{'anything-but': 'a'}, 'a'], ['a', 'b'], []),
]
CASES = [(alternatives, value, expected)
         for alternatives, matches, misses in TABLE
         for values, expected in ((matches, True), (misses, False))
         for value in values]


@pytest.mark.parametrize(
    ('alternatives', 'value', 'expected'), CASES,
    ids=['case%d' % number for number in range(len(CASES))])
def test_alternatives_match_a_value_or_miss_it(alternatives, value, expected):
    pattern = patterns.compile({'field': alternatives})

    assert pattern.matches({'field': value}) is expected
    assert pattern.matches({'field': [[], value]}) is expected


@pytest.mark.parametrize(('body', 'expected'), [
    ({}, True),
    ({'other': 1}, True),
    ({'field': []}, True),
    ({'field': [[], [[]]]}, True),
    ({'field': {}}, True),
    ({'field': {'inner': 1}}, True),
    ({'field': [{'inner': 1}]}, True),
    ({'field': [{'inner': 1}, 0]}, False),
    ({'field': None}, False),
])
def test_a_field_exists_when_it_has_a_scalar(body, expected):
    for written, answer in ((False, expected), (True, not expected)):
        pattern = patterns.compile({'field': [{'exists': written}]})
        assert pattern.matches(body) is answer


def test_an_operator_never_matches_a_missing_field_but_exists_false():
    for alternatives, *_ in TABLE:
        absent = {'exists': False} in listed(alternatives)
        pattern = patterns.compile({'field': alternatives})
        assert pattern.matches({}) is absent


def listed(alternatives):
    return alternatives if isinstance(alternatives, list) else [alternatives]


@pytest.mark.parametrize('alternative', [
    {'wildcard': 'a*' * 200 + 'b'},
    {'wildcard': '*a' * 200 + '*b*c'},
    {'anything-but': {'wildcard': ['*ab*' + 'a*' * 200 + 'c*']}},
])
def test_a_nasty_wildcard_takes_no_time(alternative):
    pattern = patterns.compile({'field': [alternative]})
    body = {'field': 'a' * 200000}

    started = time.process_time()
    pattern.matches(body)

    assert time.process_time() - started < 1


def rows():
    """The table of operators in the reference, as written."""
    text = REFERENCE.read_text()
    table = text[text.index('.. list-table::'):]
    for row in re.split(r'^   \* - ', table, flags=re.M)[2:]:
        yield re.findall('``([^`]+)``', row.split('\n\n')[0])


def test_the_reference_has_an_example_of_every_operator():
    assert {name for name, *_ in rows()} == {*operators.OPERATORS, '$or'}


@pytest.mark.parametrize('row', list(rows()), ids=lambda row: row[1])
def test_an_example_of_the_reference_is_true(row):
    name, pattern, match, miss = row
    assert name in pattern
    pattern = patterns.compile(json.loads(pattern))

    assert pattern.matches(json.loads(match))
    assert not pattern.matches(json.loads(miss))
