# SPDX-License-Identifier: Apache-2.0
"""The rules, a module each.

A module has ``ID``; ``TITLE``, a line; ``WHY``; ``BAD`` and ``GOOD``, the
resources of a template that the rule finds and of one that it does not;
``PARAMETERS``, those of both, and ``NESTED``, the file ``nested.yaml`` beside
both, if it is about these; and ``check``, which takes a
``heat_plugins.templates.template.Template`` and gives pairs of a path in it
and a text.
"""
import functools
import importlib
import pkgutil


@functools.cache
def all_rules():
    """The modules of all rules, by their ids."""
    found = [importlib.import_module('%s.%s' % (__name__, each.name))
             for each in pkgutil.iter_modules(__path__)
             if not each.name.startswith('_')]
    return sorted(found, key=lambda rule: rule.ID)
