# SPDX-License-Identifier: Apache-2.0
"""How deep a JSON value is nested."""

#: Levels a body may be nested. Python's JSON gives up before 1000, in Heat's
#: database as well.
DEPTH = 100


def is_deeper(value, levels):
    """Whether there are maps and lists on more levels than that."""
    layer = [value]
    for _ in range(levels + 1):
        layer = [inner for each in layer if isinstance(each, dict | list)
                 for inner in (each.values() if isinstance(each, dict)
                               else each)]
        if not layer:
            return False
    return True
