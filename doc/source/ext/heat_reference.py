# SPDX-License-Identifier: Apache-2.0
"""The directive ``heat-resources``: our resource types, from their schemas.

What is written in a class is all there is to know about it: its docstring,
its properties and its attributes. A schema without a description is an error.
The example of a type is a piece of one of the templates that the tests run.
"""
import inspect
import pathlib
import textwrap

from docutils import nodes
from docutils import statemachine
from docutils.parsers import rst
from heat.engine import attributes
from heat.engine import constraints
from heat.engine import properties
from heat.engine import resource
import yaml

from heat_plugins import resources
from heat_plugins.engine import constraints as own_constraints

INDENT = '    '
EXAMPLES = pathlib.Path(__file__).parents[3] / 'templates/examples'
#: Type name to an example and the resource in it that shows the type.
SHOWN = {
    'Zaqar::Workflow::WaitConditionHandle': ('01-signal', 'mailbox'),
    'Zaqar::Workflow::WaitCondition': ('13-quorum', 'quorum'),
    'Zaqar::Workflow::CustomResource': ('17-custom-resource', 'host'),
    'Zaqar::Messaging::Queue': ('06-dead-letters', 'jobs'),
    'Zaqar::Messaging::Topic': ('04-topic-fan-out', 'orders'),
    'Zaqar::Messaging::Subscription': ('05-queue-to-scaling', 'on_alarm'),
    'Zaqar::Messaging::Pipe': ('25-webhook-without-loss', 'to_webhook'),
    'Zaqar::Messaging::Message': ('07-announce-to-webhook', 'announcement'),
    'Zaqar::Messaging::SignedURL': ('08-guest-url', 'guest'),
    'Zaqar::Messaging::Pool': ('19-pools-and-flavors', 'fast'),
    'Zaqar::Messaging::Flavor': ('19-pools-and-flavors', 'gold'),
}


class Resources(rst.Directive):
    """Writes a section for each resource type."""

    def run(self):
        found = []
        for name, cls in resources.mapping().items():
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
    yield from ('', '*%s.*' % since(cls.support_status).capitalize(), '')
    yield from template(name)
    yield from headed('Properties')
    for key, schema in ordered(properties.schemata(cls.properties_schema)):
        yield from describe_property(key, schema, cls.support_status)
    yield from headed('Attributes')
    own = attributes.schemata(cls.attributes_schema)
    yield from describe_attribute('show', attributes.Schema(
        resource.Resource.base_attributes_schema['show'].description,
        type=attributes.Schema.MAP, support_status=cls.support_status),
        cls.support_status)
    for key, schema in sorted(own.items()):
        yield from describe_attribute(key, schema, cls.support_status)


def headed(title):
    yield from ('.. rubric:: ' + title, '')


def ordered(schemata):
    """Required properties first, each kind by name."""
    return sorted(schemata.items(),
                  key=lambda pair: (not pair[1].required, pair[0]))


def template(name):
    """A resource of the type, as one of the examples has it."""
    example, key = SHOWN[name]
    text = (EXAMPLES / (example + '.yaml')).read_text()
    shown = '%s:\n%s' % (key, piece(text, 'resources', key))
    yield from ('.. code-block:: yaml', '')
    yield from textwrap.indent(shown, INDENT).splitlines()
    yield ''


def piece(text, *keys):
    """What is written under these keys of a YAML text, indented by two."""
    node = yaml.compose(text)
    for wanted in keys:
        [node] = [value for key, value in node.value if key.value == wanted]
    lines = text.splitlines()[node.start_mark.line:node.end_mark.line]
    return textwrap.indent(
        textwrap.dedent('\n'.join(lines)).rstrip(), '  ')


def describe_property(key, schema, status, indent=''):
    """A property, and since when it is there if not as long as ``status``."""
    facts = [schema.type.lower(),
             'required' if schema.required else 'optional']
    if schema.default is not None:
        facts.append('default ``%s``' % schema.default)
    facts += [words(each) for each in schema.constraints]
    if schema.support_status is not status:
        facts.append(since(schema.support_status))
    if not indent:
        facts.append('updated in place' if schema.update_allowed
                     else 'an update replaces the resource')
    yield '%s``%s``' % (indent, key)
    yield '%s    %s' % (indent, said(key, schema))
    yield ''
    yield '%s    *%s.*' % (indent, '; '.join(facts).replace('``', ''))
    yield ''
    for inner, each in ordered(schema.schema or {}):
        yield from describe_property(inner, each, schema.support_status,
                                     indent + INDENT)


def describe_attribute(key, schema, status):
    """An attribute, as ``describe_property`` describes a property."""
    yield '``%s``' % key
    yield '    %s' % said(key, schema)
    yield ''
    facts = [(schema.type or 'any JSON').lower()]
    if schema.support_status is not status:
        facts.append(since(schema.support_status))
    yield '    *%s.*' % '; '.join(facts)
    yield ''


def said(key, schema):
    if not schema.description:
        raise ValueError('%s has no description' % key)
    # what stands for itself in a template must do so here
    return str(schema.description).replace('\\', '\\\\').replace('*', '\\*')


def since(status):
    """From which release of this package on it has this support status."""
    return '%s since %s' % (status.status.lower(), status.version)


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
