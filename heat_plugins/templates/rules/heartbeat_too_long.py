# SPDX-License-Identifier: Apache-2.0
"""A heartbeat that is never heeded."""

ID = 'HZ205'
TITLE = 'The heartbeat is not shorter than the timeout'
WHY = 'The timeout ends the wait before a heartbeat can be missed.'
BAD = """
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: jobs, timeout: 60, heartbeat: 60}
"""
GOOD = """
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: jobs, timeout: 60, heartbeat: 20}
"""


def check(template):
    for each in template.ours():
        heartbeat, timeout = each.value('heartbeat'), each.value('timeout')
        if (isinstance(heartbeat, int | float) and
                isinstance(timeout, int | float) and heartbeat >= timeout):
            yield each.path_of('heartbeat'), (
                'a heartbeat of %g seconds is never missed within a timeout '
                'of %g' % (heartbeat, timeout))
