# SPDX-License-Identifier: Apache-2.0
"""A value that its property does not take."""
import json
import re

from heat_plugins.templates import functions
from heat_plugins.zaqar import limits

ID = 'HZ105'
TITLE = 'A value is out of bounds'
WHY = 'Heat refuses the template, or the stack, when it knows the value.'
BAD = """
it:
  type: Zaqar::Messaging::Queue
  properties: {message_ttl: 5}
"""
GOOD = """
it:
  type: Zaqar::Messaging::Queue
  properties: {message_ttl: 60}
"""
_NUMERIC = ('integer', 'number')
_KINDS = {'string': 'text', 'boolean': 'boolean: use true or false',
          'map': 'map', 'list': 'list'}
# What Heat reads as true or false.
_BOOLEANS = ('true', 'false', '1', '0', 't', 'f', 'on', 'off', 'y', 'n', 'yes',
             'no')


def check(template):
    for each in template.ours():
        for path, known, values in each.maps():
            for key, schema in known.items():
                for more, text in _wrong(schema, values.get(key), key):
                    yield each.path_of(*path, key, *more), text


def _wrong(schema, value, key):
    """What is wrong with a value, and with each entry of a list.

    What is in a map is looked at by itself.
    """
    inner = schema.get('schema')
    if value is None or (inner and schema['type'] == 'map' and
                         isinstance(value, dict)):
        return
    if inner and schema['type'] == 'list' and isinstance(value, list):
        for index, each in enumerate(value):
            for more, text in _wrong(inner, each, key):
                yield (index, *more), text
        for each in schema.get('constraints', ()):
            if text := _broken(each, value):
                yield (), 'the list "%s" %s' % (key, text)
    elif functions.is_known(value):
        text = _problem(schema, value)
        if text:
            yield (), '"%s" of "%s" %s' % (_shown(value), key, text)


def _shown(value):
    text = str(value)
    return text if len(text) <= 40 else text[:40] + '...'


def _problem(schema, value):
    """What is wrong with a value; None if nothing is."""
    if schema['type'] in _NUMERIC:
        number = _number(schema['type'], value)
        if number is None:
            return 'is no %s' % (
                'whole number' if schema['type'] == 'integer' else 'number')
        value = number
    elif not _is_of(schema, value):
        return 'is no %s' % _KINDS[schema['type']]
    for each in schema.get('constraints', ()):
        text = _broken(each, value)
        if text:
            return text
    return None


def _is_of(schema, value):
    """Whether Heat takes a value for one of this type."""
    kind = schema['type']
    is_of_maps = 'schema' in schema.get('schema', ())
    if kind == 'string':
        return not isinstance(value, dict | list)
    if kind == 'boolean':
        return str(value).lower() in _BOOLEANS
    if kind in ('map', 'list') and isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            # A list of texts may be given as text with commas.
            return kind == 'list' and not is_of_maps
    return kind == 'any' or isinstance(
        value, dict if kind == 'map' else list)


def _number(kind, value):
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if kind == 'integer' and number != int(number):
        return None
    return number


def _broken(constraint, value):
    """What a value has against a constraint; None if nothing."""
    if 'range' in constraint:
        low, high = (constraint['range'].get(name)
                     for name in ('min', 'max'))
        if ((low is not None and value < low) or
                (high is not None and value > high)):
            return 'is not %s' % (
                'from %g to %g' % (low, high)
                if None not in (low, high) else
                'at least %g' % low if low is not None else
                'at most %g' % high)
    if 'length' in constraint and isinstance(value, str | list):
        low = constraint['length'].get('min') or 0
        high = constraint['length'].get('max')
        if len(value) < low or (high is not None and len(value) > high):
            return 'is not of %s %s' % (
                'from %d to %d' % (low, high) if high is not None else
                'at least %d' % low,
                'characters' if isinstance(value, str) else 'entries')
    if ('allowed_values' in constraint and
            value not in constraint['allowed_values']):
        return 'is not one of %s' % ', '.join(
            map(str, constraint['allowed_values']))
    if ('allowed_pattern' in constraint and isinstance(value, str) and
            not re.fullmatch(constraint['allowed_pattern'], value)):
        return 'does not match %s' % constraint['allowed_pattern']
    if (constraint.get('custom_constraint') == 'zaqar.queue_name' and
            isinstance(value, str) and not re.fullmatch(
                limits.QUEUE_NAME, value)):
        return ('is not a queue name: use 1 to 64 of the characters A-Z a-z '
                '0-9 _ -')
    return None
