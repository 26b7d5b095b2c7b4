# SPDX-License-Identifier: Apache-2.0
"""The time of a wait, and silence: the senders' and Zaqar's own."""
import json
import math

from hypothesis import given
from hypothesis import strategies as st
import pytest

from heat_plugins.testing import clock as clocks
from heat_plugins.waiting import patience


@pytest.fixture
def clock():
    return clocks.ManualClock(0)


@pytest.fixture
def quiet(clock):
    """Ten seconds are too long, and it has begun."""
    begun = patience.Patience(math.inf, 10, clock=clock)
    begun.heard()
    begun.looked()
    return begun


def test_it_is_silent_from_its_limit_on(quiet, clock):
    clock.advance(9)
    assert not quiet.is_silent
    clock.advance(1)
    assert quiet.is_silent


def test_a_sign_of_life_begins_it_anew(quiet, clock):
    clock.advance(9)
    quiet.heard()
    clock.advance(9)
    assert not quiet.is_silent


def test_before_anybody_was_heard_of_there_is_none(clock):
    quiet = patience.Patience(math.inf, 10, clock=clock)
    clock.advance(100)
    assert (quiet.is_begun, quiet.is_silent) == (False, False)
    quiet.looked()
    quiet.heard()
    assert quiet.is_begun
    quiet.forget()
    clock.advance(100)
    assert not quiet.is_silent


def test_without_a_limit_it_is_never_too_long(clock):
    quiet = patience.Patience(math.inf, clock=clock)
    quiet.heard()
    clock.advance(10 ** 9)
    assert not quiet.is_silent


def test_the_time_of_a_trouble_is_left_out(quiet, clock):
    clock.advance(5)
    quiet.looked()
    for _look in range(3):
        clock.advance(20)
        quiet.could_not_look()
        assert not quiet.is_silent
    clock.advance(20)
    quiet.looked()

    clock.advance(4)
    assert not quiet.is_silent
    clock.advance(1)
    assert quiet.is_silent


def test_a_sign_of_life_within_a_trouble_counts(quiet, clock):
    clock.advance(9)
    quiet.heard()
    quiet.could_not_look()
    clock.advance(1)
    quiet.looked()

    clock.advance(9)
    assert not quiet.is_silent
    clock.advance(1)
    assert quiet.is_silent


def test_the_time_is_up_at_the_timeout(clock):
    waiting = patience.Patience(10, clock=clock)
    clock.advance(9)
    assert not waiting.is_over
    clock.advance(1)
    assert waiting.is_over


@pytest.mark.parametrize(('elapsed', 'pause'), [
    (0, 0), (19, 0), (20, 1), (60, 3), (100, 5), (10 ** 6, 5)])
def test_looks_become_rare_in_time(clock, elapsed, pause):
    waiting = patience.Patience(math.inf, clock=clock)
    clock.advance(elapsed)
    assert waiting.pause == pause


def test_a_clock_that_is_set_back_is_no_negative_pause(clock):
    waiting = patience.Patience(10, clock=clock)
    clock.advance(-100)
    assert (waiting.pause, waiting.is_over) == (0, False)


def test_the_last_trouble_is_known_until_the_next_good_look(quiet):
    quiet.could_not_look(OSError('gone'))
    assert quiet.trouble == 'gone'
    quiet.looked()
    assert quiet.trouble == ''


def test_the_time_between_two_processes_is_no_silence_but_counts(clock):
    quiet = patience.Patience(100, 10, clock=clock)
    quiet.heard()
    clock.advance(8)
    quiet.looked()
    kept = json.loads(json.dumps(quiet.to_map()))

    clock.advance(60)
    again = patience.Patience(100, 10, kept, clock)
    assert not again.is_silent
    again.looked()
    assert not again.is_silent
    clock.advance(2)
    assert again.is_silent

    assert not again.is_over
    clock.advance(30)
    assert again.is_over


@pytest.mark.parametrize('gaps', [0, 5])
def test_while_others_look_only_their_gaps_are_no_silence(quiet, clock, gaps):
    clock.advance(2)
    kept = json.loads(json.dumps(quiet.to_map()))

    def again():
        begun = patience.Patience(100, 10, kept, clock, gaps)
        begun.looked()
        return begun

    clock.advance(7 + gaps)
    assert not again().is_silent
    clock.advance(1)
    assert again().is_silent


def test_when_it_was_somebodys_turn_last_is_kept(clock):
    waiting = patience.Patience(100, clock=clock)
    turns = []
    for act in (waiting.looked, waiting.heard, waiting.could_not_look,
                waiting.forget):
        clock.advance(1)
        act()
        turns.append(patience.Patience(
            100, None, waiting.to_map(), clock).to_map()['last_turn'])

    assert turns == [0, 2, 2, 4]


STEPS = st.lists(st.one_of(
    st.sampled_from(['heard', 'forget', 'looked', 'could_not_look']),
    st.integers(1, 30)), max_size=30)


@given(STEPS, STEPS)
def test_what_goes_on_in_another_process_is_as_if_it_had_not_stopped(
        before, after):
    clock = clocks.ManualClock(0)
    stayed = patience.Patience(100, 10, clock=clock)

    def go(steps, *those):
        for step in steps:
            for each in those:
                if isinstance(step, str):
                    getattr(each, step)()
            if isinstance(step, int):
                clock.advance(step)

    go(before, stayed)
    moved = patience.Patience(100, 10, stayed.to_map(), clock)
    stayed.could_not_look()  # nobody looks meanwhile
    go(after, stayed, moved)

    for name in ('is_over', 'is_silent', 'is_begun', 'pause'):
        assert getattr(moved, name) == getattr(stayed, name), name
