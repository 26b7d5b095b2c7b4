# SPDX-License-Identifier: Apache-2.0
"""A wait on a queue from which a pipe takes the messages."""

ID = 'HZ212'
TITLE = 'A pipe takes away what is waited for'
WHY = """A pipe deletes each message from its source. A condition that waits
on the source may never see it. Let a pipe bring it what it waits for."""
BAD = """
jobs: {type: "Zaqar::Messaging::Queue"}
hook:
  type: Zaqar::Messaging::Pipe
  properties: {source: {get_resource: jobs}, webhook: "https://example.org/"}
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: jobs}}
tell:
  type: OS::Heat::Value
  properties: {value: {get_attr: [jobs, name]}}
"""
GOOD = """
jobs: {type: "Zaqar::Messaging::Queue"}
seen: {type: "Zaqar::Messaging::Queue"}
hook:
  type: Zaqar::Messaging::Pipe
  properties: {source: {get_resource: jobs}, forward_to: {get_resource: seen}}
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: seen}}
"""


def check(template):
    takers = {each.queue: each.resource.name for each in template.uses
              if each.use == 'takes from' and each.queue is not None}
    for each in template.uses:
        if each.use == 'waits on' and each.queue in takers:
            yield each.resource.path_of(*each.path), (
                '"%s" takes the messages of the queue that "%s" waits on: '
                'let another pipe forward them to a queue for it' % (
                    takers[each.queue], each.resource.name))
