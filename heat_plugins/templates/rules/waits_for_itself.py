# SPDX-License-Identifier: Apache-2.0
"""A wait for a message that is posted after it."""
from heat_plugins.templates.rules import never_matches

ID = 'HZ210'
TITLE = 'What is waited for is posted after the wait'
WHY = """All who post to the queue come after the condition, or after another
one that waits in the same way: each waits for the other, until its timeout."""
BAD = """
first: {type: "Zaqar::Messaging::Queue"}
second: {type: "Zaqar::Messaging::Queue"}
one:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: first}}
other:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: second}}
to_first:
  type: Zaqar::Messaging::Message
  depends_on: other
  properties: {queue: {get_resource: first}, body: go}
to_second:
  type: Zaqar::Messaging::Message
  depends_on: one
  properties: {queue: {get_resource: second}, body: go}
"""
GOOD = """
first: {type: "Zaqar::Messaging::Queue"}
second: {type: "Zaqar::Messaging::Queue"}
one:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: first}}
other:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: second}}
to_first:
  type: Zaqar::Messaging::Message
  properties: {queue: {get_resource: first}, body: go}
to_second:
  type: Zaqar::Messaging::Message
  depends_on: one
  properties: {queue: {get_resource: second}, body: go}
"""


def check(template):
    waits = _waits(template)
    done = _completing(template, waits)
    for name in waits:
        # What merely comes after such a wait is no fault of its own.
        if name not in done and not any(
                other in waits and other not in done
                for other in template.after(name)):
            yield template.resources[name].path_of('queue'), (
                'all who post to the queue that "%s" waits on come after it, '
                'or after another condition that waits for it' % name)


def _waits(template):
    """The names of conditions → the sets of posters of which each is needed.
    """
    found = {}
    for each in template.uses:
        if each.use != 'waits on':
            continue
        posters = (_posters(template, each.queue)
                   if never_matches.bodies_to(template, each.queue) else None)
        found.setdefault(each.resource.name, []).append(posters)
    for name, sets in found.items():
        if template.resources[name].value('wait_for') == 'any':
            found[name] = [None if None in sets else set().union(*sets)]
    known = {name: [each for each in sets if each is not None]
             for name, sets in found.items()}
    return {name: sets for name, sets in known.items() if sets}


def _posters(template, queue):
    return {each.resource.name for each in template.uses
            if each.use == 'posts to' and each.queue == queue}


def _completing(template, waits):
    """The names of all resources that may come to their end.

    Each that has all it comes after, and, if it waits, one of each set.
    """
    done, is_changed = set(), True
    while is_changed:
        is_changed = False
        for name, each in template.resources.items():
            if (name not in done and
                    each.requires & template.resources.keys() <= done and
                    all(each & done for each in waits.get(name, ()))):
                done.add(name)
                is_changed = True
    return done
