# SPDX-License-Identifier: Apache-2.0
"""The shells that senders may have, each with tools that go with it."""
from heat_plugins.localcloud import programs

# Shell -> the Debian package that holds it.
PACKAGES = {'dash': 'dash', 'bash': 'bash', 'busybox': 'busybox-static'}
NAMES = tuple(PACKAGES)
_TOOLS = ('awk', 'base64', 'cat', 'od', 'tr')


def make(name, folder):
    """A folder for PATH in which ``sh`` is that shell.

    :param folder: where it is made.
    """
    shell = programs.Program(name, PACKAGES[name])
    shell.require(print)
    tools = _TOOLS if name == 'busybox' else ()
    for link in ('sh', *tools):
        (folder / link).symlink_to(shell.which(name))
    return folder
