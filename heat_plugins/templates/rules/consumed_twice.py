# SPDX-License-Identifier: Apache-2.0
"""Two conditions that take the messages from each other."""

ID = 'HZ207'
TITLE = 'Two conditions consume one queue'
WHY = """Each deletes what it has counted, and the other may not see it: with
"consume", and at the mailbox of a handle."""
BAD = """
mailbox: {type: "Zaqar::Workflow::WaitConditionHandle"}
one:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: mailbox}}
other:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: mailbox}}
it:
  type: OS::Heat::Value
  properties: {value: {get_attr: [mailbox, curl_cli]}}
"""
GOOD = """
mailbox: {type: "Zaqar::Workflow::WaitConditionHandle"}
one:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: mailbox}, consume: false}
other:
  type: Zaqar::Workflow::WaitCondition
  depends_on: one
  properties: {queue: {get_resource: mailbox}}
"""
_HANDLE = 'Zaqar::Workflow::WaitConditionHandle'


def check(template):
    mailboxes = {each.queue for each in template.uses
                 if each.resource.type == _HANDLE}
    first = {}
    for each in template.uses:
        if each.use != 'waits on' or each.queue is None:
            continue
        consumes = each.resource.properties.get('consume')
        if consumes is None:
            consumes = each.queue in mailboxes
        if consumes is not True:
            continue
        other = first.setdefault(each.queue, each.resource)
        if (other is not each.resource and
                not _in_order(template, other, each.resource)):
            yield each.resource.path_of(*each.path), (
                '"%s" and "%s" take the messages of one queue from each '
                'other: let both wait with consume: false, or one after the '
                'other' % (other.name, each.resource.name))


def _in_order(template, one, other):
    return (one.name in template.after(other.name) or
            other.name in template.after(one.name))
