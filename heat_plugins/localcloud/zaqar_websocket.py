# SPDX-License-Identifier: Apache-2.0
"""Zaqar over websocket, with its inlet for notifications."""
from heat_plugins.localcloud import config
from heat_plugins.localcloud import identity
from heat_plugins.localcloud import ports
from heat_plugins.localcloud import service
from heat_plugins.localcloud import zaqar


class ZaqarWebsocket(service.Service):
    """Zaqar's websocket transport on the same Redis."""

    name = 'zaqar-websocket'
    ports = ('zaqar-websocket', 'zaqar-notification')
    schemes = {'zaqar-websocket': 'ws'}
    requires = ('redis',)
    packages = ('redis', 'zaqar')
    distribution = 'zaqar'

    def command(self):
        return service.python_module(
            'heat_plugins.localcloud.serve.zaqar_websocket',
            '--config-file', self._config_file)

    def probe(self):
        # Autobahn answers a plain request with its version page.
        service.request(self.deployment.url('zaqar-websocket', '/'))

    def endpoints(self):
        if not self.deployment.options.messaging_in_catalog:
            return ()
        return (identity.Endpoint(
            'zaqar-websocket', 'messaging-websocket', self.url),)

    def configure(self):
        config.write(
            self._config_file, zaqar.settings(self.deployment),
            self.deployment.options.zaqar,
            {'drivers': {'transport': 'websocket'},
             'drivers:transport:websocket': {
                 'bind': ports.HOST,
                 'port': self.deployment.ports['zaqar-websocket'],
                 'notification_bind': ports.HOST,
                 'notification_port':
                     self.deployment.ports['zaqar-notification']}})

    @property
    def _config_file(self):
        return self.directory / 'zaqar.conf'
