# SPDX-License-Identifier: Apache-2.0
"""A required property that is not there."""

ID = 'HZ104'
TITLE = 'A required property is missing'
WHY = 'Heat refuses the template.'
BAD = """
it:
  type: Zaqar::Messaging::SignedURL
  properties: {paths: [messages]}
"""
GOOD = """
it:
  type: Zaqar::Messaging::SignedURL
  properties: {queue: jobs, paths: [messages]}
"""


def check(template):
    for each in template.ours():
        for path, known, values in each.maps():
            for key, schema in known.items():
                if schema.get('required') and values.get(key) is None:
                    yield (each.path_of(*path) if path else each.path), (
                        'the %s "%s" of "%s" is missing' % (
                            'key' if path else 'property', key,
                            path[-1] if path else each.name))
