# SPDX-License-Identifier: Apache-2.0
"""Custom constraints, as parameters of a template have them."""
from importlib import metadata

from heat.common import exception
from heat.engine import parameters
from heat.engine.hot import parameters as hot
import pytest

from heat_plugins.engine import constraints


def validate(constraint, value):
    """As Heat does for a parameter of the type string."""
    [entry] = metadata.entry_points(group='heat.constraints', name=constraint)
    schema = hot.HOTParamSchema.from_dict('it', {
        'type': 'string',
        'constraints': [{'custom_constraint': constraint}]})
    schema.constraints[0]._custom_constraint = entry.load()()
    schema.validate()
    parameters.Parameter('it', schema, value).validate(True, None)


@pytest.mark.parametrize('text', [
    '{"a": [1]}',
    '{"a": 1, "b": {"c": [{"prefix": "x"}]}}',
    ' {"$or": [{"a": [null]},\n{"b": [true]}]}\n'])
def test_json_text_of_a_pattern_is_allowed(text):
    validate('zaqar.event_pattern', text)


@pytest.mark.parametrize(('text', 'words'), [
    ('{"detail": {"state": ["x", {"prefex": "a"}]}}',
     'detail.state[1].prefex: unknown operator; allowed: prefix, suffix,'),
    ('{"a": {"b": []}}', 'a.b: must not be an empty list'),
    ('{}', 'the pattern: must have at least one key'),
    ('5', 'the pattern: must be a map, not a number'),
    ('"a"', 'the pattern: must be a map, not a string'),
    ('[{"a": [1]}]', 'the pattern: must be a map, not a list'),
    ('{"a": [NaN]}', 'a[0]: must be a finite number'),
    ('{"a": [1]', 'not JSON: '),
    ('{a: [1]}', 'not JSON: '),
    ('', 'not JSON: '),
    ('[' * 100000, 'not JSON: '),
    ('{"a":' * 200 + '[1]' + '}' * 200, 'may have 100 levels')])
def test_a_refused_pattern_is_told_with_the_path(text, words):
    with pytest.raises(exception.StackValidationFailed) as failed:
        validate('zaqar.event_pattern', text)

    assert ("Parameter 'it' is invalid: Not a valid event pattern: " in
            str(failed.value))
    assert words in str(failed.value)


def test_a_map_is_a_pattern_too():
    constraint = constraints.EventPatternConstraint()

    assert constraint.validate({'a': [1]}, None)
    assert not constraint.validate({'a': []}, None)
    assert 'a: must not be an empty list' in constraint.error({'a': []})


@pytest.mark.parametrize('value', [None, True, 7, ['{"a": [1]}']])
def test_what_is_neither_text_nor_a_map_is_refused(value):
    constraint = constraints.EventPatternConstraint()

    assert not constraint.validate(value, None)
    assert 'must be a map' in constraint.error(value)


@pytest.mark.parametrize('name', ['a', 'A-b_9', 'x' * 64])
def test_a_name_for_a_queue_is_allowed(name):
    validate('zaqar.queue_name', name)


@pytest.mark.parametrize('name', ['', 'a.b', 'a b', 'é', 'a\n', 'x' * 65])
def test_another_name_for_a_queue_is_refused(name):
    with pytest.raises(exception.StackValidationFailed,
                       match='is not a valid queue name'):
        validate('zaqar.queue_name', name)
