# SPDX-License-Identifier: Apache-2.0
"""A wait that may last longer than its stack."""

ID = 'HZ211'
TITLE = 'The timeout is beyond that of the stack'
WHY = """Heat fails a stack that is not complete after its own timeout, 60
minutes by default, whatever still waits. Give it more with ``openstack stack
create --timeout MINUTES``, and tell lint by ``--stack-timeout MINUTES``."""
BAD = """
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: jobs, timeout: 7200}
"""
GOOD = """
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: jobs, timeout: 3600}
"""


def check(template):
    for each in template.ours():
        timeout = each.properties.get('timeout')
        if (isinstance(timeout, int | float) and
                timeout > template.stack_timeout * 60):
            yield each.path_of('timeout'), (
                'a timeout of %g seconds, but the stack fails after %g '
                'minutes: create it with --timeout %d, and lint with '
                '--stack-timeout %d' % (
                    timeout, template.stack_timeout, -(-timeout // 60),
                    -(-timeout // 60)))
