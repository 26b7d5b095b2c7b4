# SPDX-License-Identifier: Apache-2.0
"""A value that its type allows and the resource does not."""
from heat_plugins.checks import json_value
from heat_plugins.checks import metadata
from heat_plugins.checks import retries
from heat_plugins.templates import functions

ID = 'HZ113'
TITLE = 'A value is not valid'
WHY = """Heat refuses the template: what is to be JSON holds NaN, metadata has
a key that Zaqar reserves, or the delays of retries do not fit."""
BAD = """
it:
  type: Zaqar::Messaging::Queue
  properties: {metadata: {_ttl: 5}}
"""
GOOD = """
it:
  type: Zaqar::Messaging::Queue
  properties: {metadata: {ttl: 5}}
"""
_QUEUES = ('Zaqar::Messaging::Queue', 'Zaqar::Messaging::Topic')
# Types, property → function of its value that gives what is wrong, or None.
_CHECKS = (
    (_QUEUES, 'metadata', metadata.problem),
    (_QUEUES, 'delivery_retry', retries.problem),
    (('Zaqar::Messaging::Message',), 'body', json_value.problem),
    (('Zaqar::Workflow::CustomResource',), 'properties', json_value.problem),
    (('Zaqar::Messaging::Pool',), 'options', json_value.problem))


def check(template):
    for types, key, problem in _CHECKS:
        for each in template.ours(*types):
            value = each.properties.get(key)
            if value is None or not functions.is_known(value):
                continue
            reason = problem(value)
            if reason:
                yield each.path_of(key), '"%s": %s' % (key, reason)
    for each in template.ours('Zaqar::Messaging::Message'):
        if (isinstance(each.properties.get('event_type'), str) and
                each.value('envelope') == 'none'):
            yield each.path_of('event_type'), (
                '"event_type" applies only with "envelope: cloudevents"')
