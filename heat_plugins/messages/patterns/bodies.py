# SPDX-License-Identifier: Apache-2.0
"""A body that is being matched, in a limited number of steps.

A step is one element looked at, or one operator tried on one value. Steps
are counted, not timed, so that every machine gives the same answer.
"""
from heat_plugins.messages.patterns import errors

#: Steps that one body may take: less than a second.
STEPS = 500_000
# Characters of a text that an operator reads in the time of a step.
_CHARACTERS = 64


class Body:
    """What is in a body, as long as there are steps left.

    :param fields: the whole body, a map.
    :ivar spent: the steps taken so far.
    """

    def __init__(self, fields):
        self.fields = fields
        self.spent = 0
        self._known = {}

    def spend(self, steps):
        """Count steps before they are taken.

        :raises TooCostly: there are not that many left.
        """
        self.spent += steps
        if self.spent > STEPS:
            raise errors.TooCostly()

    def spend_on(self, scalar, steps):
        """Count steps that are longer the longer a text is."""
        if isinstance(scalar, str):
            steps *= 1 + len(scalar) // _CHARACTERS
        self.spend(steps)

    def leaves(self, value):
        """The scalars that a value is, or that are in its arrays; a list."""
        return [each for each in self._flat(value)
                if not isinstance(each, dict)]

    def maps(self, value):
        """The maps that a value is, or that are in its arrays; a list."""
        return [each for each in self._flat(value) if isinstance(each, dict)]

    def lacks(self, keys):
        """Whether there is no scalar at these keys, in no element."""
        if keys not in self._known:
            found = [self.fields]
            for key in keys:
                found = [each[key] for each in self.maps(found)
                         if key in each]
            self._known[keys] = not self.leaves(found)
        return self._known[keys]

    def _flat(self, value):
        # Not by recursion: a body may be nested as deep as JSON can be read.
        self.spend(1)
        pending = [value]
        while pending:
            each = pending.pop()
            if isinstance(each, list):
                self.spend(len(each))
                pending += each
            else:
                yield each
