# SPDX-License-Identifier: Apache-2.0
"""A resource is read again once it is locked."""
from heat.engine import resource
import pytest

from . import checks


def test_what_another_check_has_done_is_not_done_again(heat):
    wanted = heat.template('b')
    first, second = heat.check(wanted), heat.check(wanted)
    first.begin_update()
    heat.in_the_pause(first.end_update)

    second.update()

    assert checks.Thing.acts == [('update', 'a', 'a', 'a')]
    assert heat.now == ('UPDATE', 'COMPLETE', 'b', 'b')


def test_an_update_goes_on_from_what_another_check_has_made(heat):
    first, second = heat.check(heat.template('b')), heat.check(
        heat.template('c'))
    first.begin_update()
    heat.in_the_pause(first.end_update)

    second.update()

    assert checks.Thing.acts[1:] == [('update', 'b', 'b', 'b')]
    assert heat.now == ('UPDATE', 'COMPLETE', 'c', 'c')


def test_a_delete_knows_what_another_check_has_made(heat):
    first, second = heat.check(heat.template('b')), heat.check()
    first.begin_update()
    heat.in_the_pause(first.end_update)

    second.delete()

    assert checks.Thing.acts[1:] == [('delete', 'b', 'b', 'b')]


def test_a_thing_that_another_check_has_spoiled_is_replaced(heat,
                                                            monkeypatch):
    first, second = heat.check(heat.template(checks.FAIL)), heat.check(
        heat.template('c'))
    first.begin_update()

    def fail():
        with pytest.raises(Exception, match=checks.FAIL):
            first.end_update()

    heat.in_the_pause(fail)

    with pytest.raises(resource.UpdateReplace):
        second.update()

    assert checks.Thing.acts == [('update', 'a', 'a', 'a')]


def test_one_that_is_alone_is_read_once(heat, monkeypatch):
    check = heat.check(heat.template('b'))
    monkeypatch.setattr(check.thing, '_read_again', pytest.fail)

    check.update()

    assert heat.now == ('UPDATE', 'COMPLETE', 'b', 'b')
