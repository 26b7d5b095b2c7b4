# SPDX-License-Identifier: Apache-2.0
"""Programs that no Python package brings: those of RabbitMQ and MariaDB.

They are the machine's own, or unpacked from Debian packages.
"""
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess

from heat_plugins.localcloud import debian
from heat_plugins.localcloud import errors

# Where packages put programs; few users have all of it on PATH.
FOLDERS = ('usr/lib/rabbitmq/bin', 'usr/lib/erlang/bin', 'usr/local/sbin',
           'usr/sbin', 'usr/bin', 'bin')
# Those of PulseAudio are in a folder that they name by its path.
LIBRARIES = ('lib/*-linux-gnu*', 'usr/lib/*-linux-gnu*',
             'usr/lib/*-linux-gnu*/pulseaudio')


@dataclasses.dataclass(frozen=True)
class Place:
    """Where programs are.

    :param folders: folders of programs, searched in this order
    :param libraries: folders of shared libraries that only they use
    """

    folders: tuple
    libraries: tuple = ()

    def which(self, program):
        """Path of a program in it, or None."""
        found = shutil.which(program, path=_joined(self.folders))
        return found and pathlib.Path(found)

    def environment(self):
        """The variables that its programs need, a dict."""
        path = os.environ.get('PATH', os.defpath)
        variables = {'PATH': _joined((*self.folders, path))}
        if self.libraries:
            variables['LD_LIBRARY_PATH'] = _joined(self.libraries)
        return variables


def machine():
    """The :class:`Place` of what is installed on this machine."""
    # The rabbitmq-server in /usr/sbin is for root; the one it calls is not.
    first, *others = (pathlib.Path('/', folder) for folder in FOLDERS)
    path = os.environ.get('PATH', os.defpath)
    return Place((first, *path.split(os.pathsep), *others))


def below(root):
    """The :class:`Place` of what was unpacked into a folder."""
    return Place(
        tuple(root / folder for folder in FOLDERS),
        tuple(found for pattern in LIBRARIES for found in root.glob(pattern)))


@dataclasses.dataclass(frozen=True)
class Program:
    """A program, and how to get it.

    :param name: such as ``'mariadbd'``
    :param package: the Debian package that holds it
    :param relocated: files of the package that name its place
    """

    name: str
    package: str
    relocated: tuple = ()

    def place(self):
        """The :class:`Place` where it is, or None."""
        for place in (machine(), below(debian.folder(self.package))):
            if place.which(self.name):
                return place
        return None

    def which(self, name):
        """Path of this program or of one that came with it."""
        return self.place().which(name)

    def require(self, report):
        """Fetch it unless it is here.

        :param report: callable that takes a line of progress
        :raises ServerMissing: when it cannot be fetched
        """
        if self.place():
            return
        try:
            debian.unpack(self.package, self.relocated, report)
        except errors.ServerMissing as error:
            raise errors.ServerMissing(
                '%s is not installed, and its Debian package could not be '
                'fetched: %s\nInstall it, for instance with "apt-get install '
                '%s", or put it on PATH.'
                % (self.name, error, self.package)) from None


def version(command, variables=None):
    """The version that a program tells.

    :param command: the command line that makes it do so, a list
    :param variables: the environment it needs, by default ours
    """
    told = subprocess.run(command, capture_output=True, text=True,
                          env=variables).stdout
    found = re.search(r'[0-9]+(\.[0-9]+)+', told)
    return found.group() if found else ''


def _joined(folders):
    return os.pathsep.join(map(str, folders))
