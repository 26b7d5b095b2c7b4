# SPDX-License-Identifier: Apache-2.0
"""A property that its type does not have."""
from heat_plugins.templates.rules import _near

ID = 'HZ102'
TITLE = 'There is no such property'
WHY = 'Heat refuses the template: the name of a property is wrong.'
BAD = """
it:
  type: Zaqar::Messaging::Queue
  properties: {message_tll: 60}
"""
GOOD = """
it:
  type: Zaqar::Messaging::Queue
  properties: {message_ttl: 60}
"""


def check(template):
    for each in template.ours():
        for path, known, values in each.maps():
            for key in values:
                if key not in known:
                    yield each.path_of(*path, key), (
                        'there is no property "%s"%s' % (
                            key, _near.hint(key, known)))
