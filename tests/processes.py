# SPDX-License-Identifier: Apache-2.0
"""The processes of a cloud, and what is left of them."""
import os
import time

import psutil


def of(folder):
    """Command lines of the processes that have to do with a state folder.

    Either an argument names it, or they run in it.
    """
    found = []
    for process in psutil.process_iter(['cmdline', 'cwd']):
        line = ' '.join(process.info['cmdline'] or ())
        if process.pid != os.getpid() and (
                str(folder) in line or _is_below(process, folder)):
            found.append(line or str(process))
    return found


def left(folder, seconds=30):
    """Processes of a folder that have not ended after a while."""
    deadline = time.monotonic() + seconds
    while (found := of(folder)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def _is_below(process, folder):
    where = process.info['cwd'] or ''
    return where == str(folder) or where.startswith('%s/' % folder)
