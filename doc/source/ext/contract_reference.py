# SPDX-License-Identifier: Apache-2.0
"""The directive ``contract``: what is in a request or reply, from its schema.
"""
from docutils import nodes
from docutils import statemachine
from docutils.parsers import rst

from heat_plugins.custom import contract


class Contract(rst.Directive):
    """Describes each key of one of the JSON Schemas."""

    required_arguments = 1

    def run(self):
        [name] = self.arguments
        text = statemachine.StringList(
            list(describe(contract.schema(name))), source=name + '.json')
        section = nodes.container()
        self.state.nested_parse(text, self.content_offset, section)
        return section.children


def describe(schema, indent=''):
    """The keys of a schema, as lines of reStructuredText."""
    for key, each in schema['properties'].items():
        yield '%s``%s``' % (indent, key)
        yield '%s    %s' % (indent, each['description'])
        yield ''
        yield '%s    *%s; %s.*' % (indent, kind(each), 'always there'
                                   if key in schema['required']
                                   else 'optional')
        yield ''
        if 'properties' in each:
            yield from describe(each, indent + '    ')


def kind(schema):
    """What a value may be, for people."""
    if 'enum' in schema:
        return 'one of ' + ', '.join(schema['enum'])
    names = {'object': 'map'}
    types = schema['type']
    types = [types] if isinstance(types, str) else types
    return ' or '.join(names.get(each, each) for each in types)


def setup(app):
    app.add_directive('contract', Contract)
    return {'parallel_read_safe': True}
