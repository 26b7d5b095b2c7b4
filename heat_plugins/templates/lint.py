# SPDX-License-Identifier: Apache-2.0
"""Holding templates against all rules."""
from heat_plugins.templates import document
from heat_plugins.templates import finding
from heat_plugins.templates import nested
from heat_plugins.templates import rules
from heat_plugins.templates import template as templates

#: The id of what keeps a file from being read.
UNREADABLE = 'HZ001'


def check(path, environments=(), parameters=None, ignore=(),
          stack_timeout=templates.STACK_TIMEOUT):
    """What is wrong with a template: list of ``Finding``, in order.

    :param path: of its file.
    :param environments: of them: list of ``document.Document``.
    :param parameters: name → value.
    :param ignore: ids of rules, or their beginnings, that do not count.
    :param stack_timeout: minutes until Heat fails the stack.
    """
    try:
        return findings(templates.Template(
            document.Document.read(path), environments, parameters,
            stack_timeout=stack_timeout), ignore)
    except document.SourceError as error:
        return [unreadable(error)]


def unreadable(error):
    """The ``Finding`` for a ``document.SourceError``."""
    return finding.Finding(error.place, UNREADABLE, error.text)


def findings(template, ignore=()):
    """The same for a ``template.Template``, and those within it."""
    wanted = [each for each in rules.all_rules()
              if not each.ID.startswith(tuple(ignore))]
    found = {each for one in nested.walk(template)
             for each in _findings(one, wanted)}
    return sorted(found)


def _findings(template, wanted):
    for rule in wanted:
        for path, text in rule.check(template):
            place = template.place(path)
            if rule.ID not in template.document.ignored.get(place.line, ()):
                yield finding.Finding(place, rule.ID, text)
    for each in nested.nested(template):
        if each.error is not None:
            yield finding.Finding(
                template.place((*each.resource.path, 'type')), UNREADABLE,
                'the nested template cannot be read: %s' % each.error)
