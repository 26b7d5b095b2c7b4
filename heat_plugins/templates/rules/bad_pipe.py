# SPDX-License-Identifier: Apache-2.0
"""A pipe of which something is not valid."""
from heat_plugins.pipes import checks
from heat_plugins.templates import functions

ID = 'HZ115'
TITLE = 'A pipe is not valid'
WHY = """Heat refuses the template: a pipe has one target of forward_to,
webhook and signal; what belongs to another target, a pattern that is none, or
a path in its input that is none, is refused."""
BAD = """
hook:
  type: Zaqar::Messaging::Pipe
  properties: {source: jobs, webhook: "https://example.org/", ttl: 60}
"""
GOOD = """
hook:
  type: Zaqar::Messaging::Pipe
  properties: {source: jobs, webhook: "https://example.org/", timeout: 60}
"""


def check(template):
    for each in template.ours('Zaqar::Messaging::Pipe'):
        known = {key: value for key, value in each.properties.items()
                 if functions.is_known(value)}
        for key, reason in checks.problems(known, each.properties,
                                           functions.is_known):
            yield each.path_of(*key.split('.')), '"%s": %s' % (key, reason)
