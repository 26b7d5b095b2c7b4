# SPDX-License-Identifier: Apache-2.0
"""What is new, as server-sent events.

The first event, ``begin``, has the page forget what it knew by an earlier
connection. Each other event has the name of a part of what is shown. Of a
part that is a map only the entries are sent that are new or changed, and
``null`` for those that have gone.
"""
import json


def events(states):
    """The events for one page: bytes.

    :param states: what there is to see, each time it changes: maps; None for
        a sign of life.
    """
    yield b'event: begin\ndata: null\n\n'
    known = {}
    for state in states:
        if state is None:
            yield b': still here\n\n'
            continue
        for name, value in state.items():
            change = _change(known.get(name), value)
            if change is not None:
                yield ('event: %s\ndata: %s\n\n' % (
                    name, json.dumps(change))).encode()
        known = state


def _change(before, now):
    """What to send of a part; None if nothing is new."""
    if before == now:
        return None
    if not isinstance(now, dict):
        return now
    before = before or {}
    return {**{key: value for key, value in now.items()
               if key not in before or before[key] != value},
            **{key: None for key in before if key not in now}}
