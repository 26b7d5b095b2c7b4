# SPDX-License-Identifier: Apache-2.0
"""How maps, arrays, ``$or`` and absence work together."""
import copy
import sys

from hypothesis import given
import pytest

from heat_plugins.messages import patterns
from heat_plugins.messages.patterns import bodies
from heat_plugins.messages.patterns import compiler
from tests.unit import strategies

ABSENT = [{'exists': False}]
ANY = [{'exists': True}]


def matches(pattern, body):
    return patterns.compile(pattern).matches(body)


def nested(levels, inner, wrap):
    for _ in range(levels):
        inner = wrap(inner)
    return inner


@pytest.mark.parametrize(('body', 'expected'), [
    ({'a': 1, 'b': {'c': 2}}, True),
    ({'a': 1, 'b': {'c': 2, 'd': 3}, 'e': 4}, True),
    ({'a': 1, 'b': {'c': 3}}, False),
    ({'a': 1, 'b': {}}, False),
    ({'a': 1, 'b': 2}, False),
    ({'a': 1, 'c': 2}, False),
    ({'b': {'c': 2}}, False),
    ({}, False),
])
def test_all_keys_must_match_and_others_are_ignored(body, expected):
    assert matches({'a': [1], 'b': {'c': [2]}}, body) is expected


@pytest.mark.parametrize('value', [
    1, [1], [2, 1], [[1]], [[], [2, [1]]], [{'x': 2}, 1], [None, 1.0]])
def test_an_array_matches_when_any_element_does(value):
    assert matches({'a': [1]}, {'a': value})


@pytest.mark.parametrize('value', [
    [], [[]], [2, 3], {}, {'a': 1}, [{'a': 1}], {'1': 1}, None])
def test_an_array_without_such_an_element_does_not(value):
    assert not matches({'a': [1]}, {'a': value})


def test_anything_but_needs_one_element_that_is_another():
    pattern = {'a': [{'anything-but': 'x'}]}

    assert matches(pattern, {'a': ['x', 'y']})
    assert not matches(pattern, {'a': ['x', 'x']})
    assert not matches(pattern, {'a': []})


@pytest.mark.parametrize(('value', 'expected'), [
    ({'b': 1, 'c': 2}, True),
    ([{'b': 1, 'c': 2}], True),
    ([{'b': 1}, {'b': 1, 'c': 2}], True),
    ([[{'b': 1}], [0, {'b': [0, 1], 'c': [2]}]], True),
    ([{'b': 1}, {'c': 2}], False),
    ([{'b': 1, 'c': 0}, {'b': 0, 'c': 2}], False),
    ([[{'b': 1}, {'c': 2}]], False),
    ([{'b': 1}, 2], False),
])
def test_keys_match_within_the_same_element(value, expected):
    assert matches({'a': {'b': [1], 'c': [2]}}, {'a': value}) is expected


def test_arrays_within_arrays_are_consistent_on_each_level():
    pattern = {'a': {'b': {'c': [1], 'd': [1]}, 'e': {'f': [1]}}}

    assert matches(pattern, {'a': [
        {}, {'b': [{}, {'c': 1, 'd': 1}], 'e': [{'f': 0}, {'f': 1}]}]})
    assert not matches(pattern, {'a': [
        {'b': [{'c': 1, 'd': 1}]}, {'e': {'f': 1}}]})
    assert not matches(pattern, {'a': [
        {'b': [{'c': 1}, {'d': 1}], 'e': {'f': 1}}]})


@pytest.mark.parametrize(('body', 'expected'), [
    ({}, True),
    ({'a': 1}, True),
    ({'a': {}}, True),
    ({'a': {'b': {'c': 1}}}, True),
    ({'a': [{'b': []}, {'c': 1}]}, True),
    ({'a': {'b': 1}}, False),
    ({'a': {'b': None}}, False),
    ({'a': [{'b': 1}]}, False),
    ({'a': [{'c': 1}, {'b': 1}]}, False),
    ({'a': [[{'c': 1}], [[{'b': [[1]]}]]]}, False),
])
def test_a_field_is_absent_when_no_element_has_it(body, expected):
    assert matches({'a': {'b': ABSENT}}, body) is expected


@pytest.mark.parametrize(('value', 'expected'), [
    ({'c': 1}, True),
    ([{'c': 1}, {'d': 1}], True),
    ([{'c': 1}, {'b': 1}], False),
    ([{'b': 1}, {'c': 1}], False),
    ({'d': 1}, False),
    ([], False),
])
def test_absence_is_of_all_elements_and_not_of_the_matching_one(
        value, expected):
    assert matches({'a': {'b': ABSENT, 'c': [1]}}, {'a': value}) is expected
    assert matches({'a': {'c': [1], 'b': ABSENT}}, {'a': value}) is expected


