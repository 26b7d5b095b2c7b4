# SPDX-License-Identifier: Apache-2.0
"""Messages that are forwarded in a circle."""
from heat_plugins.templates import template as templates

ID = 'HZ206'
TITLE = 'Messages are forwarded in a circle'
WHY = 'Each message is posted again and again, until the queues are full.'
BAD = """
a:
  type: Zaqar::Messaging::Queue
  properties: {name: a}
b:
  type: Zaqar::Messaging::Queue
  properties: {name: b}
there:
  type: Zaqar::Messaging::Subscription
  properties: {queue: a, forward_to: b}
back:
  type: Zaqar::Messaging::Subscription
  properties: {queue: b, forward_to: a}
"""
GOOD = """
a:
  type: Zaqar::Messaging::Queue
  properties: {name: a}
b:
  type: Zaqar::Messaging::Queue
  properties: {name: b}
there:
  type: Zaqar::Messaging::Subscription
  properties: {queue: a, forward_to: b}
"""
# How a resource uses the queue that it forwards from.
_SOURCES = ('owns', 'reads', 'takes from')


def check(template):
    ways = list(_ways(template))
    onward = {}
    for source, target, _use in ways:
        onward.setdefault(source, set()).add(target)
    for source, target, use in ways:
        if source == target or source in templates.reached(
                target, lambda queue: onward.get(queue, ())):
            yield use.resource.path_of(*use.path), (
                'what "%s" forwards comes back to where it came from' %
                use.resource.name)


def _ways(template):
    """From which queue to which each forwards."""
    for each in template.uses:
        if each.use != 'posts to' or each.path[-1] != 'forward_to':
            continue
        for other in template.uses:
            if (other.resource == each.resource and other.use in _SOURCES and
                    None not in (other.queue, each.queue)):
                yield other.queue, each.queue, each
