# SPDX-License-Identifier: Apache-2.0
"""The processes of a cloud, and what is left of them."""
import os
import time

import psutil


def below(folder):
    """The processes that run in a state folder: all that a cloud starts."""
    for process in psutil.process_iter(['cwd']):
        where = process.info['cwd'] or ''
        if where == str(folder) or where.startswith('%s/' % folder):
            yield process


def of(folder):
    """Command lines of the processes that have to do with a state folder.

    They run in it, or an argument names it.
    """
    inside = set(below(folder))
    return [line for process, line in _lines()
            if process in inside or str(folder) in line]


def left(folder, seconds=60):
    """Processes of a folder that have not ended after a while."""
    deadline = time.monotonic() + seconds
    while (found := of(folder)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def _lines():
    for process in psutil.process_iter(['cmdline']):
        if process.pid != os.getpid():
            yield process, ' '.join(process.info['cmdline'] or ())
