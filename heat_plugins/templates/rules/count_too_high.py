# SPDX-License-Identifier: Apache-2.0
"""A count that is never reached."""
from heat_plugins.templates.rules import never_matches

ID = 'HZ208'
TITLE = 'The count is higher than what is posted'
WHY = """All that is posted to the queue comes from the resources
Zaqar::Messaging::Message of this template, and they are fewer. The wait lasts
until its timeout."""
BAD = """
jobs: {type: "Zaqar::Messaging::Queue"}
tell:
  type: Zaqar::Messaging::Message
  properties: {queue: {get_resource: jobs}, body: go}
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: jobs}, count: 2}
"""
GOOD = """
jobs: {type: "Zaqar::Messaging::Queue"}
tell:
  type: Zaqar::Messaging::Message
  properties: {queue: {get_resource: jobs}, body: go}
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: jobs}, count: 1}
"""


def check(template):
    for each in template.uses:
        if (each.use != 'waits on' or
                each.resource.value('wait_for') != 'all'):
            continue
        bodies = never_matches.bodies_to(template, each.queue)
        path, count = next(iter(each.beside('count')), (None, None))
        if bodies and isinstance(count, int) and count > len(bodies):
            yield each.resource.path_of(*path), (
                'a count of %d, but only %d messages are posted to the '
                'queue, and nobody else can post to it' % (
                    count, len(bodies)))
