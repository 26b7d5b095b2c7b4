# SPDX-License-Identifier: Apache-2.0
"""Run a command that ends when the process that started it ends.

    python launch.py PARENT COMMAND [ARGUMENT...]

The kernel sends the command SIGTERM when its parent dies, even by SIGKILL.
Strictly it is the thread that started it: a cloud lives no longer than the
thread that starts its services.
"""
import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def arguments(command):
    """The argument list that runs a command so, from this process."""
    return [sys.executable, '-I', '-S', __file__, str(os.getpid()), *command]


def main():
    """Turn this process into the command."""
    parent, *command = sys.argv[1:]
    # Only Linux has prctl; elsewhere a killed parent leaves the command.
    prctl = getattr(ctypes.CDLL(None), 'prctl', None)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        sys.exit('the process that started %s has ended' % command[0])
    os.execvp(command[0], command)


if __name__ == '__main__':
    main()
