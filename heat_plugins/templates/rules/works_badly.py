# SPDX-License-Identifier: Apache-2.0
"""Types of Heat's own that do not do what they promise."""

ID = 'HZ301'
TITLE = "A type of Heat's own that does not work well"
WHY = """Heat's own types for Zaqar are not finished: subscriptions without
options deliver nothing, updates lose the trust, a replacement deletes what it
has made. Ours do the same, and more."""
BAD = """
it: {type: "OS::Zaqar::Queue"}
"""
GOOD = """
it: {type: "Zaqar::Messaging::Queue"}
"""
#: Type of Heat's own → what to write instead.
INSTEAD = {
    'OS::Zaqar::Queue': 'Zaqar::Messaging::Queue',
    'OS::Zaqar::Subscription': 'Zaqar::Messaging::Subscription',
    'OS::Zaqar::SignedQueueURL': 'Zaqar::Messaging::SignedURL',
    'OS::Zaqar::MistralTrigger':
        'Zaqar::Messaging::Subscription with the target workflow',
}


def check(template):
    for each in template.resources.values():
        if each.type in INSTEAD:
            yield (*each.path, 'type'), 'write %s instead of %s' % (
                INSTEAD[each.type], each.type)
