# SPDX-License-Identifier: Apache-2.0
"""What a pipe delivers: the body of a message, a part of it, or a new value.

An input is any JSON value. In its strings, ``<$.path>`` stands for what is at
that JSONPath of the body, and ``<id>``, ``<queue>`` and ``<time>`` for the
message's id, its queue, and when it was posted. A string that is nothing but
one of them becomes the value itself, whatever its type.
"""
import json
import re

import jsonpath_ng
from jsonpath_ng import exceptions

#: The whole body.
BODY = '<$>'
_PLACE = re.compile(r'<(\$[^<>]*|id|queue|time)>')


class Input:
    """An input, ready for use.

    :raises ValueError: a path in it is none.
    """

    def __init__(self, given):
        self._given = given
        self._paths = {path: _parsed(path) for path in _paths(given)}

    def of(self, message):
        """The value that is delivered of a ``taken.Message``."""
        return self._filled(self._given, message)

    def _filled(self, value, message):
        if isinstance(value, dict):
            return {key: self._filled(each, message)
                    for key, each in value.items()}
        if isinstance(value, list):
            return [self._filled(each, message) for each in value]
        if not isinstance(value, str):
            return value
        whole = _PLACE.fullmatch(value)
        if whole:
            return self._at(whole[1], message)
        return _PLACE.sub(
            lambda found: _text(self._at(found[1], message)), value)

    def _at(self, place, message):
        if place not in self._paths:
            return getattr(message, place)
        found = [each.value for each in
                 self._paths[place].find(message.body)]
        if not found:
            return None
        return found[0] if len(found) == 1 else found


def _text(value):
    if value is None:
        return ''
    return value if isinstance(value, str) else json.dumps(value)


def _paths(value):
    if isinstance(value, dict):
        for each in value.values():
            yield from _paths(each)
    elif isinstance(value, list):
        for each in value:
            yield from _paths(each)
    elif isinstance(value, str):
        yield from (each for each in _PLACE.findall(value)
                    if each.startswith('$'))


def _parsed(path):
    try:
        return jsonpath_ng.parse(path)
    except exceptions.JsonPathParserError as error:
        raise ValueError('"%s" is no JSONPath: %s' % (path, error)) from error
    except Exception as error:  # its lexer has errors of its own
        raise ValueError('"%s" is no JSONPath: %s' % (path, error)) from error
