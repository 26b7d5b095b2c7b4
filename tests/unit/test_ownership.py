# SPDX-License-Identifier: Apache-2.0
"""Ownership, where calls fail or are made twice; the rest is a contract."""
import pytest

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import ownership

STAMP = ownership.Stamp('stack', 'resource', 'uuid-1')
STRANGER = ownership.Stamp('other', 'resource', 'uuid-2')


@pytest.fixture
def fresh(zaqar):
    """A queue that is not there yet."""
    return zaqar.client().queue('fresh')


def test_a_claim_whose_answer_is_lost_is_ours(zaqar, fresh, pauses):
    zaqar.faults.drop(method='PUT', done=True)

    assert ownership.claim(fresh, STAMP, {'a': 1})
    assert ownership.Stamp.of(fresh.metadata()) == STAMP


def test_a_claim_that_failed_half_way_can_be_repeated(zaqar, fresh):
    zaqar.faults.answer(500, method='PUT', done=True)
    with pytest.raises(errors.ServerError):
        ownership.claim(fresh, STAMP, {'a': 1})

    assert ownership.claim(fresh, STAMP, {'a': 2})
    assert fresh.metadata()['a'] == 2


def test_a_release_that_failed_can_be_repeated(zaqar, fresh):
    ownership.claim(fresh, STAMP, {})
    zaqar.faults.answer(500, method='DELETE', done=True)
    with pytest.raises(errors.ServerError):
        ownership.release(fresh, STAMP)

    assert ownership.release(fresh, STAMP)
    assert not fresh.exists()


def test_a_release_that_cannot_look_does_not_delete(zaqar, fresh):
    ownership.claim(fresh, STAMP, {})
    zaqar.faults.answer(403, times=1)

    with pytest.raises(errors.Forbidden):
        ownership.release(fresh, STAMP)
    assert fresh.exists()


@pytest.mark.parametrize('value', [
    None, 1, 'x', [], {}, {'stack_id': 's'},
    {'stack_id': 's', 'resource': 'r', 'uuid': 'u', 'more': 1}])
def test_a_stamp_that_is_none_is_none(value):
    assert ownership.Stamp.of({ownership.KEY: value}) is None
    assert ownership.Stamp.of({}) is None


def test_a_queue_with_a_broken_stamp_is_not_ours(fresh):
    fresh.create({ownership.KEY: 'nonsense'})

    assert not ownership.claim(fresh, STAMP, {})
    assert not ownership.release(fresh, STAMP)
    assert fresh.metadata() == {ownership.KEY: 'nonsense'}


def test_a_mailbox_is_told_from_a_queue():
    assert ownership.Stamp('stack', 'resource', 'uuid-1', True) != STAMP
    assert STAMP.is_same_resource(
        ownership.Stamp('stack', 'resource', 'uuid-9', True))
    assert not STAMP.is_same_resource(STRANGER)
    assert not STAMP.is_same_resource(None)
