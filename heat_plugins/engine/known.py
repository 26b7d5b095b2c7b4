# SPDX-License-Identifier: Apache-2.0
"""What a template says, as far as it is known before its resources are."""
from collections import abc
import dataclasses

from heat.engine import function


@dataclasses.dataclass(frozen=True)
class Unknown:
    """Stands for what other resources will tell once they are there.

    :ivar resources: the names of those resources.
    """
    resources: frozenset


def known(snippet):
    """A parsed part of a template as plain values.

    :returns: what Heat will make of it, with ``Unknown`` where a function
        depends on resources that are not there yet; ``...`` for nothing.
    """
    if isinstance(snippet, function.Macro):
        return known(snippet.parsed)
    if isinstance(snippet, function.Function):
        missing = frozenset(each.name for each
                            in function.dependencies(snippet)
                            if each.action == each.INIT)
        return (Unknown(missing) if missing
                else function.resolve(snippet, nullable=True))
    if isinstance(snippet, abc.Mapping):
        values = ((key, known(value)) for key, value in snippet.items())
        return {key: value for key, value in values if value is not ...}
    if isinstance(snippet, abc.Sequence) and not isinstance(snippet, str):
        values = map(known, snippet)
        return [value for value in values if value is not ...]
    return snippet


def is_known(value):
    """Whether no part of a value of ``known`` is unknown."""
    if isinstance(value, dict):
        return all(map(is_known, value.values()))
    if isinstance(value, list):
        return all(map(is_known, value))
    return not isinstance(value, Unknown)
