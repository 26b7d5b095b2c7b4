# SPDX-License-Identifier: Apache-2.0
"""A JSON Schema of HOT with our types, for editors.

It knows what YAML language servers need to complete and to mark: the sections
of a template, our types, their properties and values. Types of others pass.
Where a value may be, an intrinsic function may be as well.
"""
from heat_plugins.templates import functions
from heat_plugins.templates import types

#: Of HOT.
VERSIONS = (
    '2013-05-23', '2014-10-16', '2015-04-30', '2015-10-15', '2016-04-08',
    '2016-10-14', '2017-02-24', '2017-09-01', '2018-03-02', '2018-08-31',
    '2021-04-16', 'newton', 'ocata', 'pike', 'queens', 'rocky', 'wallaby')
_FUNCTION = {'$ref': '#/$defs/function'}
# A type of HOT → what it may be in YAML: Heat converts.
_KINDS = {
    'string': {'type': ['string', 'number', 'boolean', 'null']},
    'integer': {'type': ['integer', 'string', 'null']},
    'number': {'type': ['number', 'string', 'null']},
    'boolean': {'type': ['boolean', 'string', 'null']},
    # A map may be given as JSON text.
    'map': {'type': ['object', 'string', 'null']},
    'list': {'type': ['array', 'string', 'null']},
    'any': {}}


def schema():
    """The JSON Schema: a map."""
    known = types.types()
    return {
        '$schema': 'http://json-schema.org/draft-07/schema#',
        'title': 'Heat Orchestration Template, with the types of '
                 'heat-zaqar-plugins',
        'type': 'object',
        'required': ['heat_template_version'],
        'additionalProperties': False,
        'properties': {
            # A date without quotes is one for YAML.
            'heat_template_version': {'anyOf': [
                {'enum': list(VERSIONS)}, {'type': 'string'}]},
            'description': {'type': 'string'},
            'parameter_groups': {'type': 'array'},
            'parameters': {'type': 'object', 'additionalProperties': {
                '$ref': '#/$defs/parameter'}},
            'conditions': {'type': 'object'},
            'resources': {'type': 'object', 'additionalProperties': {
                '$ref': '#/$defs/resource'}},
            'outputs': {'type': 'object', 'additionalProperties': {
                '$ref': '#/$defs/output'}}},
        '$defs': {
            'function': {
                'type': 'object', 'minProperties': 1, 'maxProperties': 1,
                'propertyNames': {'enum': list(functions.FUNCTIONS)}},
            'parameter': _parameter(),
            'output': {
                'type': 'object', 'required': ['value'],
                'additionalProperties': False,
                'properties': {'description': {'type': 'string'}, 'value': {},
                               'condition': {}}},
            'resource': _resource(known),
            **{name: _properties(each['properties'])
               for name, each in known.items()}}}


def _parameter():
    return {
        'type': 'object', 'required': ['type'], 'additionalProperties': False,
        'properties': {
            'type': {'enum': ['string', 'number', 'json',
                              'comma_delimited_list', 'boolean']},
            'label': {'type': 'string'}, 'description': {'type': 'string'},
            'default': {}, 'hidden': {'type': ['boolean', 'string']},
            'constraints': {'type': 'array'}, 'immutable': {
                'type': ['boolean', 'string']},
            'tags': {'type': 'array'}}}


def _resource(known):
    return {
        'type': 'object', 'required': ['type'], 'additionalProperties': False,
        'properties': {
            'type': {'type': 'string', 'anyOf': [
                *({'const': name, 'description': each['description']}
                  for name, each in sorted(known.items())),
                {'not': {'pattern': '^Zaqar::'}}]},
            'properties': {}, 'metadata': {}, 'update_policy': {},
            'depends_on': {'type': ['string', 'array']},
            'deletion_policy': {'anyOf': [
                {'enum': ['Delete', 'Retain', 'Snapshot', 'delete', 'retain',
                          'snapshot']}, _FUNCTION]},
            'external_id': {}, 'condition': {}},
        'allOf': [
            {'if': {'properties': {'type': {'const': name}},
                    'required': ['type']},
             'then': {'properties': {'properties': {
                 'anyOf': [{'$ref': '#/$defs/%s' % name}, _FUNCTION]}},
                 **({'required': ['properties']}
                    if _required(each['properties']) else {})}}
            for name, each in sorted(known.items())]}


def _properties(schemas):
    """What the properties, or the keys of a map, may be."""
    return {'type': 'object', 'additionalProperties': False,
            'required': _required(schemas),
            'properties': {key: _value(each)
                           for key, each in schemas.items()}}


def _required(schemas):
    return sorted(key for key, each in schemas.items()
                  if each.get('required'))


def _value(schema):
    found = {'description': schema['description'],
             'anyOf': [_literal(schema), _FUNCTION]}
    if 'default' in schema:
        found['default'] = schema['default']
    return found


def _literal(schema):
    """What a value may be that is no function."""
    found = dict(_KINDS[schema['type']])
    for each in schema.get('constraints', ()):
        found.update(_constraint(each))
    inner = schema.get('schema')
    if inner and schema['type'] == 'map':
        return {'anyOf': [_properties(inner), {'type': ['string', 'null']}]}
    if inner:
        return {'anyOf': [
            {'type': 'array', 'items': _value(inner) if 'type' in inner
             else {}}, {'type': ['string', 'null']}]}
    return found


def _constraint(constraint):
    if 'range' in constraint:
        return {name + 'imum': limit for name, limit
                in constraint['range'].items() if name in ('min', 'max')}
    if 'length' in constraint:
        return {name + 'Length': limit for name, limit
                in constraint['length'].items()}
    if 'allowed_values' in constraint:
        return {'enum': [*constraint['allowed_values'], None]}
    if 'allowed_pattern' in constraint:
        return {'pattern': '^(%s)$' % constraint['allowed_pattern']}
    return {}
