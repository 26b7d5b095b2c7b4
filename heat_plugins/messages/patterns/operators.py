# SPDX-License-Identifier: Apache-2.0
"""The operators: each makes a predicate of what is written with it.

An operator is a function of its operand and the path to it. It returns a
``Predicate``, or raises ``PatternError``.
"""
import collections.abc
import dataclasses
import ipaddress
import math
import operator

from heat_plugins.messages.patterns import errors
from heat_plugins.messages.patterns import values
from heat_plugins.messages.patterns import wildcards

IGNORE_CASE = 'equals-ignore-case'

_LOWER = {'>': operator.gt, '>=': operator.ge}
_UPPER = {'<': operator.lt, '<=': operator.le}
_COMPARISONS = {'=': operator.eq, **_LOWER, **_UPPER}
# These take as long as so many others: they read a text piece by piece.
_WILDCARD_STEPS = 4
_CIDR_STEPS = 10


@dataclasses.dataclass(frozen=True, slots=True)
class Predicate:
    """Tells which scalars of a body an operator matches.

    :ivar accepts: called with a scalar; never raises.
    :ivar steps: what a call costs, of the steps in ``bodies``.
    """
    accepts: collections.abc.Callable
    steps: int = 1


def predicate(written, path):
    """Of an alternative that is a map, such as ``{'prefix': 'a'}``."""
    name, operand, path = _only(written, path, OPERATORS)
    return OPERATORS[name](operand, path)


def scalar(value, path):
    """The value, if it can be compared for equality."""
    if isinstance(value, float) and not math.isfinite(value):
        raise errors.PatternError(path, 'must be a finite number')
    if not isinstance(value, str | bool | int | float | None):
        raise errors.PatternError(
            path, 'must be a string, a number, true, false or null, not %s' %
            values.kind(value))
    return value


def items(written, path, what):
    """A list's elements with their paths; a lone one as a list of it.

    :param what: what the elements are, for people.
    """
    if not isinstance(written, list):
        return [(written, path)]
    if not written:
        raise errors.PatternError(
            path, 'must not be an empty list, but one of %s' % what)
    return [(each, errors.at_index(path, index))
            for index, each in enumerate(written)]


#: Of ``exists: false``: no value is an absent one.
ABSENT = Predicate(lambda value: False)
_PRESENT = Predicate(lambda value: True)


def _exists(operand, path):
    if not isinstance(operand, bool):
        raise errors.PatternError(path, 'must be true or false, not %s' %
                                  values.kind(operand))
    return _PRESENT if operand else ABSENT


def _prefix(operand, path):
    text = _string(operand, path)
    return _of_text(lambda value: value.startswith(text))


def _suffix(operand, path):
    text = _string(operand, path)
    return _of_text(lambda value: value.endswith(text))


def _equals_ignore_case(operand, path):
    text = _string(operand, path).casefold()
    return _of_text(lambda value: value.casefold() == text)


def _wildcard(operand, path):
    text = _string(operand, path)
    try:
        pieces = wildcards.split(text)
    except ValueError as error:
        raise errors.PatternError(path, str(error)) from None
    return _of_text(lambda value: wildcards.matches(pieces, value),
                    _WILDCARD_STEPS)


def _or_ignoring_case(affix):
    """An operator on a string that takes ``equals-ignore-case`` as well."""
    def made(operand, path):
        if not isinstance(operand, dict):
            return affix(operand, path)
        _, operand, path = _only(operand, path, [IGNORE_CASE])
        found = affix(_string(operand, path).casefold(), path)
        return _of_text(lambda value: found.accepts(value.casefold()))
    return made


def _anything_but(operand, path):
    if not isinstance(operand, dict):
        return _other_than(operand, path)
    name, operand, path = _only(operand, path, _NEGATED)
    refused = [_NEGATED[name](each, where)
               for each, where in items(operand, path, 'strings')]
    return Predicate(
        lambda value: not any(each.accepts(value) for each in refused),
        sum(each.steps for each in refused))


