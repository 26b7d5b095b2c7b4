# SPDX-License-Identifier: Apache-2.0
"""A type ``Zaqar::…`` that there is not."""
from heat_plugins.templates import types
from heat_plugins.templates.rules import _near

ID = 'HZ101'
TITLE = 'There is no such type'
WHY = 'Heat refuses the template: the name of a type is wrong.'
BAD = """
it: {type: "Zaqar::Messaging::Que"}
"""
GOOD = """
it: {type: "Zaqar::Messaging::Queue"}
"""


def check(template):
    for each in template.resources.values():
        if each.kind is None and each.type.startswith('Zaqar::'):
            yield (*each.path, 'type'), 'there is no type "%s"%s' % (
                each.type, _near.hint(each.type, types.types()))
