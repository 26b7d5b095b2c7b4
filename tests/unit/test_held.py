# SPDX-License-Identifier: Apache-2.0
"""A resource is written by the check that holds it, and by no other."""
from heat.common import exception
import pytest


@pytest.fixture
def first(heat):
    """A check that is at work on the thing."""
    check = heat.check(heat.template('b'))
    check.begin_update()
    return check


@pytest.fixture
def second(heat, first):
    """Another, which has taken the thing from the first."""
    heat.steal()
    check = heat.check(heat.template('c'))
    check.begin_update()
    return check


def test_the_one_that_holds_it_writes(heat, first):
    with first.thing.held(rsrc_metadata={'n': 1}):
        first.thing.data_set('value', 'held')
    first.thing.write(rsrc_metadata={'n': 2})

    assert heat.check().thing.metadata_get() == {'n': 2}
    assert heat.now == ('UPDATE', 'IN_PROGRESS', 'a', 'held')
    first.end_update()
    assert heat.now == ('UPDATE', 'COMPLETE', 'b', 'b')


def test_the_one_that_it_was_taken_from_does_not(heat, first, second):
    second.thing.write(rsrc_metadata={'n': 2})

    with (pytest.raises(exception.UpdateInProgress),
          first.thing.held(rsrc_metadata={'n': 1})):
        first.thing.data_set('value', 'not held')

    assert heat.check().thing.metadata_get() == {'n': 2}
    assert first.thing.data() == {'value': 'a'}
    second.end_update()
    assert heat.now == ('UPDATE', 'COMPLETE', 'c', 'c')


def test_nobody_has_taken_it_yet(heat, first):
    heat.steal()

    with pytest.raises(exception.UpdateInProgress):
        first.thing.write(rsrc_metadata={'n': 1})


def test_all_of_it_or_nothing_is_written(heat, first):
    def write():
        with first.thing.held(rsrc_metadata={'n': 1}):
            first.thing.data_set('value', 'in between')
            assert first.thing.data() == {'value': 'in between'}
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()

    assert first.thing.data() == {'value': 'a'}
    assert heat.check().thing.metadata_get() == {}
    first.end_update()
    assert heat.now == ('UPDATE', 'COMPLETE', 'b', 'b')


class TestAfterATrouble:
    """It is not known whether the last write has taken place."""

    def test_it_may_have(self, heat, first):
        before = first.thing._atomic_key
        first.thing.write(rsrc_metadata={'n': 1})
        first.thing._atomic_key = before

        first.thing.make_sure_it_is_held()

        first.end_update()
        assert heat.now == ('UPDATE', 'COMPLETE', 'b', 'b')

    def test_it_may_not_have(self, heat, first):
        first.thing.make_sure_it_is_held()

        first.end_update()
        assert heat.now == ('UPDATE', 'COMPLETE', 'b', 'b')

    def test_another_check_may_have_taken_it(self, first, second):
        with pytest.raises(exception.UpdateInProgress):
            first.thing.make_sure_it_is_held()

    def test_another_check_of_the_same_engine_may_have(self, heat, first):
        heat.steal()
        check = heat.check(heat.template('c'))
        check.thing._calling_engine_id = first.thing._calling_engine_id
        check.update()
        third = heat.check(heat.template('d'))
        third.thing._calling_engine_id = first.thing._calling_engine_id
        third.begin_update()

        with pytest.raises(exception.UpdateInProgress):
            first.thing.make_sure_it_is_held()
