# SPDX-License-Identifier: Apache-2.0
"""JSON values: which kind they are, and which are equal."""

_KINDS = (
    # Before int, of which bool is a subclass.
    (bool, 'a boolean'),
    (int, 'a number'),
    (float, 'a number'),
    (str, 'a string'),
    (dict, 'a map'),
    (list, 'a list'),
    (type(None), 'null'),
)


def kind(value):
    """What a value is called in JSON, with its article."""
    for python, name in _KINDS:
        if isinstance(value, python):
            return name
    return 'a Python %s' % type(value).__name__


def identity(scalar):
    """Equal for equal scalars only: True is not 1, but 300 is 300.0."""
    return kind(scalar), scalar

