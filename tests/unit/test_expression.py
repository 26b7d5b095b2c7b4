# SPDX-License-Identifier: Apache-2.0
"""YAQL that is right, wrong, slow, endless or greedy."""
import pytest

from heat_plugins.messages import message
from heat_plugins.waiting import expression


def work(text, *bodies, timeout=10):
    return expression.Expression(text, 200, 100000, timeout)(
        [message.Message('m%d' % number, body, age=number, ttl=60)
         for number, body in enumerate(bodies)])


def test_it_sees_all_of_a_message():
    assert work('$.id = "m1" and $.age = 1 and $.ttl = 60 and '
                '$.body.n.sum() > 5', {'n': [1]}, {'n': [2, 4]}) == [
                    'the expression gave False', '']


@pytest.mark.parametrize(('text', 'reason'), [
    ('$.body', "the expression gave 5"),
    ('null', 'the expression gave None'),
    ('$.body.x.y', 'the expression failed'),
    ('dict(a => 1)["kind"] = 1', "there is no key 'kind'"),
    ('1 / 0 = 1', 'division'),
    ('nothing($)', 'nothing'),
    ('range(0, 100000).toList().len() > 1', 'exceeds 200 elements'),
    ('"a" * 100000000 = 1', 'too much memory'),
])
def test_what_is_not_true_tells_why(text, reason):
    [found] = work(text, 5)

    assert reason in found


@pytest.mark.parametrize('text', [
    "regex('(a+)+$').matches('%sb')" % ('a' * 40),
    'range(0, 150).select(range(0, 150).select(range(0, 150).select('
    'range(0, 150).len()).sum()).sum()).sum() > 1'])
def test_what_does_not_end_is_ended(text):
    assert work('$.body or ' + text, True, False, True, timeout=1) == [
        '', 'the expression took more than 1 seconds', '']


def test_what_never_ends_does_not_hold_up_a_batch_for_ever():
    found = work("regex('(a+)+$').matches('%sb')" % ('a' * 40), *range(100),
                 timeout=0.5)

    assert found[:5] == ['the expression took more than 0.5 seconds'] * 5
    assert {each.partition(',')[0] for each in found[5:]} == {
        'the expression was given up'}
    assert len(found) == 100


def test_a_body_of_any_size_and_characters_gets_there():
    bodies = ['x' * 50000, '\0\n\u20ac\U0001f600', '\ud800', [[[{}]]]]

    assert work('$.body != 1', *bodies * 5) == [''] * 20


@pytest.mark.parametrize('text', ['$.(', '"', 'a b', '$..'])
def test_what_is_no_yaql_is_refused(text):
    with pytest.raises(expression.ExpressionError, match='is no YAQL'):
        expression.Expression(text, 200, 10000, 1)
