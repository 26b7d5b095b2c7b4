# SPDX-License-Identifier: Apache-2.0
"""What is written in a template becomes a pattern, or an error."""
from heat_plugins.messages.patterns import compiled
from heat_plugins.messages.patterns import errors
from heat_plugins.messages.patterns import operators
from heat_plugins.messages.patterns import values

#: Levels of maps that a pattern may have. Python's stack ends before 1000.
DEPTH = 100
#: Keys and operators that a pattern may have.
SIZE = 1000


def compile(pattern):
    """Make a ``Pattern`` of what is written in a template.

    :param pattern: a map; what becomes of it later changes nothing.
    :raises PatternError: it means nothing, or it is too large; the path says
        where.
    """
    return compiled.Pattern(_Compiler().fields(pattern, '', (), 1))


class _Compiler:
    """Compiles one pattern, and counts what is in it."""

    def __init__(self):
        self._size = 0

    def fields(self, written, path, keys, depth):
        if not isinstance(written, dict):
            raise errors.PatternError(path, 'must be a map, not %s' %
                                      values.kind(written))
        if not written:
            raise errors.PatternError(path, 'must have at least one key')
        if depth > DEPTH:
            raise errors.PatternError(path, 'a pattern may have %d levels, '
                                      'not more' % DEPTH)
        leaves, maps, branches = [], [], []
        for key, inner in written.items():
            where = errors.at_key(path, key)
            if not isinstance(key, str):
                raise errors.PatternError(
                    where, 'a key must be a string, not %s' %
                    values.kind(key))
            self._count(where)
            if key == compiled.OR:
                branches = self._branches(inner, where, keys, depth)
            elif isinstance(inner, dict):
                maps.append((key, self.fields(
                    inner, where, (*keys, key), depth + 1)))
            else:
                leaves.append((key, self._leaf(inner, where, (*keys, key))))
        return compiled.Fields(tuple(leaves), tuple(maps), tuple(branches))

    def _branches(self, written, path, keys, depth):
        if not isinstance(written, list) or len(written) < 2:
            raise errors.PatternError(path,
                                      'must be a list of at least two maps')
        return [self.fields(each, errors.at_index(path, index), keys,
                            depth + 1)
                for index, each in enumerate(written)]

    def _leaf(self, written, path, keys):
        name = keys[-1]
        if name in operators.OPERATORS and not isinstance(written, list):
            raise errors.PatternError(
                path, 'write [{%s: ...}] for the operator, or a list of '
                'alternatives for a field of this name' % name)
        exact, predicates = [], []
        for each, where in operators.items(written, path, 'alternatives'):
            if isinstance(each, dict):
                predicates.append(operators.predicate(each, where))
                self._count(where)
            else:
                exact.append(values.identity(operators.scalar(each, where)))
        return compiled.Leaf(
            keys, frozenset(exact),
            tuple(each.accepts for each in predicates),
            1 + sum(each.steps for each in predicates),
            operators.ABSENT in predicates)

    def _count(self, path):
        self._size += 1
        if self._size > SIZE:
            raise errors.PatternError(
                path, 'a pattern may have %d keys and operators in all, not '
                'more' % SIZE)
