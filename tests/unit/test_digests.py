# SPDX-License-Identifier: Apache-2.0
"""A set that keeps digests only."""
from hypothesis import given
from hypothesis import strategies as st

from heat_plugins.messages import digests

from . import strategies


@given(st.sets(strategies.TEXT), st.sets(strategies.TEXT))
def test_it_knows_what_was_added_and_nothing_else(some, others):
    known = digests.Digests()
    for each in some:
        known.add(each)
    again = digests.Digests(str(known))

    assert all(each in again for each in some)
    assert not any(each in again for each in others - some)
    assert len(again) == len(some)
    assert len(str(again)) == 16 * len(some)


def test_one_takes_in_another():
    one, other = digests.Digests(), digests.Digests()
    one.add('a')
    other.add('b')

    one.update(other)

    assert 'a' in one
    assert 'b' in one
    assert 'a' not in other
