# SPDX-License-Identifier: Apache-2.0
"""A target of a subscription that is none, or what does not belong to it."""
from heat_plugins.checks import targets
from heat_plugins.templates import functions
from heat_plugins.templates.rules import _subscribers

ID = 'HZ112'
TITLE = 'A target, or what belongs to it, is not valid'
WHY = """Heat refuses the template: a URL without a host, an address without a
domain, headers for a mail, and so on."""
BAD = """
jobs: {type: "Zaqar::Messaging::Queue"}
hook:
  type: Zaqar::Messaging::Subscription
  properties: {queue: {get_resource: jobs}, webhook: "ftp://example.org/"}
"""
GOOD = """
jobs: {type: "Zaqar::Messaging::Queue"}
hook:
  type: Zaqar::Messaging::Subscription
  properties: {queue: {get_resource: jobs}, webhook: "https://example.org/"}
"""


def check(template):
    for path, given, queue in _subscribers.of(template):
        # How many targets there are is another rule's.
        if len(targets.given(given)) == 1:
            known = {key: value for key, value in given.items()
                     if functions.is_known(value)}
            for key, reason in targets.problems(
                    known, given, functions.is_known,
                    queue if isinstance(queue, str) else None):
                yield (*path, key), '"%s": %s' % (key, reason)
    for each in template.ours('Zaqar::Messaging::Topic'):
        yield from _twice(each)


def _twice(topic):
    """Zaqar keeps one subscription for each URI."""
    first = {}
    for path, given, _queue in _subscribers.of_topic(topic):
        [name, *others] = targets.given(given) or [None]
        value = given.get(name)
        if others or not isinstance(value, str):
            continue
        # A webhook's URL is its URI.
        kind = targets.SUBSCRIBER if name == targets.WEBHOOK else name
        other = first.setdefault((kind, value), path)
        if other != path:
            yield path, 'it is the same target as that of %s.%d' % other[-2:]
