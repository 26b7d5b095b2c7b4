# SPDX-License-Identifier: Apache-2.0
"""A wait for messages that those who post never send."""
from heat_plugins.messages import patterns
from heat_plugins.templates import functions

ID = 'HZ202'
TITLE = 'The messages that are posted never match'
WHY = """All that is posted to the queue comes from the resources
Zaqar::Messaging::Message of this template, with bodies that are known, and
none of them matches. The wait lasts until its timeout."""
BAD = """
jobs: {type: "Zaqar::Messaging::Queue"}
tell:
  type: Zaqar::Messaging::Message
  properties: {queue: {get_resource: jobs}, body: {state: done}}
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: jobs}, match: {state: [ready]}}
"""
GOOD = """
jobs: {type: "Zaqar::Messaging::Queue"}
tell:
  type: Zaqar::Messaging::Message
  properties: {queue: {get_resource: jobs}, body: {state: ready}}
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: jobs}, match: {state: [ready]}}
"""
_MESSAGE = 'Zaqar::Messaging::Message'


def check(template):
    for each in template.uses:
        bodies = each.use == 'waits on' and bodies_to(template, each.queue)
        for path, written in each.beside('match') if bodies else ():
            if not _may_match(written, bodies):
                yield each.resource.path_of(*path), (
                    'none of the messages that this template posts to the '
                    'queue matches, and nobody else can post to it')


def _may_match(written, bodies):
    if not written or not functions.is_known(written):
        return True
    try:
        pattern = patterns.compile(written)
    except patterns.PatternError:
        return True
    return any(pattern.matches(body) for body in bodies)


def bodies_to(template, queue):
    """All bodies that can come to a queue; None if they are not known."""
    if queue is None or template.handed_out(queue):
        return None
    posters = [each for each in template.uses
               if each.use in ('posts to', 'signs') and
               each.queue in (queue, None)]
    bodies = [each.resource.properties.get('body') for each in posters
              if each.resource.type == _MESSAGE]
    if any(each.resource.is_many for each in posters):
        return None
    if len(bodies) < len(posters) or not all(map(functions.is_known, bodies)):
        return None
    return bodies
