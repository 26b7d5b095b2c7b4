# SPDX-License-Identifier: Apache-2.0
"""A message that may be posted before its subscription is there."""

ID = 'HZ203'
TITLE = 'A message may be posted before the subscription is there'
WHY = """A subscription delivers what is posted after it was made. Without an
order Heat makes both at the same time, and the message may be lost."""
BAD = """
jobs: {type: "Zaqar::Messaging::Queue"}
hook:
  type: Zaqar::Messaging::Subscription
  properties: {queue: {get_resource: jobs}, webhook: "https://example.org/"}
tell:
  type: Zaqar::Messaging::Message
  properties: {queue: {get_resource: jobs}, body: go}
"""
GOOD = """
jobs: {type: "Zaqar::Messaging::Queue"}
hook:
  type: Zaqar::Messaging::Subscription
  properties: {queue: {get_resource: jobs}, webhook: "https://example.org/"}
tell:
  type: Zaqar::Messaging::Message
  depends_on: hook
  properties: {queue: {get_resource: jobs}, body: go}
"""


def check(template):
    subscribed = [each for each in template.uses if each.use == 'reads']
    for each in template.uses:
        if each.resource.type != 'Zaqar::Messaging::Message':
            continue
        before = template.after(each.resource.name)
        for other in subscribed:
            if (each.queue is not None and each.queue == other.queue and
                    other.resource.name not in before):
                yield each.resource.path, (
                    '"%s" may be posted before "%s" has subscribed: add '
                    'depends_on: %s' % (each.resource.name,
                                        other.resource.name,
                                        other.resource.name))
