# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a pattern, and where; or with it and a body."""


class PatternError(ValueError):
    """The pattern means nothing.

    :ivar path: from the pattern's root to what is wrong, for instance
        ``detail.state[0].prefix``; empty for the root.
    :ivar reason: what is allowed there.
    """

    def __init__(self, path, reason):
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self):
        return '%s: %s' % (self.path or 'the pattern', self.reason)


class TooCostly(Exception):
    """It would take too many steps to match a body."""

    def __init__(self):
        super().__init__('the pattern is too costly for this message')


def at_key(path, key):
    """The path to what a map at ``path`` has under a key."""
    return '%s.%s' % (path, key) if path else str(key)


def at_index(path, index):
    """The path to an element of a list at ``path``."""
    return '%s[%d]' % (path, index)
