# SPDX-License-Identifier: Apache-2.0
"""An attribute that its resource does not have."""
from heat_plugins.templates.rules import _calls
from heat_plugins.templates.rules import _near

ID = 'HZ103'
TITLE = 'There is no such attribute'
WHY = 'Heat refuses the template, or the output is an error.'
BAD = """
mailbox: {type: "Zaqar::Workflow::WaitConditionHandle"}
it:
  type: OS::Heat::Value
  properties: {value: {get_attr: [mailbox, curl]}}
"""
GOOD = """
mailbox: {type: "Zaqar::Workflow::WaitConditionHandle"}
it:
  type: OS::Heat::Value
  properties: {value: {get_attr: [mailbox, curl_cli]}}
"""
# Those of every resource.
_COMMON = ('show',)


def check(template):
    for path, argument in _calls.of(template, 'get_attr'):
        if not (isinstance(argument, list) and len(argument) > 1):
            continue
        name, attribute = argument[:2]
        resource = (template.resources.get(name)
                    if isinstance(name, str) else None)
        if (resource and resource.kind and isinstance(attribute, str) and
                attribute not in (*resource.kind['attributes'], *_COMMON)):
            yield (*path, 'get_attr', 1), (
                '"%s", a %s, has no attribute "%s"%s' % (
                    name, resource.type, attribute,
                    _near.hint(attribute, resource.kind['attributes'])))
