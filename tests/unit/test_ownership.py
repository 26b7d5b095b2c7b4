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


@pytest.mark.parametrize('moment', ['before', 'during'])
def test_a_message_that_makes_the_queue_first_does_not_cost_the_stamp(
        fresh, monkeypatch, moment):
    create = fresh.create

    def racing(metadata):
        if moment == 'before':
            fresh.post([{'body': 1}])
            return create(metadata)
        # what a message at the same moment leaves of a PUT
        assert create({})
        return True

    monkeypatch.setattr(fresh, 'create', racing)

    assert ownership.claim(fresh, STAMP, {'a': 1}, unowned=True)
    assert fresh.metadata() == {'a': 1, **STAMP.as_metadata()}


def test_a_queue_without_an_owner_is_left_alone_unless_told(fresh):
    fresh.create({'a': 1})

    assert not ownership.claim(fresh, STAMP, {})
    assert not ownership.owns(fresh, STAMP)
    assert not ownership.release(fresh, STAMP)
    assert fresh.metadata() == {'a': 1}

    assert ownership.owns(fresh, STAMP, unowned=True)
    assert ownership.release(fresh, STAMP, unowned=True)
    assert not fresh.exists()


def test_a_queue_of_another_owner_is_never_taken(fresh):
    ownership.claim(fresh, STRANGER, {})

    assert not ownership.claim(fresh, STAMP, {}, unowned=True)
    assert not ownership.release(fresh, STAMP, unowned=True)
    assert ownership.Stamp.of(fresh.metadata()) == STRANGER


def test_a_mailbox_is_told_from_a_queue():
    assert ownership.Stamp('stack', 'resource', 'uuid-1', True) != STAMP
    assert STAMP.is_same_resource(
        ownership.Stamp('stack', 'resource', 'uuid-9', True))
    assert not STAMP.is_same_resource(STRANGER)
    assert not STAMP.is_same_resource(None)
