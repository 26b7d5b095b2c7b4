# SPDX-License-Identifier: Apache-2.0
"""A pattern, checked and ready to match: what ``compiler`` makes."""
import dataclasses
import json

from heat_plugins.messages.patterns import bodies
from heat_plugins.messages.patterns import values

OR = '$or'
# Characters of a value that a mismatch shows.
_SHOWN = 60


class Pattern:
    """Tells which bodies match; made by ``compile``."""

    def __init__(self, fields):
        self._fields = fields

    def matches(self, body):
        """Whether a body, which is any JSON value, matches.

        :raises TooCostly: it would take too long to tell.
        """
        return self.difference(_examined(body)) is None

    def mismatch(self, body):
        """Why a body does not match, in a few words; '' if it does.

        It names the first field that is not as the pattern wants it, such as
        ``detail.state is "done"`` or ``detail.state is absent``.

        :raises TooCostly: it would take too long to tell.
        """
        difference = self.difference(_examined(body))
        if difference is None:
            return ''
        if not isinstance(body, dict):
            return 'the body is %s' % values.kind(body)
        return str(difference)

    def difference(self, body):
        """The first difference, to be shown by ``str``; None if it matches.

        :param body: a ``bodies.Body``.
        """
        return self._fields.difference(body.fields, body)


def _examined(body):
    # What is not a map has no fields.
    return bodies.Body(body if isinstance(body, dict) else {})


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """A field that is not as a pattern wants it.

    :ivar keys: from the root to the field.
    :ivar found: the scalars that are there instead.
    """
    keys: tuple
    found: list

    def __str__(self):
        return '%s is %s' % ('.'.join(self.keys), ', '.join(
            json.dumps(each)[:_SHOWN] for each in self.found[:3]) or 'absent')


@dataclasses.dataclass(frozen=True, slots=True)
class Leaf:
    """Alternatives for one field.

    :ivar keys: from the root to the field.
    :ivar exact: the ``values.identity`` of the values that match.
    :ivar tests: the ``accepts`` of the alternatives that are operators.
    :ivar steps: what it costs to try all of them on one value.
    :ivar may_be_absent: whether ``exists: false`` is one of them.
    """
    keys: tuple
    exact: frozenset
    tests: tuple
    steps: int
    may_be_absent: bool

    def difference(self, value, body):
        """What is there instead, or None."""
        if self.may_be_absent and body.lacks(self.keys):
            return None
        found = body.leaves(value)
        if any(self._accepts(each, body) for each in found):
            return None
        return Difference(self.keys, found)

    def _accepts(self, scalar, body):
        body.spend_on(scalar, self.steps)
        return values.identity(scalar) in self.exact or any(
            accepts(scalar) for accepts in self.tests)


@dataclasses.dataclass(frozen=True, slots=True)
class Fields:
    """A map of the pattern.

    :ivar leaves: (key, Leaf) of the fields with alternatives.
    :ivar maps: (key, Fields) of those with a map.
    :ivar branches: the Fields of ``$or``; none if it has none.
    """
    leaves: tuple
    maps: tuple
    branches: tuple

    def difference(self, fields, body):
        """How one map of the body differs, or None."""
        body.spend(1)
        # A missing field is an empty array: both have no scalar, no map.
        for key, leaf in self.leaves:
            difference = leaf.difference(fields.get(key, []), body)
            if difference is not None:
                return difference
        for key, inner in self.maps:
            found = body.maps(fields.get(key, [])) or [{}]
            difference = _of_all(inner.difference(each, body)
                                 for each in found)
            if difference is not None:
                return difference
        if self.branches and _of_all(each.difference(fields, body)
                                     for each in self.branches) is not None:
            return 'none of the patterns of %s' % OR
        return None


def _of_all(differences):
    """The first difference; None if any of them is none."""
    first = None
    for each in differences:
        if each is None:
            return None
        first = first or each
    return first
