# SPDX-License-Identifier: Apache-2.0
"""Going through the properties of a resource by their schemas."""


def maps(schemas, values, path=()):
    """Each map of values whose keys have schemas, the outermost first.

    :param schemas: of the keys, as in ``types``.
    :returns: triples of its path, the schemas of its keys, and the map.
    """
    if not isinstance(values, dict):
        return
    yield path, schemas, values
    for key, schema in schemas.items():
        inner, value = schema.get('schema', {}), values.get(key)
        if schema['type'] == 'map':
            if inner:
                yield from maps(inner, value, (*path, key))
        elif isinstance(value, list) and 'schema' in inner:
            for index, each in enumerate(value):
                yield from maps(inner['schema'], each, (*path, key, index))
