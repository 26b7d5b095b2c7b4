# SPDX-License-Identifier: Apache-2.0
"""A count that is never reached."""
from heat_plugins.messages import criteria
from heat_plugins.messages import message
from heat_plugins.templates.rules import never_matches

ID = 'HZ208'
TITLE = 'The count is higher than what is posted'
WHY = """All that is posted to the queue comes from the resources
Zaqar::Messaging::Message of this template, and fewer of them count: each
"id", or each value of "distinct_by", counts once. The wait lasts until its
timeout."""
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
        if not bodies or not isinstance(count, int):
            continue
        most = _most(bodies, each.resource.properties.get('distinct_by'))
        if count > most:
            yield each.resource.path_of(*path), (
                'a count of %d, but no more than %d of the messages that are '
                'posted to the queue count, and nobody else can post to it' %
                (count, most))


def _most(bodies, distinct_by):
    """How many messages with these bodies can count."""
    judge = criteria.Criteria(distinct_by=(
        distinct_by.split('.') if isinstance(distinct_by, str) else None)
        ).judge
    found = judge([message.Message(str(number), body)
                   for number, body in enumerate(bodies)])
    return len({each.signal.key for each in found if each.signal})
