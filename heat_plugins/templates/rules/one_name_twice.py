# SPDX-License-Identifier: Apache-2.0
"""Two resources that make a queue of one name."""

ID = 'HZ209'
TITLE = 'Two resources make a queue of one name'
WHY = """The second one finds a queue that belongs to the first, and fails,
unless its if_exists is "reuse"."""
BAD = """
one:
  type: Zaqar::Messaging::Queue
  properties: {name: jobs}
other:
  type: Zaqar::Messaging::Queue
  properties: {name: jobs}
"""
GOOD = """
one:
  type: Zaqar::Messaging::Queue
  properties: {name: jobs}
other:
  type: Zaqar::Messaging::Queue
  properties: {name: jobs, if_exists: reuse}
"""


def check(template):
    first = {}
    for each in template.ours():
        name = each.properties.get('name') if each.is_queue else None
        if not isinstance(name, str) or each.properties.get(
                'if_exists') == 'reuse':
            continue
        other = first.setdefault(name, each)
        if other is not each:
            yield each.path_of('name'), (
                '"%s" makes the queue "%s" already' % (other.name, name))