@pytest.mark.parametrize(('body', 'expected'), [
    ({'a': 1, 'b': 1}, True),
    ({'a': 1, 'c': 1}, True),
    ({'a': 1, 'b': 1, 'c': 1}, True),
    ({'a': 1}, False),
    ({'b': 1, 'c': 1}, False),
    ({'a': 1, '$or': 1}, False),
])
def test_one_pattern_of_or_must_match_beside_its_siblings(body, expected):
    pattern = {'a': [1], '$or': [{'b': [1]}, {'c': [1]}]}

    assert matches(pattern, body) is expected


def test_or_may_be_at_any_level():
    pattern = {'a': {'b': [1], '$or': [
        {'c': [1]}, {'d': [1], '$or': [{'e': [1]}, {'f': ABSENT}]}]}}

    assert matches(pattern, {'a': {'b': 1, 'c': 1}})
    assert matches(pattern, {'a': {'b': 1, 'd': 1, 'e': 1, 'f': 1}})
    assert matches(pattern, {'a': [{}, {'b': 1, 'd': 1}]})
    assert not matches(pattern, {'a': {'b': 1, 'd': 1, 'f': 1}})
    assert not matches(pattern, {'a': {'c': 1}})
    assert not matches(pattern, {'a': [{'b': 1}, {'c': 1}]})
    assert not matches(pattern, {'a': {'b': 1}, 'c': 1})


def test_a_pattern_of_or_and_its_siblings_may_match_another_element():
    pattern = {'a': {'b': [1]}, '$or': [{'a': {'c': [1]}}, {'d': [1]}]}

    assert matches(pattern, {'a': [{'b': 1}, {'c': 1}]})
    assert not matches(pattern, {'a': [{'b': 1}]})


def test_a_dot_in_a_key_is_a_dot():
    assert matches({'a.b': [1]}, {'a.b': 1})
    assert not matches({'a.b': [1]}, {'a': {'b': 1}})
    assert not matches({'a': {'b': [1]}}, {'a.b': 1})


def test_an_operators_name_may_be_a_fields():
    assert matches({'prefix': {'exists': [1]}}, {'prefix': {'exists': 1}})


@pytest.mark.parametrize('body', [
    None, True, 0, 1.5, '', 'a', [], ['a'], [{'a': 1}], [[{'a': 1}]], {}])
def test_a_body_that_is_no_map_has_no_fields(body):
    assert not matches({'a': ANY}, body)
    assert not matches({'a': {'b': ANY}}, body)
    assert matches({'a': ABSENT}, body)
    assert matches({'a': {'b': ABSENT}}, body)


@given(strategies.JSON)
def test_any_body_gets_an_answer(body):
    for written in ({'a': ANY}, {'a': {'b': ['x', None, {'numeric': [
            '<', 5]}, {'cidr': '::/0'}, {'wildcard': 'a*b'}]}}):
        pattern = patterns.compile(written)
        for each in (body, {'a': body}, {'a': {'b': body}}):
            assert pattern.matches(each) in (True, False)
    assert matches({'a': ANY}, {'a': body}) is not matches(
        {'a': ABSENT}, {'a': body})


@pytest.mark.parametrize('levels', [900, 50000])
def test_a_body_may_be_without_a_bottom(levels):
    maps = nested(levels, 1, lambda inner: {'a': inner, 'b': 1})
    lists = nested(levels, 1, lambda inner: [inner])

    assert matches({'a': {'a': {'b': [1]}}}, maps)
    assert not matches({'a': {'a': {'a': [1]}}}, maps)
    assert matches({'a': [1]}, {'a': lists})
    assert matches({'a': {'b': ABSENT}}, {'a': lists})
    assert not matches({'a': [1]}, lists)


@pytest.mark.parametrize('wrap', [
    lambda inner: {'a': inner},
    lambda inner: {'$or': [{'b': [1]}, inner]}])
def test_the_deepest_pattern_leaves_most_of_the_stack(wrap):
    pattern = patterns.compile(
        nested(compiler.DEPTH - 1, {'a': [1]}, wrap))
    body = {'a': 1} if '$or' in wrap(1) else nested(
        compiler.DEPTH, 1, lambda inner: {'a': inner})

    def from_below(frames):
        if frames:
            return from_below(frames - 1)
        return pattern.matches(body)

    assert from_below(sys.getrecursionlimit() // 2)


def test_many_elements_take_steps_in_proportion():
    pattern = patterns.compile({'a': {'b': {'c': [1], 'd': ABSENT, 'e': [{
        'exists': False}, 2]}}})

    def steps(elements):
        body = bodies.Body({'a': [{'b': [{'c': 0, 'd': 1}] * 10}] * elements})
        assert pattern.difference(body)
        return body.spent

    assert steps(300) < 3 * steps(100)


def test_what_becomes_of_the_written_pattern_changes_nothing():
    written = {'a': [1, {'anything-but': ['x']}], '$or': [
        {'b': ABSENT}, {'b': [1]}]}
    pattern = patterns.compile(written)
    copied = copy.deepcopy(written)

    assert pattern.matches({'a': 1})
    assert written == copied
    written['a'][1]['anything-but'].append('y')
    written['a'].clear()
    written['$or'].clear()
    assert pattern.matches({'a': 'y'})
    assert not pattern.matches({'a': 1, 'b': 2})
