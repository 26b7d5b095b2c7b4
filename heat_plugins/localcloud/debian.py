# SPDX-License-Identifier: Apache-2.0
"""Debian packages, unpacked into a cache: no root, nothing installed.

apt-get reads the machine's own list of sources, and keeps all that it writes
in the cache. A folder there holds a package with what it requires and the
machine lacks; it has its name only once it is whole.
"""
import contextlib
import fcntl
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile

import platformdirs

from heat_plugins.localcloud import errors

MEGABYTE = 1_000_000
# What "apt-get --print-uris" prints of a package: URI, file, size, hash.
_URI = re.compile(r"^'\S+' \S+ ([0-9]+) ", re.MULTILINE)


def cache():
    """The folder of all that is kept from one cloud to the next."""
    return platformdirs.user_cache_path('heat-zaqar') / 'debian'


def folder(package):
    """The folder that holds a package, whether it is there yet or not."""
    return cache() / package


def unpack(package, relocated, report):
    """Fetch a package and what it requires, and unpack them.

    :param package: its name, such as ``'rabbitmq-server'``
    :param relocated: files of it that are to name the folder instead of /
    :param report: callable that takes a line of progress
    :raises ServerMissing: when apt-get is not here, or does not get it
    """
    target = folder(package)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _lock(target.parent / 'lock'):
        # Another process may have been quicker.
        if not target.exists():
            with tempfile.TemporaryDirectory(dir=target.parent) as work:
                root = pathlib.Path(work, 'root')
                for file in _fetched(package, pathlib.Path(work), report):
                    _run(['dpkg', '-x', file, root])
                for name in relocated:
                    _relocate(root / name, target)
                root.rename(target)


def _fetched(package, work, report):
    """Fetch a package and what it requires; the files."""
    apt = Apt(work)
    apt.run('update')
    sizes = [int(size) for size in
             _URI.findall(apt.install(package, '--print-uris'))]
    report('fetching %s: %d Debian packages, %.0f MB' % (
        package, len(sizes), sum(sizes) / MEGABYTE))
    apt.install(package, '--download-only')
    return apt.files()


def _relocate(script, target):
    """Let the variables of a shell script name files below the target."""
    script.write_text(script.read_text().replace(
        '=/usr/', '=%s/usr/' % shlex.quote(str(target))))


class Apt:
    """apt-get, with folders of its own.

    :param folder: where it keeps its lists and the packages
    """

    def __init__(self, folder):
        self._folder = folder

    def install(self, package, how):
        """Do as if to install a package; what it prints."""
        return self.run('install', '--no-install-recommends', '--yes', how,
                        package)

    def files(self):
        """The packages it has downloaded."""
        return sorted((self._folder / 'archives').glob('*.deb'))

    def run(self, *arguments):
        """Run apt-get; what it prints.

        :raises ServerMissing: when it is not here, or fails
        """
        for needed in ('lists', 'archives'):
            (self._folder / needed / 'partial').mkdir(parents=True,
                                                      exist_ok=True)
        return _run([
            'apt-get', '-q', '-o', 'Debug::NoLocking=1',
            # As root, it would download as a user who cannot write here.
            '-o', 'APT::Sandbox::User=',
            '-o', 'Dir::State=%s' % self._folder,
            '-o', 'Dir::Cache=%s' % self._folder, *arguments])


def _run(command):
    if shutil.which(command[0]) is None:
        raise errors.ServerMissing('this machine has no %s.' % command[0])
    done = subprocess.run(command, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)
    if done.returncode:
        raise errors.ServerMissing('%s failed: %s' % (
            command[0], done.stderr.strip() or done.stdout.strip()))
    return done.stdout


@contextlib.contextmanager
def _lock(path):
    with path.open('w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
