# SPDX-License-Identifier: Apache-2.0
"""The directive ``heat-resources``: our resource types, from their schemas.

What is written in a class is all there is to know about it: its docstring,
its properties and its attributes. A schema without a description is an error.
"""
import inspect

from docutils import nodes
from docutils import statemachine
from docutils.parsers import rst
from heat.engine import attributes
from heat.engine import constraints
from heat.engine import properties
from heat.engine import resource

from heat_plugins import resources
from heat_plugins.engine import constraints as own_constraints

INDENT = '    '


class Resources(rst.Directive):
    """Writes a section for each resource type."""

    def run(self):
        found = []
        for name, cls in sorted(resources.mapping().items()):
            section = nodes.section(ids=[nodes.make_id(name)], names=[name])
            section += nodes.title(text=name)
            text = statemachine.StringList(list(describe(name, cls)),
                                           source=inspect.getfile(cls))
            self.state.nested_parse(text, self.content_offset, section)
            found.append(section)
        return found


def describe(name, cls):
    """The reference of a type, as lines of reStructuredText."""
    yield from inspect.getdoc(cls).splitlines()
    yield ''
    yield from template(name, cls)
    yield from headed('Properties')
    for key, schema in ordered(properties.schemata(cls.properties_schema)):
        yield from describe_property(key, schema)
    yield from headed('Attributes')
    own = attributes.schemata(cls.attributes_schema)
    yield from describe_attribute('show', attributes.Schema(
        resource.Resource.base_attributes_schema['show'].description,
        type=attributes.Schema.MAP))
    for key, schema in sorted(own.items()):
        yield from describe_attribute(key, schema)


def headed(title):
    yield from ('.. rubric:: ' + title, '')


def ordered(schemata):
    """Required properties first, each kind by name."""
    return sorted(schemata.items(),
                  key=lambda pair: (not pair[1].required, pair[0]))


def template(name, cls):
    """The smallest template there is."""
    yield from ('.. code-block:: yaml', '')
    yield from (INDENT + line for line in (
        'heat_template_version: 2021-04-16', 'resources:', '  it:',
        '    type: ' + name))
    required = [key for key, schema in ordered(
        properties.schemata(cls.properties_schema)) if schema.required]
    if required:
        yield INDENT + '    properties:'
    for key in required:
        yield INDENT + '      %s: VALUE' % key
    yield ''


def describe_property(key, schema, indent=''):
    facts = [schema.type.lower(),
             'required' if schema.required else 'optional']
    if schema.default is not None:
        facts.append('default ``%s``' % schema.default)
    facts += [words(each) for each in schema.constraints]
    if not indent:
        facts.append('updated in place' if schema.update_allowed
                     else 'an update replaces the resource')
    yield '%s``%s``' % (indent, key)
    yield '%s    %s' % (indent, said(key, schema))
    yield ''
    yield '%s    *%s.*' % (indent, '; '.join(facts).replace('``', ''))
    yield ''
    for inner, each in ordered(schema.schema or {}):
        yield from describe_property(inner, each, indent + INDENT)


def describe_attribute(key, schema):
    yield '``%s``' % key
    yield '    %s' % said(key, schema)
    yield ''
    yield '    *%s.*' % (schema.type or 'any JSON').lower()
    yield ''


def said(key, schema):
    if not schema.description:
        raise ValueError('%s has no description' % key)
    # what stands for itself in a template must do so here
    return str(schema.description).replace('\\', '\\\\').replace('*', '\\*')


def words(constraint):
    """A constraint, as a reader of the reference wants it."""
    if isinstance(constraint, constraints.Range):
        if constraint.max is None:
            return '%s or more' % constraint.min
        return 'from %s to %s' % (constraint.min, constraint.max)
    if isinstance(constraint, constraints.Length):
        if constraint.max is None:
            return 'at least %s' % constraint.min
        return '%s to %s characters' % (constraint.min, constraint.max)
    if isinstance(constraint, constraints.AllowedValues):
        return 'one of ' + ', '.join(map(str, constraint.allowed))
    if isinstance(constraint, constraints.AllowedPattern):
        return 'a match of %s' % constraint.pattern
    if constraint.name == 'zaqar.flavor':
        return str(own_constraints.FlavorConstraint.message)
    if constraint.name == 'zaqar.queue_name':
        return str(own_constraints.QueueNameConstraint.message)
    raise NotImplementedError(constraint)


def setup(app):
    app.add_directive('heat-resources', Resources)
    return {'parallel_read_safe': True}
