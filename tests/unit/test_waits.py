# SPDX-License-Identifier: Apache-2.0
"""Waits in Heat's own tables: who looks after them."""
import dataclasses

import pytest

from heat_plugins import releases
from heat_plugins.engine import locks
from heat_plugins.engine import waits

from . import checks
from . import waiting


@pytest.fixture(scope='module', autouse=True)
def database():
    with checks.database():
        yield


@pytest.fixture
def rows():
    made = waiting.Rows()
    yield made
    made.clear()


def numbers(found):
    return {each.resource_id for each in found}


def test_a_stored_wait_is_what_it_was(rows):
    wait = rows.wait('me', patience={'began': 1.5}, queues=['a', 'b'])

    assert waits.load([wait.resource_id]) == [wait]
    assert wait.began == 1.5


def test_waits_are_counted_by_who_looks_after_them(rows):
    for owner in ('me', 'me', 'other', waits.NOBODY):
        rows.wait(owner)
    # It is being checked, or has ended.
    rows.wait('me', engine='other')
    rows.wait('me', status='COMPLETE')

    assert waits.owners() == {'me': 2, 'other': 1, waits.NOBODY: 1}


def test_what_does_not_wait_any_more_is_tidied_away(rows, monkeypatch):
    monkeypatch.setattr(waits, '_NAMED', 3)
    ended = [rows.wait('me', status=status).resource_id
             for status in ('COMPLETE', 'FAILED')]
    kept = [rows.wait('me').resource_id,
            rows.wait('me', engine='me').resource_id,
            rows.wait('me', status='COMPLETE', engine='me').resource_id]

    assert waits.tidy() == len(waits.KEYS) * len(ended)
    assert numbers(waits.load(ended + kept)) == set(kept)
    assert waits.tidy() == 0


def test_what_waits_anew_is_not_tidied_away(rows, monkeypatch):
    ended = rows.wait('me', status='COMPLETE')
    portions = waits._portions

    def too_late(numbers):
        rows.change(ended.resource_id, status='IN_PROGRESS')
        return portions(numbers)

    monkeypatch.setattr(waits, '_portions', too_late)

    assert waits.tidy() == 0
    assert waits.load([ended.resource_id]) == [ended]


def test_those_of_one_engine(rows):
    mine, other = rows.wait('me'), rows.wait('other')

    assert waits.owned_by('me') == {mine.resource_id}
    assert waits.is_owned_by('me', mine.resource_id)
    assert not waits.is_owned_by('me', other.resource_id)
    rows.change(mine.resource_id, engine_id='other')
    assert not waits.is_owned_by('me', mine.resource_id)


def test_those_whose_stack_does_not_go_on_are_not_wanted(rows):
    failed = rows.stack(status='FAILED')
    wait = rows.wait('me', failed)
    others = rows.wait('other', failed)
    goes_on = rows.wait('me')

    assert waits.unwanted('me', 5) == [wait]
    assert numbers(waits.unwanted_in(failed)) == numbers([wait, others])
    assert waits.is_wanted(goes_on)
    assert not waits.is_wanted(wait)
    assert not waits.is_wanted(dataclasses.replace(goes_on, traversal='t0'))
    # It is being checked.
    rows.change(wait.resource_id, engine_id='other')
    assert numbers(waits.unwanted_in(failed)) == numbers([others])


@pytest.mark.parametrize('is_patient', [True, False])
def test_a_check_of_the_stack_beside_its_traversal_ends_none(
        rows, monkeypatch, is_patient):
    monkeypatch.setattr(releases, 'has_patient_checks', lambda: is_patient)
    wait = rows.wait('me', rows.stack(action='CHECK', status='FAILED'))

    assert waits.is_wanted(wait) is not is_patient
    assert waits.unwanted('me', 5) == [wait] * is_patient


def test_each_is_taken_by_one(rows):
    all_of_them = {rows.wait('dead').resource_id for _number in range(9)}
    first = set(waits.take('dead', 'a', 4))
    second = set(waits.take('dead', 'b', 4, skipped=1))
    third = set(waits.take('dead', 'a', 4))

    assert [len(each) for each in (first, second, third)] == [4, 4, 1]
    assert first | second | third == all_of_them
    assert waits.owned_by('a') == first | third
    assert waits.owned_by('b') == second
    assert not waits.take('dead', 'b', 4)


def test_what_another_takes_in_the_meantime_is_left_to_it(rows, monkeypatch):
    first, second = (rows.wait('dead') for _number in range(2))
    give = waits._give

    def too_late(session, numbers, owner, heir):
        give(session, numbers[:1], owner, 'faster')
        return give(session, numbers, owner, heir)

    monkeypatch.setattr(waits, '_give', too_late)

    assert waits.take('dead', 'a', 4) == [second.resource_id]
    assert waits.owned_by('faster') == {first.resource_id}


def test_what_is_checked_is_not_taken(rows):
    rows.wait('dead', engine='other')

    assert not waits.take('dead', 'a', 4)


def test_all_are_handed_over(rows, monkeypatch):
    monkeypatch.setattr(waits, '_NAMED', 2)
    for _number in range(5):
        rows.wait('me')
    # It is being checked in this moment.
    rows.wait('me', engine='me')
    rows.wait('other')

    assert waits.hand_over('me') == 6
    assert waits.owners() == {waits.NOBODY: 5, 'other': 1}


def test_what_a_dead_engine_has_locked_is_released_once(rows):
    wait = rows.wait('other', engine='dead')
    [lock] = locks.held_by('dead')
    _engine, key = rows.row(wait.resource_id)

    assert locks.holders() == {'dead'}
    assert (lock.resource_id, lock.traversal, lock.is_wanted) == (
        wait.resource_id, waiting.TRAVERSAL, True)
    assert locks.release(lock, 'a')
    assert not locks.release(lock, 'b')
    assert waits.owned_by('a') == {wait.resource_id}
    assert rows.row(wait.resource_id) == (None, key + 1)


def test_what_another_has_locked_meanwhile_is_not_released(rows):
    wait = rows.wait('other', engine='dead')
    [lock] = locks.held_by('dead')
    rows.change(wait.resource_id, engine_id='faster')

    assert not locks.release(lock, 'a')
    assert rows.row(wait.resource_id).engine_id == 'faster'


def test_what_ended_meanwhile_is_not_released(rows):
    wait = rows.wait('other', engine='dead')
    [lock] = locks.held_by('dead')
    rows.change(wait.resource_id, engine_id=None, status='COMPLETE')

    assert not locks.release(lock, 'a')


def test_figures_of_all_engines(rows):
    mine = rows.wait('me', patience={'began': 5}, queues=['a'])
    rows.wait(waits.NOBODY)

    by_engine = {each['engine']: each for each in waits.figures()}

    assert set(by_engine) == {'me', None}
    assert by_engine['me'] == {
        'engine': 'me', 'host': None, 'queues': ['a'], 'action': 'CREATE',
        'type': 'Zaqar::Workflow::WaitCondition', 'stack_id': mine.stack_id,
        'began': 5}