def _other_than(operand, path):
    refused = frozenset(
        values.identity(_string_or_number(each, where))
        for each, where in items(operand, path, 'strings and numbers'))
    return Predicate(lambda value: values.identity(value) not in refused)


def _numeric(operand, path):
    bounds = _bounds(operand, path)
    if len(bounds) == 2:
        _check_range(bounds, path)
    return Predicate(lambda value: values.kind(value) == 'a number' and all(
        _COMPARISONS[name](value, bound) for name, bound in bounds))


def _bounds(operand, path):
    """The (comparison, number) of ``numeric``, one or two."""
    if not isinstance(operand, list) or len(operand) not in (2, 4):
        raise errors.PatternError(
            path, 'must be a list of a comparison and a number, once or '
            'twice, such as [">", 0, "<=", 5]')
    bounds = []
    for index in range(0, len(operand), 2):
        name, bound = operand[index:index + 2]
        if not isinstance(name, str) or name not in _COMPARISONS:
            raise errors.PatternError(
                errors.at_index(path, index),
                'must be one of %s' % ' '.join(_COMPARISONS))
        bounds.append((name, _number(
            bound, errors.at_index(path, index + 1))))
    return bounds


def _check_range(bounds, path):
    (low_name, low), (high_name, high) = sorted(
        bounds, key=lambda bound: bound[0] in _UPPER)
    if low_name not in _LOWER or high_name not in _UPPER:
        raise errors.PatternError(
            path, 'two comparisons must be one of > >= and one of < <=')
    if low > high or low == high and (low_name, high_name) != ('>=', '<='):
        raise errors.PatternError(path, 'no number is within both bounds')


def _cidr(operand, path):
    text = _string(operand, path)
    try:
        _, bits = text.split('/')
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        network = None
    # A mask may be written as an address for Python, not for EventBridge.
    if network is None or not bits.isdigit():
        raise errors.PatternError(
            path, 'must be an IP network such as 10.0.0.0/8 or fd00::/8')
    return _of_text(lambda value: _is_within(value, network), _CIDR_STEPS)


def _is_within(text, network):
    try:
        return ipaddress.ip_address(text) in network
    except ValueError:
        return False


def _of_text(accepts, steps=1):
    """A predicate that is true for some strings only."""
    return Predicate(
        lambda value: isinstance(value, str) and accepts(value), steps)


def _string(value, path):
    if not isinstance(value, str):
        raise errors.PatternError(path, 'must be a string, not %s' %
                                  values.kind(value))
    return value


def _number(value, path):
    if values.kind(value) != 'a number':
        raise errors.PatternError(path, 'must be a number, not %s' %
                                  values.kind(value))
    return scalar(value, path)


def _string_or_number(value, path):
    if values.kind(value) not in ('a string', 'a number'):
        raise errors.PatternError(
            path, 'must be a string or a number, not %s' % values.kind(value))
    return scalar(value, path)


def _only(written, path, allowed):
    """The only key of a map, its value, and the path to that."""
    if len(written) != 1:
        raise errors.PatternError(
            path, 'must be a map with one key, which may be %s; it has %d' %
            (', '.join(allowed), len(written)))
    [(name, operand)] = written.items()
    where = errors.at_key(path, name)
    if name not in allowed:
        raise errors.PatternError(
            where, 'unknown operator; allowed: %s' % ', '.join(allowed))
    return name, operand, where


#: What ``anything-but`` can refuse besides values, of a string each.
_NEGATED = {
    'prefix': _prefix,
    'suffix': _suffix,
    IGNORE_CASE: _equals_ignore_case,
    'wildcard': _wildcard,
}

OPERATORS = {
    'prefix': _or_ignoring_case(_prefix),
    'suffix': _or_ignoring_case(_suffix),
    IGNORE_CASE: _equals_ignore_case,
    'wildcard': _wildcard,
    'anything-but': _anything_but,
    'numeric': _numeric,
    'exists': _exists,
    'cidr': _cidr,
}
