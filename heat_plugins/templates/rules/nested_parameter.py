# SPDX-License-Identifier: Apache-2.0
"""Properties that do not fit the parameters of a nested template."""
from heat_plugins.templates import functions
from heat_plugins.templates import nested
from heat_plugins.templates.rules import _near

ID = 'HZ111'
TITLE = 'A nested template has other parameters'
WHY = """Heat refuses the template: where a type is the file of a template, the
properties are its parameters, and those without a default are needed. An
environment may have defaults: without one, what is missing is not told."""
NESTED = """heat_template_version: 2021-04-16
parameters:
  queue: {type: string}
"""
BAD = """
it:
  type: nested.yaml
  properties: {queues: jobs}
"""
GOOD = """
it:
  type: nested.yaml
  properties: {queue: jobs}
"""


def check(template):
    for each in nested.nested(template):
        if each.template is not None:
            yield from _check(each.resource, each.template.section(
                'parameters'))
            if template.environments:
                yield from _missing(each.resource, each.template)


def _check(resource, parameters):
    for name in resource.properties.keys() - parameters.keys():
        yield resource.path_of(name), (
            'the nested template has no parameter "%s"%s' % (
                name, _near.hint(name, parameters)))


def _missing(resource, template):
    for name, value in template.parameters.items():
        if value is functions.UNKNOWN and name not in resource.properties:
            yield resource.path, (
                'the nested template needs the parameter "%s"' % name)
