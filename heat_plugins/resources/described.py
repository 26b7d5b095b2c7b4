# SPDX-License-Identifier: Apache-2.0
"""All types as data, for tools that have no Heat.

``heat_plugins/templates/types.json`` holds it; ``python -m
heat_plugins.resources.described`` writes that file anew.
"""
import importlib.resources
import inspect
import json

from heat.engine import attributes
from heat.engine import constraints
from heat.engine import properties

from heat_plugins import resources

# What a schema of Heat says beside its type and description.
_FLAGS = 'required', 'update_allowed', 'immutable'
# Heat's names of types, which are for its API, and those in templates.
_TYPES = {properties.Schema.STRING: 'string',
          properties.Schema.INTEGER: 'integer',
          properties.Schema.NUMBER: 'number',
          properties.Schema.BOOLEAN: 'boolean',
          properties.Schema.MAP: 'map', properties.Schema.LIST: 'list',
          properties.Schema.ANY: 'any'}


def types():
    """Name of each type → its description, properties and attributes."""
    return {name: {
        'description': inspect.getdoc(cls),
        'is_queue': cls.is_queue,
        'properties': _schemas(properties.schemata(cls.properties_schema)),
        'attributes': {
            key: {'type': _type(attributes.Schema.from_attribute(each)),
                  'description': each.description}
            for key, each in cls.attributes_schema.items()
            # An object of the class has added what all types have.
            if key not in cls.base_attributes_schema}}
        for name, cls in resources.mapping().items()}


def to_text():
    """As the file holds it."""
    return json.dumps(types(), indent=1, sort_keys=True) + '\n'


def path():
    """Where the file is."""
    return importlib.resources.files('heat_plugins').joinpath(
        'templates', 'types.json')


def _schemas(schemas):
    return {key: _schema(each) for key, each in schemas.items()}


def _schema(schema):
    found = {'type': _type(schema), 'description': schema.description}
    found.update({flag: True for flag in _FLAGS if getattr(schema, flag)})
    if schema.default is not None:
        found['default'] = schema.default
    if hasattr(schema, 'use'):
        found['use'] = schema.use
    said = [dict(each) for each in schema.constraints]
    for each in said:
        each.pop(constraints.Constraint.DESCRIPTION, None)
    if said:
        found['constraints'] = said
    if schema.schema is not None:
        found['schema'] = (
            _schema(schema.schema[0]) if schema.type == schema.LIST
            else _schemas(schema.schema))
    return found


def _type(schema):
    return _TYPES.get(schema.type, 'any')


if __name__ == '__main__':
    path().write_text(to_text())
