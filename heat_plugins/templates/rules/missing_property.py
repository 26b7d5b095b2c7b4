# SPDX-License-Identifier: Apache-2.0
"""A required property that is not there."""

ID = 'HZ104'
TITLE = 'A required property is missing'
WHY = 'Heat refuses the template.'
BAD = """
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {count: 2}
"""
GOOD = """
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: jobs, count: 2}
"""


def check(template):
    for each in template.ours():
        for path, key in _missing(each.kind['properties'], each.properties):
            yield (each.path_of(*path) if path else each.path), (
                'the %s "%s" of "%s" is missing' % (
                    'key' if path else 'property', key,
                    path[-1] if path else each.name))


def _missing(schemas, values, path=()):
    """Required keys that are not there, in maps within maps too."""
    for key, schema in schemas.items():
        value = values.get(key)
        if value is None:
            if schema.get('required'):
                yield path, key
            continue
        inner = schema.get('schema')
        if inner and schema['type'] == 'map' and isinstance(value, dict):
            yield from _missing(inner, value, (*path, key))
        elif inner and isinstance(value, list) and inner.get('schema'):
            for index, one in enumerate(value):
                if isinstance(one, dict):
                    yield from _missing(inner['schema'], one,
                                        (*path, key, index))
