# SPDX-License-Identifier: Apache-2.0
"""A signed URL that ends before the wait."""

ID = 'HZ204'
TITLE = 'A signed URL ends before the wait'
WHY = """Whoever posts late by the URL is refused, while the condition waits
for it."""
BAD = """
jobs: {type: "Zaqar::Messaging::Queue"}
url:
  type: Zaqar::Messaging::SignedURL
  properties: {queue: {get_resource: jobs}, methods: [POST], ttl: 60}
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: jobs}, timeout: 600}
"""
GOOD = """
jobs: {type: "Zaqar::Messaging::Queue"}
url:
  type: Zaqar::Messaging::SignedURL
  properties: {queue: {get_resource: jobs}, methods: [POST], ttl: 700}
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: {get_resource: jobs}, timeout: 600}
"""
_HANDLE = 'Zaqar::Workflow::WaitConditionHandle'


def check(template):
    signers = [each for each in template.uses if each.use == 'signs' or
               each.resource.type == _HANDLE]
    for each in template.uses:
        if each.use != 'waits on' or each.queue is None:
            continue
        timeout = _seconds(each.resource, 'timeout')
        for other in signers:
            ttl = _seconds(other.resource, 'ttl')
            if other.queue == each.queue and None not in (
                    ttl, timeout) and ttl < timeout:
                yield other.resource.path_of('ttl'), (
                    'the URL of "%s" ends after %g seconds, and "%s" waits '
                    'for %g' % (other.resource.name, ttl,
                                each.resource.name, timeout))


def _seconds(resource, key):
    """A property as a number, or None."""
    try:
        return float(resource.value(key))
    except (TypeError, ValueError):
        return None
