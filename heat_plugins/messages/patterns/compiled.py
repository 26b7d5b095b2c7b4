# SPDX-License-Identifier: Apache-2.0
"""A pattern, checked once and ready to match."""
import dataclasses
import json

from heat_plugins.messages.patterns import errors
from heat_plugins.messages.patterns import operators
from heat_plugins.messages.patterns import values

#: Levels of maps that a pattern may have. Python's stack ends before 1000.
DEPTH = 100
OR = '$or'
# Characters of a value that a mismatch shows.
_SHOWN = 60


def compile(pattern):
    """Make a ``Pattern`` of what is written in a template.

    :param pattern: a map; what becomes of it later changes nothing.
    :raises PatternError: it means nothing; the path says where.
    """
    return Pattern(_fields(pattern, '', (), 1))


class Pattern:
    """Tells which bodies match; made by ``compile``."""

    def __init__(self, fields):
        self._fields = fields

    def matches(self, body):
        """Whether a body, which is any JSON value, matches.

        :returns: True or False. It takes time in proportion to the body and
            to the pattern, and raises nothing.
        """
        fields = body if isinstance(body, dict) else {}
        return self._fields.match(fields, _Body(fields))

    def mismatch(self, body):
        """Why a body does not match, in a few words; '' if it does.

        It names the first field that is not as the pattern wants it, such as
        ``detail.state is "done"`` or ``detail.state is absent``.
        """
        if self.matches(body):
            return ''
        if not isinstance(body, dict):
            return 'the body is %s' % values.kind(body)
        return self._fields.mismatch(body, _Body(body))


class _Body:
    """The whole body, which knows what is nowhere in it."""

    def __init__(self, fields):
        self._fields = fields
        self._known = {}

    def lacks(self, keys):
        """Whether there is no scalar at these keys, in no element."""
        if keys not in self._known:
            found = [self._fields]
            for key in keys:
                found = [each[key] for each in values.maps(found)
                         if key in each]
            self._known[keys] = not values.leaves(found)
        return self._known[keys]


@dataclasses.dataclass(frozen=True, slots=True)
class _Leaf:
    """Alternatives for one field.

    :ivar keys: from the root to the field.
    :ivar exact: the ``values.identity`` of the values that match.
    :ivar predicates: of the alternatives that are operators.
    """
    keys: tuple
    exact: frozenset
    predicates: tuple

    def match(self, value, body):
        if operators.absent in self.predicates and body.lacks(self.keys):
            return True
        return any(self._accepts(each) for each in values.leaves(value))

    def mismatch(self, value):
        """What is there instead."""
        found = values.leaves(value)
        return '%s is %s' % ('.'.join(self.keys), ', '.join(
            json.dumps(each)[:_SHOWN] for each in found[:3]) or 'absent')

    def _accepts(self, scalar):
        return values.identity(scalar) in self.exact or any(
            accepts(scalar) for accepts in self.predicates)


@dataclasses.dataclass(frozen=True, slots=True)
class _Fields:
    """A map of the pattern.

    :ivar leaves: (key, _Leaf) of the fields with alternatives.
    :ivar maps: (key, _Fields) of those with a map.
    :ivar branches: the _Fields of ``$or``; none if it has none.
    """
    leaves: tuple
    maps: tuple
    branches: tuple

    def match(self, fields, body):
        """Whether one map of the body matches."""
        # A missing field is an empty array: both have no scalar, no map.
        for key, leaf in self.leaves:
            if not leaf.match(fields.get(key, []), body):
                return False
        for key, inner in self.maps:
            found = values.maps(fields.get(key, [])) or [{}]
            if not any(inner.match(each, body) for each in found):
                return False
        return not self.branches or any(
            each.match(fields, body) for each in self.branches)

    def mismatch(self, fields, body):
        """Why a map of the body does not match."""
        for key, leaf in self.leaves:
            if not leaf.match(fields.get(key, []), body):
                return leaf.mismatch(fields.get(key, []))
        for key, inner in self.maps:
            found = values.maps(fields.get(key, [])) or [{}]
            if not any(inner.match(each, body) for each in found):
                return inner.mismatch(found[0], body)
        return 'none of the patterns of %s' % OR


def _fields(written, path, keys, depth):
    if not isinstance(written, dict):
        raise errors.PatternError(path, 'must be a map, not %s' %
                                  values.kind(written))
    if not written:
        raise errors.PatternError(path, 'must have at least one key')
    if depth > DEPTH:
        raise errors.PatternError(path, 'a pattern may have %d levels, not '
                                  'more' % DEPTH)
    leaves, maps, branches = [], [], []
    for key, inner in written.items():
        where = errors.at_key(path, key)
        if not isinstance(key, str):
            raise errors.PatternError(where, 'a key must be a string, not %s' %
                                      values.kind(key))
        if key == OR:
            branches = _branches(inner, where, keys, depth)
        elif isinstance(inner, dict):
            maps.append((key, _fields(inner, where, (*keys, key), depth + 1)))
        else:
            leaves.append((key, _leaf(inner, where, (*keys, key))))
    return _Fields(tuple(leaves), tuple(maps), tuple(branches))


def _branches(written, path, keys, depth):
    if not isinstance(written, list) or len(written) < 2:
        raise errors.PatternError(path, 'must be a list of at least two maps')
    return [_fields(each, errors.at_index(path, index), keys, depth + 1)
            for index, each in enumerate(written)]


def _leaf(written, path, keys):
    name = keys[-1]
    if name in operators.OPERATORS and not isinstance(written, list):
        raise errors.PatternError(
            path, 'write [{%s: ...}] for the operator, or a list of '
            'alternatives for a field of this name' % name)
    exact, predicates = [], []
    for each, where in operators.items(written, path, 'alternatives'):
        if isinstance(each, dict):
            predicates.append(operators.predicate(each, where))
        else:
            exact.append(values.identity(operators.scalar(each, where)))
    return _Leaf(keys, frozenset(exact), tuple(predicates))
