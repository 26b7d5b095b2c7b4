# SPDX-License-Identifier: Apache-2.0
"""Intrinsic functions, as far as they can be known without a cloud.

What depends on a cloud, or on what is not given, is ``UNKNOWN``, and so is
all that is made of it. Nothing is guessed.
"""
import dataclasses
import functools


class _Unknown:
    """Stands for what is not known."""

    def __repr__(self):
        return 'UNKNOWN'


UNKNOWN = _Unknown()


@dataclasses.dataclass(frozen=True)
class Parameter:
    """The value of a parameter that is not given: the same everywhere."""
    name: str


@dataclasses.dataclass(frozen=True)
class Reference:
    """What ``get_resource`` gives: the reference id of a resource."""
    resource: str


@dataclasses.dataclass(frozen=True)
class Attribute:
    """What ``get_attr`` gives.

    :ivar path: the name of the attribute, and what follows: a tuple.
    """
    resource: str
    path: tuple


@dataclasses.dataclass(frozen=True)
class Outer:
    """A value of one of these kinds in the template around this one."""
    value: object


class Resolver:
    """Resolves the functions in the values of a template.

    :param parameters: name → value, or ``UNKNOWN``.
    :param conditions: name → condition, as the template has it.
    """

    def __init__(self, parameters, conditions):
        self._parameters = parameters
        self._conditions = conditions
        self._known = {
            'get_param': self._get_param, 'get_resource': self._get_resource,
            'get_attr': self._get_attr, 'if': self._if,
            'list_join': self._list_join, 'str_replace': self._str_replace,
            'str_replace_strict': self._str_replace,
            'str_replace_vstrict': self._str_replace,
            'list_concat': self._list_concat, 'map_merge': self._map_merge,
            'equals': self._equals, 'not': self._not, 'and': self._and,
            'or': self._or}

    def resolve(self, value):
        """A value with all functions in it resolved."""
        if isinstance(value, list):
            return [self.resolve(each) for each in value]
        if not isinstance(value, dict):
            return value
        if is_function(value):
            [(name, argument)] = value.items()
            return self._known.get(name, _unknown)(argument)
        return {key: self.resolve(each) for key, each in value.items()}

    def condition(self, value):
        """Whether a condition holds: True, False or ``UNKNOWN``."""
        if isinstance(value, str):
            value = self._conditions.get(value, UNKNOWN)
        found = self.resolve(value)
        return found if isinstance(found, bool) else UNKNOWN

    def _get_param(self, argument):
        name, *path = argument if isinstance(argument, list) else [argument]
        value = (self._parameters.get(name, UNKNOWN)
                 if isinstance(name, str) else UNKNOWN)
        if value is UNKNOWN and isinstance(name, str) and not path:
            return Parameter(name)
        for key in map(self.resolve, path):
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return UNKNOWN
        return value

    @staticmethod
    def _get_resource(argument):
        return (Reference(argument) if isinstance(argument, str)
                else UNKNOWN)

    def _get_attr(self, argument):
        path = self.resolve(argument)
        if not (isinstance(path, list) and path and
                isinstance(path[0], str)):
            return UNKNOWN
        return Attribute(path[0], tuple(
            each if isinstance(each, str | int) else UNKNOWN
            for each in path[1:]))

    def _if(self, argument):
        if not (isinstance(argument, list) and len(argument) in (2, 3)):
            return UNKNOWN
        holds = self.condition(argument[0])
        if holds is UNKNOWN:
            return UNKNOWN
        chosen = argument[1:] + [None]
        return self.resolve(chosen[0 if holds else 1])

    def _list_join(self, argument):
        parts = self.resolve(argument)
        if not (is_known(parts) and isinstance(parts, list) and
                all(isinstance(each, list) for each in parts[1:]) and parts):
            return UNKNOWN
        return str(parts[0]).join(
            str(each) for some in parts[1:] for each in some)

    def _str_replace(self, argument):
        found = self.resolve(argument)
        if not (is_known(found) and isinstance(found, dict) and
                isinstance(found.get('template'), str) and
                isinstance(found.get('params'), dict)):
            return UNKNOWN
        text = found['template']
        for key in sorted(found['params'], key=len, reverse=True):
            text = text.replace(key, str(found['params'][key]))
        return text

    def _list_concat(self, argument):
        lists = self.resolve(argument)
        if not (isinstance(lists, list) and
                all(isinstance(each, list) for each in lists)):
            return UNKNOWN
        return [each for some in lists for each in some]

    def _map_merge(self, argument):
        maps = self.resolve(argument)
        if not (isinstance(maps, list) and
                all(isinstance(each, dict) for each in maps)):
            return UNKNOWN
        return functools.reduce(lambda one, other: {**one, **other}, maps, {})

    def _equals(self, argument):
        both = self.resolve(argument)
        if not (is_known(both) and isinstance(both, list) and
                len(both) == 2):
            return UNKNOWN
        return both[0] == both[1]

    def _not(self, argument):
        found = self.condition(argument)
        return found if found is UNKNOWN else not found

    def _and(self, argument):
        return self._all_are(argument, True)

    def _or(self, argument):
        found = self._all_are(argument, False)
        return found if found is UNKNOWN else not found

    def _all_are(self, argument, wanted):
        """Whether all conditions in a list are so."""
        if not isinstance(argument, list):
            return UNKNOWN
        found = [self.condition(each) for each in argument]
        if any(each is not UNKNOWN and each != wanted for each in found):
            return False
        return UNKNOWN if UNKNOWN in found else True


#: Of HOT, up to its version 2021-04-16.
FUNCTIONS = (
    'and', 'contains', 'digest', 'equals', 'filter', 'get_attr', 'get_file',
    'get_param', 'get_resource', 'if', 'list_concat', 'list_concat_unique',
    'list_join', 'make_url', 'map_merge', 'map_replace', 'not', 'or',
    'repeat', 'resource_facade', 'str_replace', 'str_replace_strict',
    'str_replace_vstrict', 'str_split', 'yaql')


def is_function(value):
    """Whether a value of a template is a call of a function."""
    return (isinstance(value, dict) and len(value) == 1 and
            next(iter(value)) in FUNCTIONS)


def from_outside(value):
    """A resolved value as it is seen in a template within."""
    return _changed(value, lambda each: Outer(each) if isinstance(
        each, Parameter | Reference | Attribute | Outer) else each)


def without(value, text):
    """A resolved value, of which strings that have a text are not known."""
    return _changed(value, lambda each: UNKNOWN if isinstance(
        each, str) and isinstance(text, str) and text in each else each)


def _changed(value, change):
    """A value with all in it changed that is no map and no list."""
    if isinstance(value, dict):
        return {key: _changed(each, change) for key, each in value.items()}
    if isinstance(value, list):
        return [_changed(each, change) for each in value]
    return change(value)


def is_known(value):
    """Whether a resolved value is a literal, with all that is in it."""
    if isinstance(value, dict):
        return all(map(is_known, value.values()))
    if isinstance(value, list):
        return all(map(is_known, value))
    return not (may_be_nothing(value) or
                isinstance(value, Reference | Attribute | Outer))


def may_be_nothing(value):
    """Whether a resolved value may turn out to be none at all."""
    if isinstance(value, Outer):
        return may_be_nothing(value.value)
    return isinstance(value, _Unknown | Parameter)


def _unknown(_argument):
    return UNKNOWN
