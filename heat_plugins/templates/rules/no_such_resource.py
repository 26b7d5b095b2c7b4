# SPDX-License-Identifier: Apache-2.0
"""A reference to a resource or parameter that is not there."""
from heat_plugins.templates import template as templates
from heat_plugins.templates.rules import _calls
from heat_plugins.templates.rules import _near

ID = 'HZ107'
TITLE = 'What is referred to is not there'
WHY = 'Heat refuses the template.'
BAD = """
mailbox: {type: "Zaqar::Workflow::WaitConditionHandle"}
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: mailbx}}
"""
GOOD = """
mailbox: {type: "Zaqar::Workflow::WaitConditionHandle"}
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: mailbox}}
"""


def check(template):
    resources = template.section('resources')
    parameters = template.section('parameters')
    for function, what, known in (
            ('get_resource', 'resource', resources),
            ('get_attr', 'resource', resources),
            ('get_param', 'parameter', {
                **parameters, **dict.fromkeys(templates.PSEUDO)})):
        for path, argument in _calls.of(template, function):
            name = (argument[0] if isinstance(argument, list) and argument
                    else argument)
            if isinstance(name, str) and name not in known:
                yield (*path, function), 'there is no %s "%s"%s' % (
                    what, name, _near.hint(name, known))
    for name, each in template.resources.items():
        depends = resources.get(name, {}).get('depends_on') or ()
        for other in [depends] if isinstance(depends, str) else depends:
            if isinstance(other, str) and other not in resources:
                yield (*each.path, 'depends_on'), (
                    'there is no resource "%s"%s' % (
                        other, _near.hint(other, resources)))
