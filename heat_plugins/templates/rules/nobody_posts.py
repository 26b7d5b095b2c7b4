# SPDX-License-Identifier: Apache-2.0
"""A wait on a queue that nobody posts to."""

ID = 'HZ201'
TITLE = 'Nobody posts to a queue that is waited on'
WHY = """The queue is made by this template, and nothing in it posts there, or
hands the queue out to others by an output, a signed URL or a property. The
wait lasts until its timeout."""
BAD = """
jobs: {type: "Zaqar::Messaging::Queue"}
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: jobs}}
"""
GOOD = """
jobs: {type: "Zaqar::Messaging::Queue"}
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: jobs}}
url:
  type: Zaqar::Messaging::SignedURL
  properties: {queue: {get_resource: jobs}, methods: [POST]}
"""


def check(template):
    for each in template.uses:
        if (each.use == 'waits on' and each.queue is not None and
                not template.handed_out(each.queue) and not any(
                    other.use in ('posts to', 'signs') and
                    other.queue in (each.queue, None)
                    for other in template.uses)):
            yield each.resource.path_of(*each.path), (
                'nobody posts to the queue that "%s" waits on: hand it out '
                'by an output, a Zaqar::Messaging::SignedURL, or the '
                'attributes of a Zaqar::Workflow::WaitConditionHandle' %
                each.resource.name)
