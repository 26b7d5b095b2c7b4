# SPDX-License-Identifier: Apache-2.0
"""Silence that is the senders', and silence that is Zaqar's."""
import pytest

from heat_plugins.testing import clock as clocks
from heat_plugins.waiting import silence


@pytest.fixture
def clock():
    return clocks.ManualClock(0)


@pytest.fixture
def quiet(clock):
    """Ten seconds are too long, and it has begun."""
    begun = silence.Silence(10, clock)
    begun.heard()
    begun.looked()
    return begun


def test_it_is_too_long_from_its_limit_on(quiet, clock):
    clock.advance(9)
    assert not quiet.is_too_long
    clock.advance(1)
    assert quiet.is_too_long


def test_a_sign_of_life_begins_it_anew(quiet, clock):
    clock.advance(9)
    quiet.heard()
    clock.advance(9)
    assert not quiet.is_too_long


def test_before_anybody_was_heard_of_there_is_none(clock):
    quiet = silence.Silence(10, clock)
    clock.advance(100)
    assert (quiet.is_begun, quiet.is_too_long) == (False, False)
    quiet.looked()
    quiet.heard()
    assert quiet.is_begun
    quiet.forget()
    clock.advance(100)
    assert not quiet.is_too_long


def test_without_a_limit_it_is_never_too_long(clock):
    quiet = silence.Silence(None, clock)
    quiet.heard()
    clock.advance(10 ** 9)
    assert not quiet.is_too_long


def test_the_time_of_a_trouble_is_left_out(quiet, clock):
    clock.advance(5)
    quiet.looked()
    for _look in range(3):
        clock.advance(20)
        quiet.could_not_look()
        assert not quiet.is_too_long
    clock.advance(20)
    quiet.looked()

    clock.advance(4)
    assert not quiet.is_too_long
    clock.advance(1)
    assert quiet.is_too_long


def test_a_sign_of_life_within_a_trouble_counts(quiet, clock):
    clock.advance(9)
    quiet.heard()
    quiet.could_not_look()
    clock.advance(1)
    quiet.looked()

    clock.advance(9)
    assert not quiet.is_too_long
    clock.advance(1)
    assert quiet.is_too_long
