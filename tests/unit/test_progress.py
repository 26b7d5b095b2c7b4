# SPDX-License-Identifier: Apache-2.0
"""Lines about a wait: soon, then rarely, and never without the last."""
from hypothesis import given
from hypothesis import strategies as st
import pytest

from heat_plugins.testing import clock as clocks
from heat_plugins.waiting import progress as progresses

INTERVAL = 10


class Teller:
    """Tells what happens in a wait, with a clock that is told."""

    def __init__(self):
        self.told = []
        self.clock = clocks.ManualClock(0)
        self.progress = progresses.Progress(self.told.append, INTERVAL,
                                            clock=self.clock)

    def tell(self, *lines, kind='k', every=0):
        """Tell these lines, so many seconds apart."""
        for line in lines:
            self.clock.advance(every)
            self.progress.tell(kind, line)
            self.progress.follow(lambda: False)


@pytest.fixture
def teller():
    return Teller()


def test_the_first_five_are_told_at_once_and_then_the_newest_when_due(teller):
    teller.tell(*'abcdefg')
    assert teller.told == [*'abcde']

    teller.clock.advance(INTERVAL)
    teller.progress.follow(lambda: False)
    assert teller.told == [*'abcde', 'g']


def test_what_comes_after_a_pause_is_told_at_once(teller):
    teller.tell(*'abcde')
    teller.clock.advance(INTERVAL)

    teller.tell('f')

    assert teller.told[-1] == 'f'


def test_a_line_without_a_change_or_a_text_is_not_told(teller):
    teller.tell('a', 'a', '', 'b', 'b')

    assert teller.told == ['a', 'b']


def test_kinds_do_not_hold_up_one_another(teller):
    teller.tell(*'abcdef')
    teller.tell('1', kind='other')

    assert teller.told[-1] == '1'


def test_lines_of_several_kinds_are_told_in_their_order(teller):
    for kind, line in [('a', '1'), ('b', '2'), ('c', '3'), ('a', '4')]:
        teller.progress.tell(kind, line)

    teller.progress.follow(lambda: False)

    assert teller.told == [*'234']


def test_the_end_tells_what_was_held_back(teller):
    teller.tell(*'abcdef')
    teller.tell(*'123456', kind='other')

    teller.progress.follow(lambda: True)

    assert teller.told[-2:] == ['f', '6']
    teller.progress.follow(lambda: True)
    assert teller.told[-2:] == ['f', '6']


@pytest.mark.parametrize(('hours', 'lines'), [(1, 85), (24, 150), (240, 200)])
def test_the_longer_it_takes_the_rarer_they_are(teller, hours, lines):
    teller.tell(*map(str, range(3600 * hours // 5)), every=5)

    assert len(teller.told) < lines


@given(st.lists(st.tuples(st.sampled_from('abc'), st.integers(0, 9),
                          st.integers(0, 30))))
def test_whatever_comes_the_newest_of_each_kind_is_told(lines):
    teller = Teller()
    newest = {}
    for kind, number, seconds in lines:
        newest[kind] = kind + str(number)
        teller.tell(newest[kind], kind=kind, every=seconds)

    teller.progress.follow(lambda: True)

    last = {line[0]: line for line in teller.told}
    assert last == newest


def test_an_error_is_the_end(teller):
    teller.tell(*'abcdef')

    def fail():
        raise OSError('gone')

    with pytest.raises(OSError, match='gone'):
        teller.progress.follow(fail)

    assert teller.told[-1] == 'f'
