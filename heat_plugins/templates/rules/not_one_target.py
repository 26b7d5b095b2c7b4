# SPDX-License-Identifier: Apache-2.0
"""A subscription that has no target, or several."""
from heat_plugins.templates import functions

ID = 'HZ108'
TITLE = 'A subscription needs one target'
WHY = """Heat refuses the template: a subscription, and each entry of a
topic's subscribers, has one of webhook, signal, forward_to, email, workflow
and subscriber."""
BAD = """
jobs: {type: "Zaqar::Messaging::Queue"}
hook:
  type: Zaqar::Messaging::Subscription
  properties: {queue: {get_resource: jobs}}
"""
GOOD = """
jobs: {type: "Zaqar::Messaging::Queue"}
hook:
  type: Zaqar::Messaging::Subscription
  properties: {queue: {get_resource: jobs}, webhook: "https://example.org/"}
"""
TARGETS = ('webhook', 'signal', 'forward_to', 'email', 'workflow',
           'subscriber')


def check(template):
    for each in template.ours('Zaqar::Messaging::Subscription'):
        yield from _check(each.properties, each.path_of())
    for each in template.ours('Zaqar::Messaging::Topic'):
        entries = each.properties.get('subscribers')
        for index, one in enumerate(
                entries if isinstance(entries, list) else ()):
            yield from _check(one, each.path_of('subscribers', index))


def _check(given, path):
    if not isinstance(given, dict):
        return
    values = {key: given[key] for key in TARGETS
              if given.get(key) is not None}
    # What is not known may turn out to be nothing.
    sure = [key for key, value in values.items()
            if not functions.may_be_nothing(value)]
    if not values:
        yield path, 'there is no target: give one of %s' % ', '.join(TARGETS)
    elif len(sure) > 1:
        yield path, 'there are %d targets, and one is needed: %s' % (
            len(sure), ', '.join(sure))
