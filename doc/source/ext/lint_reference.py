# SPDX-License-Identifier: Apache-2.0
"""The directive ``lint-rules``: all rules, from their modules."""
import textwrap

from docutils import nodes
from docutils import statemachine
from docutils.parsers import rst

from heat_plugins.templates import rules


class LintRules(rst.Directive):
    """Describes each rule, with a bad and a good example."""

    def run(self):
        text = statemachine.StringList(
            [line for rule in rules.all_rules() for line in describe(rule)],
            source='heat_plugins/templates/rules')
        section = nodes.container()
        self.state.nested_parse(text, self.content_offset, section)
        return section.children


def describe(rule):
    """A rule, as lines of reStructuredText."""
    yield '**%s: %s**' % (rule.ID, rule.TITLE)
    yield ''
    yield from rule.WHY.strip().splitlines()
    yield ''
    for title, example in (('It finds', rule.BAD), ('It leaves', rule.GOOD)):
        yield '%s::' % title
        yield ''
        yield from textwrap.indent(_template(rule, example),
                                   '    ').splitlines()
        yield ''


def _template(rule, resources):
    """The resources alone, or with the parameters if there are any."""
    if not hasattr(rule, 'PARAMETERS'):
        return resources.strip()
    return '\n'.join(
        '%s:\n%s' % (section, textwrap.indent(text.strip(), '  '))
        for section, text in (('parameters', rule.PARAMETERS),
                              ('resources', resources)))


def setup(app):
    app.add_directive('lint-rules', LintRules)
    return {'parallel_read_safe': True}
