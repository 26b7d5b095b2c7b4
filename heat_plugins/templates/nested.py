# SPDX-License-Identifier: Apache-2.0
"""The templates that resources of a template are made of.

A type that is a file, or that an environment maps to one, is a template, whose
parameters are the resource's properties.
"""
import os
import pathlib
import re
import typing
import weakref

from heat_plugins.templates import document
from heat_plugins.templates import functions
from heat_plugins.templates import template as templates

# Heat's own limit, which a nested template that holds itself would meet.
_DEEPEST = 5
_FILE = re.compile(r'.+\.(yaml|yml|template)$')
_URL = re.compile(r'[a-z]+://')


class Nested(typing.NamedTuple):
    """A template within another.

    :ivar resource: the ``template.Resource`` that it makes.
    :ivar template: the ``template.Template``; None if it cannot be read.
    :ivar error: the ``document.SourceError`` that says why, or None.
    """
    resource: templates.Resource
    template: templates.Template | None
    error: document.SourceError | None = None


# Template → what is within it: several ask for that.
_known = weakref.WeakKeyDictionary()


def nested(template):
    """The templates directly within one: list of ``Nested``."""
    if template.depth >= _DEEPEST:
        return []
    if template not in _known:
        _known[template] = [
            _nested(template, each, *template.mapped(each.type))
            for each in template.resources.values()
            if not each.kind and _is_file(template, each)]
    return _known[template]


def walk(template):
    """A template and all within it, the outermost first."""
    yield template
    for each in nested(template):
        if each.template is not None:
            yield from walk(each.template)


def _is_file(template, resource):
    """Whether its type is a file, which is here."""
    name, _file = template.mapped(resource.type)
    if template.files is not None:
        return name in template.files
    return bool(_FILE.match(name) and not _URL.match(name))


def _nested(template, resource, name, file):
    """Make one.

    :param file: where its name is written, to which it is relative.
    """
    try:
        found = (document.Document.read(os.path.normpath(
                pathlib.Path(file).parent / name))
                 if template.files is None else
                 document.Document(name, template.files[name]))
        return Nested(resource, templates.Template(
            found, template.environments,
            {key: functions.from_outside(value)
             for key, value in resource.properties.items()},
            template.depth + 1, template.stack_timeout, template.files))
    except document.SourceError as error:
        return Nested(resource, None, error)
