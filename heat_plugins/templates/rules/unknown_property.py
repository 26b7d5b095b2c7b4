# SPDX-License-Identifier: Apache-2.0
"""A property that its type does not have."""
from heat_plugins.templates.rules import _near

ID = 'HZ102'
TITLE = 'There is no such property'
WHY = 'Heat refuses the template: the name of a property is wrong.'
BAD = """
it:
  type: Zaqar::Messaging::Queue
  properties: {message_tll: 60}
"""
GOOD = """
it:
  type: Zaqar::Messaging::Queue
  properties: {message_ttl: 60}
"""


def check(template):
    for each in template.ours():
        for path, text in _unknown(each.kind['properties'], each.properties):
            yield each.path_of(*path), text


def _unknown(schemas, values, path=()):
    """Keys that are no properties, in maps within maps too."""
    if not isinstance(values, dict):
        return
    for key, value in values.items():
        if key not in schemas:
            yield (*path, key), 'there is no property "%s"%s' % (
                key, _near.hint(key, schemas))
            continue
        inner = schemas[key].get('schema')
        if inner and schemas[key]['type'] == 'map':
            yield from _unknown(inner, value, (*path, key))
        elif inner and isinstance(value, list):
            for index, one in enumerate(value):
                yield from _unknown(inner.get('schema') or {}, one,
                                    (*path, key, index)
                                    ) if inner.get('schema') else ()
