# SPDX-License-Identifier: Apache-2.0
"""A subscription that has no target, or several."""
from heat_plugins.checks import targets
from heat_plugins.templates import functions
from heat_plugins.templates.rules import _subscribers

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


def check(template):
    for path, given, _queue in _subscribers.of(template):
        yield from _check(given, path)


def _check(given, path):
    values = {key: given[key] for key in targets.given(given)}
    # What is not known may turn out to be nothing.
    sure = [key for key, value in values.items()
            if not functions.may_be_nothing(value)]
    if not values:
        yield path, 'there is no target: give one of %s' % ', '.join(
            targets.TARGETS)
    elif len(sure) > 1:
        yield path, 'there are %d targets, and one is needed: %s' % (
            len(sure), ', '.join(sure))
