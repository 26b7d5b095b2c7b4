# SPDX-License-Identifier: Apache-2.0
"""The demonstration: a stack that completes because programs report to it."""
import itertools
import json
from pathlib import Path
import subprocess
import sysconfig
import time

import heat_plugins

NAME = 'demo'
#: The output of a template that holds the command of its senders.
COMMAND = 'signal_command'
# Seconds from one sender to the next.
PAUSE = 1


class DemoFailed(Exception):
    """Something went wrong; the text says what."""


def examples():
    """The folder of the example templates: a checkout's, or the installed."""
    checkout = Path(heat_plugins.__file__).parents[1] / 'templates/examples'
    if checkout.is_dir():
        return checkout
    return (Path(sysconfig.get_path('data')) /
            'share/heat-zaqar-plugins/examples')


def run(running, template, report):
    """Create a stack, let senders report to it, show it, and delete it.

    :param running: a :class:`~heat_plugins.localcloud.cloud.Cloud`
    :param template: path of the template
    :param report: callable that takes a line of progress
    :raises DemoFailed: the stack or a sender failed; the stack is deleted
        all the same
    """
    # python-heatclient is where a cloud is; where none is, a command that
    # starts one has said what to install.
    from heat_plugins.localcloud import clients
    from heat_plugins.localcloud import stack as stacks
    report('\nCreating the stack "%s" of %s' % (NAME, template))
    stack = stacks.Stack.create(clients.heat(running), NAME, template)
    try:
        _signal_until_done(stack, report)
        _require(stack, 'CREATE_COMPLETE')
        _show_outputs(stack, report)
    finally:
        report('\nDeleting the stack')
        stack.delete()
        stack.wait(report)
    _require(stack, 'DELETE_COMPLETE')


def _require(stack, status):
    if stack.status != status:
        raise DemoFailed('The stack is %s: %s' % (stack.status, stack.reason))


def _signal_until_done(stack, report):
    """Start one sender a second for as long as the stack waits for them."""
    wanted = COMMAND in stack.output_names()
    numbers = itertools.count(1)
    due = time.monotonic()
    for _look in stack.follow(report):
        if not wanted or time.monotonic() < due:
            continue
        if command := stack.output(COMMAND):
            _send(command, next(numbers), report)
            due = time.monotonic() + PAUSE


def _send(command, number, report):
    """A sender: a shell that knows the command and nothing else."""
    body = json.dumps({'id': 'worker-%d' % number,
                       'data': {'free_disks': number}})
    if number == 1:
        report('\nAll that a sender knows is the command in the output "%s":'
               '\n\n%.70s...\n' % (COMMAND, command))
    report("          worker-%d       runs it with --data '%s'" %
           (number, body))
    sent = subprocess.run(
        ['sh', '-c', "%s --data '%s'" % (command, body)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    if sent.returncode:
        raise DemoFailed('The sender worker-%d ended with status %d: %s' % (
            number, sent.returncode, sent.stderr.strip()))


def _show_outputs(stack, report):
    report('\nThe outputs of the stack')
    for name, value in stack.outputs().items():
        if name != COMMAND:
            report('  %s: %s' % (name, value if isinstance(value, str)
                                 else json.dumps(value)))
