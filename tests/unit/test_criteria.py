# SPDX-License-Identifier: Apache-2.0
"""Which messages count for a wait, and as what."""
from hypothesis import given
import pytest

from heat_plugins.messages import criteria
from heat_plugins.messages import message
from heat_plugins.messages import patterns

from . import strategies


def judged(body, **given):
    """What a body is: its status, or why it is none."""
    for key in ('match', 'fail_on'):
        if key in given:
            given[key] = patterns.compile(given[key])
    [verdict] = criteria.Criteria(**given).judge([message.Message('m', body)])
    return verdict.signal.status if verdict.signal else (
        verdict.skipped or verdict.unmatched)


FAILED = {'step': 1, 'status': 'FAILURE'}
DENIED = {'decision': 'denied'}
COSTLY = {'step': 1, 'all': ['x'] * 9000}
TOO_MUCH = {'all': [{'prefix': 'y%d' % number} for number in range(100)]}
GIVEN_UP = 'the pattern is too costly for this message'


@pytest.mark.parametrize(('body', 'given', 'expected'), [
    # without any criterion
    ('text', {}, 'SUCCESS'), (FAILED, {}, 'FAILURE'),
    ({'status': 'IN_PROGRESS'}, {}, 'IN_PROGRESS'),
    # match
    ({'step': 1}, {'match': {'step': 1}}, 'SUCCESS'),
    ({'step': 2}, {'match': {'step': 1}}, 'step is 2'),
    ({}, {'match': {'a': {'b': 1}}}, 'a.b is absent'),
    ({'a': {'b': [2, 3]}}, {'match': {'a': {'b': 1}}}, 'a.b is 3, 2'),
    ([1], {'match': {'step': 1}}, 'the body is a list'),
    ({'x': 1}, {'match': {'$or': [{'a': 1}, {'b': 1}]}},
     'none of the patterns of $or'),
    # a failure is one of what matches
    (FAILED, {'match': {'step': 1}}, 'FAILURE'),
    (FAILED, {'match': {'step': 2}}, 'step is 1'),
    # a sign of life need not match
    ({'status': 'IN_PROGRESS'}, {'match': {'step': 1}}, 'IN_PROGRESS'),
    # fail_on stands alone, and in the place of the status
    (DENIED, {'fail_on': DENIED, 'match': {'decision': 'approved'}},
     'FAILURE'),
    ({'decision': 'approved'}, {'fail_on': DENIED}, 'SUCCESS'),
    (FAILED, {'fail_on': DENIED}, 'SUCCESS'),
    (FAILED, {'fail_on': DENIED, 'match': {'step': 2}}, 'step is 1'),
    # what costs too much to tell
    (COSTLY, {'match': TOO_MUCH}, GIVEN_UP),
    (COSTLY, {'fail_on': TOO_MUCH}, GIVEN_UP),
    (COSTLY, {'match': {'step': 2}, 'fail_on': TOO_MUCH}, 'step is 1'),
    (COSTLY, {'match': TOO_MUCH, 'fail_on': {'step': 1}}, 'FAILURE'),
    # what cannot be judged
    ({'status': 'GOOD'}, {'match': {'step': 1}}, 'step is absent'),
    ({'status': 'GOOD', 'step': 1}, {'match': {'step': 1}},
     '"status" must be one of SUCCESS, FAILURE, IN_PROGRESS, not "GOOD"'),
])
def test_what_a_body_is(body, given, expected):
    assert judged(body, **given) == expected


@pytest.mark.parametrize(('body', 'key'), [
    ({'worker': {'name': 'a'}}, 'a'), ({'worker': {'name': 1.5}}, '1.5'),
    ({'worker': {'name': True}, 'id': 'other'}, 'true')])
def test_a_path_tells_what_counts_once(body, key):
    [verdict] = criteria.Criteria(distinct_by=['worker', 'name']).judge(
        [message.Message('m', body)])

    assert verdict.signal.key == key


@pytest.mark.parametrize('body', [
    {}, {'worker': 'a'}, {'worker': {'name': None}},
    {'worker': {'name': ['a']}}, 'text', None])
def test_a_body_without_the_path_is_skipped(body):
    assert judged(body, distinct_by=['worker', 'name']).startswith(
        '"worker.name" of the body must be a string or a number, not ')


@pytest.mark.parametrize(('body', 'reason'), [
    ({'payload': {'message': 'no disk'}}, 'no disk'),
    ({'payload': {'message': ['a', 1]}}, '["a", 1]'),
    ({'payload': {'message': 'no disk'}, 'reason': 'other'}, 'no disk'),
    ({'payload': {'message': None}, 'reason': 'other'}, 'other'),
    ({'payload': 'text'}, ''), ([1], ''), ('text', '')])
def test_a_path_tells_where_the_reason_is(body, reason):
    [verdict] = criteria.Criteria(reason_from=['payload', 'message']).judge(
        [message.Message('m', body)])

    assert verdict.signal.reason == reason


@pytest.mark.parametrize('body', [
    float('nan'), [1, float('inf')], {'data': {'x': float('-inf')}},
    {'id': float('nan')}])
def test_numbers_that_json_does_not_have_are_skipped(body):
    assert judged(body) == ('the body holds NaN or Infinity, which JSON does '
                            'not have')


def test_a_failure_counts_from_whomever():
    assert judged({'status': 'FAILURE'},
                  distinct_by=['worker', 'name']) == 'FAILURE'
    assert judged(DENIED, distinct_by=['by'], fail_on=DENIED) == 'FAILURE'


class TestExpression:
    """It is asked about all at once, and only about what may count."""

    def judge(self, *bodies, **given):
        self.asked = []

        def expression(batch, _is_late):
            self.asked += [each.body for each in batch]
            return ['' if each.body == 'yes' else 'not yes'
                    for each in batch]
        return [each.unmatched or each.skipped or each.signal.status
                for each in criteria.Criteria(
                    expression=expression, **given).judge([
                        message.Message(str(number), body)
                        for number, body in enumerate(bodies)])]

    def test_what_it_is_true_for_counts(self):
        assert self.judge('yes', 'no', 'yes') == [
            'SUCCESS', 'not yes', 'SUCCESS']
        assert self.asked == ['yes', 'no', 'yes']

    def test_it_is_not_asked_about_the_rest(self):
        assert self.judge(
            {'status': 'IN_PROGRESS'}, {'id': [], 'y': 1}, DENIED, {'x': 1},
            'yes', fail_on=patterns.compile(DENIED),
            match=patterns.compile({'y': 1})) == [
                'IN_PROGRESS', '"id" must be a string or a number, not []',
                'FAILURE', 'y is absent', 'the body is a string']
        assert self.asked == []


class TestTime:
    """What is judged when the time for it is short."""

    def judge(self, *bodies, answered=None):
        def expression(batch, _is_late):
            return [''] * answered
        return [each.message.body for each in criteria.Criteria(
            expression=None if answered is None else expression).judge([
                message.Message(str(number), body)
                for number, body in enumerate(bodies)],
                lambda: bodies[-1] == 'late')]

    def test_one_is_judged_at_least(self):
        assert self.judge('a', 'b', 'late') == ['a']

    def test_the_rest_is_left_where_an_expression_gave_no_answer(self):
        progress = {'status': 'IN_PROGRESS'}

        assert self.judge(progress, 'a', progress, 'b', answered=1) == [
            progress, 'a', progress]
        assert self.judge(progress, 'a', answered=0) == [progress]


@given(strategies.BODIES)
def test_any_body_is_judged(body):
    assert judged(body, match={'a': 1}, fail_on={'b': [{'exists': True}]})
