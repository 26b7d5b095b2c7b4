# SPDX-License-Identifier: Apache-2.0
"""Holding templates against all rules."""
from heat_plugins.templates import document
from heat_plugins.templates import finding
from heat_plugins.templates import rules
from heat_plugins.templates import template as templates

#: The id of what keeps a file from being read.
UNREADABLE = 'HZ001'


def check(path, environments=(), parameters=None, ignore=()):
    """What is wrong with a template: list of ``Finding``, in order.

    :param path: of its file.
    :param environments: of them: list of ``document.Document``.
    :param parameters: name → value.
    :param ignore: ids of rules, or their beginnings, that do not count.
    """
    try:
        return findings(templates.Template(
            document.Document.read(path), environments, parameters), ignore)
    except document.SourceError as error:
        return [unreadable(error)]


def unreadable(error):
    """The ``Finding`` for a ``document.SourceError``."""
    return finding.Finding(error.place, UNREADABLE, error.text)


def findings(template, ignore=()):
    """The same for a ``template.Template``."""
    found = []
    for rule in rules.all_rules():
        if rule.ID.startswith(tuple(ignore)):
            continue
        for path, text in rule.check(template):
            place = template.place(path)
            if rule.ID not in template.document.ignored.get(place.line, ()):
                found.append(finding.Finding(place, rule.ID, text))
    return sorted(set(found))
