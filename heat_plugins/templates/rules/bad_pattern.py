# SPDX-License-Identifier: Apache-2.0
"""An event pattern that is none."""
from heat_plugins.messages import patterns
from heat_plugins.templates import functions

ID = 'HZ106'
TITLE = 'An event pattern is not valid'
WHY = 'Heat refuses the template: the text says at which key.'
BAD = """
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: jobs, match: {n: [{numeric: [">"]}]}}
"""
GOOD = """
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: jobs, match: {n: [{numeric: [">", 5]}]}}
"""
PROPERTIES = ('match', 'fail_on')


def check(template):
    for each in template.ours('Zaqar::Workflow::WaitCondition'):
        for path, _known, values in each.maps():
            for key in PROPERTIES:
                error = _error(values.get(key))
                if error:
                    yield each.path_of(*path, key), (
                        '"%s" is no event pattern: %s' % (key, error))


def _error(written):
    if not written or not functions.is_known(written):
        return None
    try:
        patterns.compile(written)
    except patterns.PatternError as error:
        return error
    return None
