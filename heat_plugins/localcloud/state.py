# SPDX-License-Identifier: Apache-2.0
"""The state folder: what a cloud keeps from one start to the next."""
import contextlib
import dataclasses
import fcntl
import json
import os
import pathlib
import secrets

from heat_plugins.localcloud import errors


@dataclasses.dataclass
class State:
    """Content of ``cloud.json``.

    :param options: what kind of cloud it is, the fields of
        :class:`~heat_plugins.localcloud.options.Options`
    :param ports: name -> TCP port
    :param secrets: name -> text, such as the password of all users
    :param services: service -> pid
    :param versions: service -> version of its program
    """

    options: dict = dataclasses.field(default_factory=dict)
    ports: dict = dataclasses.field(default_factory=dict)
    secrets: dict = dataclasses.field(default_factory=dict)
    services: dict = dataclasses.field(default_factory=dict)
    versions: dict = dataclasses.field(default_factory=dict)


class Folder:
    """A state folder; whoever runs a cloud in it holds its lock.

    The lock's file holds the pid of its holder. The kernel gives the lock
    back when the holder ends, however it ends: as long as it is held, the pid
    is nobody else's.

    :param path: the folder; made at the first lock, for its user alone
    """

    def __init__(self, path):
        self.path = pathlib.Path(path).absolute()
        self._file = self.path / 'cloud.json'
        self._lock_file = self.path / 'cloud.lock'
        self._lock = None

    def acquire(self):
        """Take the lock.

        :raises AlreadyRunning: when a process holds it
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = open(self._lock_file, 'a')  # noqa: SIM115
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise errors.AlreadyRunning(
                'A cloud is already running in %s. Use it ("heat-zaqar cloud '
                'env"), stop it ("heat-zaqar cloud down"), or give another '
                'folder with --dir.' % self.path) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def release(self):
        """Give the lock back."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def holder(self):
        """Pid of the process, maybe this one, that holds the lock, or None."""
        try:
            lock = open(self._lock_file)  # noqa: SIM115
        except FileNotFoundError:
            return None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                # Empty for an instant after the lock was taken.
                return int(lock.read() or 0) or None
        return None

    def load(self):
        """Read the state; an empty one when there is none."""
        kept = {}
        with contextlib.suppress(FileNotFoundError):
            kept = json.loads(self._file.read_text())
        # Another release may have kept other things as well.
        return State(**{field.name: kept[field.name]
                        for field in dataclasses.fields(State)
                        if field.name in kept})

    def save(self, state):
        """Write the state, readable for its user alone."""
        temporary = self._file.with_suffix('.new')
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
                          0o600), 'w') as stream:
            json.dump(dataclasses.asdict(state), stream, indent=2)
        temporary.replace(self._file)


def new_secrets():
    """Secrets of a new cloud: each 32 characters, the size Heat asks for."""
    return {name: secrets.token_hex(16)
            for name in ('password', 'heat_encryption', 'mariadb',
                         'rabbitmq', 'redis', 'zaqar_signing', 'barbican_key',
                         'horizon')}
