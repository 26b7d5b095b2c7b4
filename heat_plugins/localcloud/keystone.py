# SPDX-License-Identifier: Apache-2.0
"""Keystone: users, tokens and the catalog."""
import base64
import os

from heat_plugins.localcloud import config
from heat_plugins.localcloud import deployment
from heat_plugins.localcloud import identity
from heat_plugins.localcloud import notifications
from heat_plugins.localcloud import service


class Keystone(service.Service):
    """Keystone's API, with Fernet tokens.

    :param deployment: the :class:`~.deployment.Deployment`
    :param database: a value of :mod:`~.database`
    """

    name = 'keystone'
    ports = ('keystone',)
    packages = ('cheroot', 'keystone')
    apis = ('keystone',)
    distribution = 'keystone'

    def __init__(self, deployment, database):
        super().__init__(deployment)
        self.requires = database.requires
        self._database = database

    def command(self):
        return service.python_module(
            'heat_plugins.localcloud.serve.keystone',
            '--config-file', self._config_file)

    def probe(self):
        # Issue a token and validate it: Keystone loads its policies at the
        # first use, and fails some requests that come meanwhile.
        url = self.deployment.auth_url + '/auth/tokens'
        token = service.request(url, 'POST', identity.password_login(
            'admin', self.deployment))['X-Subject-Token']
        service.request(url, headers={'X-Auth-Token': token,
                                      'X-Subject-Token': token})

    def configure(self):
        keys = self.directory / 'fernet-keys'
        if not keys.exists():
            make_keys(keys)
        options = self.deployment.options
        config.write(self._config_file, {
            'DEFAULT': {
                'use_stderr': True,
                'public_endpoint': self.deployment.url('keystone'),
            },
            'database': self._database.settings,
            # Without it a request takes 230 ms instead of 10 ms.
            'cache': {'enabled': True, 'backend': 'dogpile.cache.memory'},
            'identity': {
                'password_hash_rounds': options.password_hash_rounds,
                # What bcrypt takes; a longer limit logs a warning each time.
                'max_password_length': 72},
            'token': {'expiration': options.token_expiration},
            # One repository for all three: nobody rotates these keys.
            'fernet_tokens': {'key_repository': keys},
            'fernet_receipts': {'key_repository': keys},
            'credential': {'key_repository': keys},
            'localcloud': {
                'identity': identity.path(self.deployment),
                'region': deployment.REGION,
                'done': self.directory / 'done',
            },
            'serve:keystone': self.deployment.serve('keystone'),
            **notifications.settings(self.deployment),
        })

    @property
    def _config_file(self):
        return self.directory / 'keystone.conf'


def make_keys(directory):
    """Make a repository of Fernet keys: the next one (0) and the first."""
    directory.mkdir(mode=0o700)
    for name in ('0', '1'):
        path = directory / name
        path.touch(mode=0o600)
        path.write_bytes(base64.urlsafe_b64encode(os.urandom(32)))
