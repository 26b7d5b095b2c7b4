# SPDX-License-Identifier: Apache-2.0
"""Run a user's command on a cloud of its own."""
import os
import shutil
import subprocess
import sys

from heat_plugins.localcloud import cloud
from heat_plugins.localcloud import launch
from heat_plugins.localcloud import signals

#: Names the state folder to the command, and to ``heat-zaqar`` within it.
DIRECTORY = 'HEAT_ZAQAR_CLOUD_DIR'
NOT_FOUND = 127


def run(command, directory, report, options=None):
    """Start a cloud, run the command, stop the cloud, whatever happens.

    :param command: list of str
    :param directory: the state folder, or None for one that is removed
    :param report: callable that takes a line of progress
    :param options: an :class:`~heat_plugins.localcloud.options.Options`
    :returns: the command's exit status; 128 + n when signal n ended it, 127
        when there is no such command
    :raises CloudError: when the cloud does not start
    """
    if shutil.which(command[0], path=search_path()) is None:
        report('%s: command not found' % command[0])
        return NOT_FOUND
    if directory is None:
        context = cloud.Cloud.ephemeral(options=options, report=report)
    else:
        context = cloud.Cloud(directory, options=options).started(report)
    with signals.unwinding(), context as running:
        return wait(command, environment(running))


def wait(command, variables):
    """Run a command in an environment; returns its exit status."""
    process = subprocess.Popen(launch.arguments(command), env=variables)
    with signals.forwarding(process):
        status = process.wait()
    return status if status >= 0 else 128 - status


def environment(running):
    """The environment of a command: ours, with the cloud's ``OS_*``."""
    return {
        **{name: value for name, value in os.environ.items()
           if not name.startswith('OS_')},
        **running.environment(),
        DIRECTORY: str(running.directory),
        'PATH': search_path(),
        'NO_PROXY': '127.0.0.1', 'no_proxy': '127.0.0.1',
    }


def search_path():
    """PATH with this virtualenv's programs first."""
    return os.pathsep.join((os.path.dirname(sys.executable),
                            os.environ.get('PATH', os.defpath)))
