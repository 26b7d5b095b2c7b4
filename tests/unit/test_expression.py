# SPDX-License-Identifier: Apache-2.0
"""YAQL that is right, wrong, slow, endless or greedy."""
import os
import pathlib
import select
import subprocess
import sys
import threading

import pytest

from heat_plugins.messages import message
from heat_plugins.waiting import expression

ENDLESS = "regex('(a+)+$').matches('%sb')" % ('a' * 40)


def never():
    return False


def made(text, timeout=10, processes=9):
    return expression.Expression(text, 200, 100000, timeout, processes)


def messages(*bodies):
    return [message.Message('m%d' % number, body, age=number, ttl=60)
            for number, body in enumerate(bodies)]


def work(text, *bodies, is_late=never, **settings):
    return made(text, **settings)(messages(*bodies), is_late)


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
    ('%s1%s = 1' % ('(' * 2000, ')' * 2000), 'recursion depth'),
])
def test_what_is_not_true_tells_why(text, reason):
    [found] = work(text, 5)

    assert reason in found


@pytest.mark.parametrize('text', [
    ENDLESS,
    'range(0, 150).select(range(0, 150).select(range(0, 150).select('
    'range(0, 150).len()).sum()).sum()).sum() > 1'])
def test_what_does_not_end_is_ended_and_the_rest_left(text):
    assert work('$.body or ' + text, True, False, True, timeout=0.5) == [
        '', 'the expression took more than 0.5 seconds']


def test_each_message_has_its_own_time():
    slow = 'range(0, 100).select(range(0, 20).sum()).sum() > 1'

    assert work(slow, *range(5), timeout=0.5) == [''] * 5


def test_the_rest_is_left_when_it_is_late():
    moments = iter([False, True])

    assert work('true', *range(9), is_late=lambda: next(moments)) == ['', '']


def test_only_so_many_work_at_a_time_and_the_others_do_not_wait_long():
    began, to_end = threading.Event(), threading.Event()

    def is_late():
        began.set()
        to_end.wait()
        return True

    at_work = threading.Thread(target=work, args=('true', 1, 2),
                               kwargs={'is_late': is_late, 'processes': 1})
    at_work.start()
    began.wait()

    assert work('true', 1, processes=1) == []

    to_end.set()
    at_work.join()
    assert work('true', 1, processes=1) == ['']


def test_no_process_to_be_had_is_no_answer(monkeypatch):
    monkeypatch.setattr(sys, 'executable', '/nowhere/python')

    assert work('true', 1) == []


def test_it_ends_when_who_asked_was_killed():
    asking = subprocess.Popen(
        [sys.executable, '-c',
         'from tests.unit import test_expression as own\n'
         'own.work("$.body or " + own.ENDLESS, True, False, timeout=1,\n'
         '         is_late=lambda: print("working", flush=True))'],
        stdout=subprocess.PIPE)
    asking.stdout.readline()
    [worker] = map(os.pidfd_open, children(asking.pid))

    asking.kill()
    asking.wait()

    # It can be read when the process has ended.
    select.select([worker], [], [])


def children(process):
    """The ids of what a process has started."""
    listed = pathlib.Path('/proc/%d/task/%d/children' % (process, process))
    return [int(each) for each in listed.read_text().split()]


def test_a_body_of_any_size_and_characters_gets_there():
    bodies = ['x' * 50000, '\0\n\u20ac\U0001f600', '\ud800', [[[{}]]]]

    assert work('$.body != 1', *bodies * 5) == [''] * 20


@pytest.mark.parametrize('text', [
    '$.(', '"', 'a b', '$..', "'\\N{no}'", '1' * 5000])
def test_what_is_no_yaql_is_refused(text):
    with pytest.raises(expression.ExpressionError, match='is not valid YAQL'):
        made(text)


def test_a_long_error_is_cut():
    with pytest.raises(expression.ExpressionError) as failed:
        made('x\n' * 2000)

    assert len(str(failed.value)) < 300
    assert '\n' not in str(failed.value)


@pytest.mark.parametrize('text', [
    '(' * 2000 + '1' + ')' * 2000, '$' + '.a' * 2000, '1' + '+1' * 2000,
    '[' * 2000 + '1' + ']' * 2000, 'f(' + '1,' * 2000 + '1)', '-' * 4000 + '1',
    'f(' * 1300 + ')' * 1300, '"' + 'a' * 4000 + '"'])
def test_the_longest_are_parsed_whatever_is_in_them(text):
    assert len(text) <= expression.LENGTH

    made(text)
