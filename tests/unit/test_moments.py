# SPDX-License-Identifier: Apache-2.0
"""What is due at which moment."""
import math

from hypothesis import given
from hypothesis import strategies as st

from heat_plugins.waiting import moments

ACTS = st.lists(st.tuples(st.sampled_from(['set', 'hasten', 'discard', 'pop']),
                          st.sampled_from('abcd'), st.integers(0, 20)),
                max_size=60)


@given(ACTS)
def test_what_has_been_due_for_longest_comes_first_and_once(acts):
    told, due = moments.Moments(), {}
    for name, key, moment in acts:
        if name == 'set':
            told.set(key, moment)
            due[key] = moment
        elif name == 'hasten':
            told.hasten(key, moment)
            if key in due:
                due[key] = min(due[key], moment)
        elif name == 'discard':
            told.discard(key)
            due.pop(key, None)
        else:
            popped = told.pop(moment)
            earliest = min(due.values(), default=math.inf)
            if earliest > moment:
                assert popped is None
            else:
                assert due.pop(popped) == earliest
        assert told.next == min(due.values(), default=math.inf)


def test_what_is_set_again_and_again_takes_no_more_room():
    told = moments.Moments()
    for moment in range(10000):
        told.set('a', 3600 + moment)
        told.set('b', math.inf)
        told.discard('b')

    assert len(told._heap) < 200
    assert told.pop(math.inf) == 'a'
