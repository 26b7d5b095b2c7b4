# SPDX-License-Identifier: Apache-2.0
"""Barbican: secrets, and who reads them."""
import base64

from heat_plugins.localcloud import config
from heat_plugins.localcloud import further
from heat_plugins.localcloud import identity

# What keystonemiddleware's audit calls what a path is about.
_AUDIT = {
    'DEFAULT': {'target_endpoint_type': 'key-manager'},
    'path_keywords': {'secrets': 'secret', 'containers': 'container',
                      'orders': 'order', 'payload': None},
    'service_endpoints': {'key-manager': 'service/security/keymanager'},
}


class Barbican(further.Further):
    """Barbican's API, with secrets in its database.

    Each request is told of, by the audit of keystonemiddleware.
    """

    name = 'barbican'
    type = 'key-manager'
    roles = ('creator',)

    def users(self):
        return (*super().users(),
                identity.User('demo', ('creator',), project='demo'))

    def environment(self):
        # Each of its plugins reads the configuration of the home folder.
        return {'HOME': str(self.directory)}

    def settings(self):
        paste = self.directory / 'barbican-api-paste.ini'
        audit = self.directory / 'api_audit_map.conf'
        config.write(audit, _AUDIT)
        paste.write_text(
            self.packaged('barbican-api-paste.ini').read_text()
            .replace('/v1: barbican-api-keystone\n',
                     '/v1: barbican-api-keystone-audit\n')
            .replace('/etc/barbican/api_audit_map.conf', str(audit)))
        key = self.deployment.secrets['barbican_key'].encode()
        return {
            'DEFAULT': {'host_href': self.url, 'db_auto_create': True},
            'localcloud': {'paste': paste},
            'secretstore': {'enabled_secretstore_plugins': 'store_crypto'},
            'crypto': {'enabled_crypto_plugins': 'simple_crypto'},
            'simple_crypto_plugin': {
                'kek': base64.urlsafe_b64encode(key[:32]).decode()},
        }
