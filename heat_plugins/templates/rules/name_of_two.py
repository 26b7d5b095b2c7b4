# SPDX-License-Identifier: Apache-2.0
"""A parameter and a resource of one name."""

ID = 'HZ110'
TITLE = 'A parameter and a resource have one name'
WHY = 'Heat refuses the template: "Duplicate names".'
PARAMETERS = """
jobs: {type: string}
"""
BAD = """
jobs: {type: "Zaqar::Messaging::Queue"}
"""
GOOD = """
jobs_queue: {type: "Zaqar::Messaging::Queue"}
"""


def check(template):
    for name in template.section('parameters').keys() & template.section(
            'resources').keys():
        yield ('resources', name), (
            'there is a parameter "%s" too: Heat wants different names' % name)
