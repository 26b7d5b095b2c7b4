# SPDX-License-Identifier: Apache-2.0
"""Who subscribes to a queue: resources, and the entries of a topic."""


def of(template):
    """All subscribers: triples of path, properties and queue."""
    for each in template.ours('Zaqar::Messaging::Subscription'):
        yield (each.path_of(), each.properties,
               template.queue(each.properties.get('queue')))
    for each in template.ours('Zaqar::Messaging::Topic'):
        yield from of_topic(each)


def of_topic(topic):
    """The same, of one topic."""
    entries = topic.properties.get('subscribers')
    for index, one in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(one, dict):
            yield (topic.path_of('subscribers', index), one,
                   topic.properties.get('name'))
