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
SETTINGS = """\
Dir::State "%(folder)s";
Dir::Cache "%(folder)s";
// So that only what the machine lacks is fetched.
Dir::State::status "/var/lib/dpkg/status";
// Nothing of the machine's is written, so nothing of it is locked.
Debug::NoLocking "true";
// As root, it would download as a user who cannot write here.
APT::Sandbox::User "";
// Else it goes on without the lists that it did not get.
APT::Update::Error-Mode "any";
// What the machine does after an update is not for this one.
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"""
# What "apt-get --print-uris" prints of a package: URI, file, size, hash.
_URI = re.compile(r"^'\S+' \S+ ([0-9]+) ", re.MULTILINE)


def cache():
    """The folder of all that is kept from one cloud to the next."""
    return platformdirs.user_cache_path('heat-zaqar') / 'debian'


def folder(package):
    """The folder that holds a package, whether it is there yet or not."""
    return cache() / package


def unpack(package, relocated, report):
    """Fetch a package with all that it requires, and unpack them.

    :param package: its name, such as ``'rabbitmq-server'``
    :param relocated: files of it that are to name the folder instead of /
    :param report: callable that takes a line of progress
    :raises ServerMissing: when it cannot be fetched
    """
    target = folder(package)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _lock(target.parent / 'lock'):
        # Another process may have been quicker.
        if not target.exists():
            with tempfile.TemporaryDirectory(dir=target.parent) as work:
                root = pathlib.Path(work, 'root')
                for file in _fetch(package, report):
                    _run(['dpkg', '-x', file, root])
                for name in relocated:
                    _relocate(root / name, target)
                root.rename(target)


def _fetch(package, report):
    """Fetch a package with all that it requires; the files."""
    apt = Apt(cache() / 'apt')
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
    """apt-get, with folders and settings of its own.

    :param folder: where it keeps its lists, and the packages of one run
    """

    def __init__(self, folder):
        self._archives = folder / 'archives'
        self._settings = folder / 'apt.conf'
        shutil.rmtree(self._archives, ignore_errors=True)
        for needed in ('lists', 'archives'):
            (folder / needed / 'partial').mkdir(parents=True, exist_ok=True)
        self._settings.write_text(SETTINGS % {'folder': folder})

    def install(self, package, how):
        """Do as if to install a package; what it prints."""
        return self.run('install', '--no-install-recommends', '--yes', how,
                        package)

    def files(self):
        """The packages that it has downloaded."""
        return sorted(self._archives.glob('*.deb'))

    def run(self, *arguments):
        """Run apt-get; what it prints.

        :raises ServerMissing: when it is not here, or fails
        """
        return _run(['apt-get', '-q', '-c', self._settings, *arguments])


def _run(command):
    """Run a command; what it prints."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)
    except FileNotFoundError:
        raise errors.ServerMissing(
            'this machine has no %s.' % command[0]) from None
    if done.returncode:
        raise errors.ServerMissing('%s says: %s' % (
            command[0], done.stderr.strip() or done.stdout.strip()))
    return done.stdout


@contextlib.contextmanager
def _lock(path):
    with path.open('w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
