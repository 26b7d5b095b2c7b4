# SPDX-License-Identifier: Apache-2.0
"""The templates that resources of a template are made of.

A type that is a file, or that an environment maps to one, is a template, whose
parameters are the resource's properties.
"""
import pathlib
import re
import typing

from heat_plugins.templates import document
from heat_plugins.templates import functions
from heat_plugins.templates import template as templates

# Heat's own limit, which a nested template that holds itself would meet.
_DEEPEST = 5
_FILE = re.compile(r'.+\.(yaml|yml|template)$')
_URL = re.compile(r'(file:)?//|[a-z]+:')


class Nested(typing.NamedTuple):
    """A template within another.

    :ivar resource: the ``template.Resource`` that it makes.
    :ivar template: the ``template.Template``; None if it cannot be read.
    :ivar error: the ``document.SourceError`` that says why, or None.
    """
    resource: templates.Resource
    template: templates.Template | None
    error: document.SourceError | None = None


def nested(template, depth=0):
    """The templates directly within one: list of ``Nested``."""
    if depth >= _DEEPEST:
        return []
    return [_read(template, each, path)
            for each in template.resources.values()
            if (path := _path(template, each)) is not None]


def walk(template, depth=0):
    """A template and all within it, the outermost first."""
    yield template
    for each in nested(template, depth):
        if each.template is not None:
            yield from walk(each.template, depth + 1)


def _path(template, resource):
    """The file of a resource's type, or None.

    Names are relative to the file that has them. What is elsewhere than in
    files is not read.
    """
    type_name, file = template.mapped(resource.type)
    if resource.kind or _URL.match(type_name) or not _FILE.match(type_name):
        return None
    return pathlib.Path(file).parent / type_name


def _read(template, resource, path):
    try:
        return Nested(resource, templates.Template(
            document.Document.read(path), template.environments,
            {key: functions.from_outside(value)
             for key, value in resource.properties.items()}, is_nested=True,
            stack_timeout=template.stack_timeout))
    except document.SourceError as error:
        return Nested(resource, None, error)
