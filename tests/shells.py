# SPDX-License-Identifier: Apache-2.0
"""The shells that senders may have, each with tools that go with it."""
import fcntl
import pathlib
import shutil
import subprocess

import pytest

NAMES = ('dash', 'bash', 'busybox')
_TOOLS = ('awk', 'base64', 'cat', 'od', 'tr')


def make(name, folder, cache):
    """A folder for PATH in which ``sh`` is that shell.

    :param folder: where it is made.
    :param cache: where what must be fetched is kept.
    """
    program = shutil.which(name)
    if program is None and name == 'busybox':
        with (cache / 'lock').open('w') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            program = _fetched_busybox(cache)
    assert program, '%s is needed: apt-get install %s' % (name, name)
    tools = _TOOLS if name == 'busybox' else ()
    for link in ('sh', *tools):
        (folder / link).symlink_to(program)
    return folder


def _fetched_busybox(cache):
    """Debian's busybox, unpacked by a user who need not be root."""
    program = cache / 'bin/busybox'
    if program.exists():
        return program
    state = cache / 'apt'
    for made in ('lists/partial', 'archives/partial'):
        (state / made).mkdir(parents=True, exist_ok=True)
    try:
        for action in ('update', 'download busybox-static'):
            subprocess.run(
                ['apt-get', '-q', '-o', 'APT::Sandbox::User=',
                 '-o', 'Dir::State::lists=%s' % (state / 'lists'),
                 '-o', 'Dir::Cache=%s' % state, *action.split()],
                cwd=cache, check=True, capture_output=True, text=True)
        [package] = pathlib.Path(cache).glob('busybox*.deb')
        subprocess.run(['dpkg', '-x', package, cache], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.fail('busybox is not installed, and cannot be fetched by '
                    'apt-get: %s\n%s' % (error, getattr(error, 'stderr', '')))
    return program
