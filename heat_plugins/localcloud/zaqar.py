# SPDX-License-Identifier: Apache-2.0
"""Zaqar: queues and subscriptions over HTTP."""
from heat_plugins.localcloud import config
from heat_plugins.localcloud import identity
from heat_plugins.localcloud import redis
from heat_plugins.localcloud import service


class Zaqar(service.Service):
    """One of the processes of Zaqar's WSGI API, all on the same Redis.

    :param deployment: the :class:`~.deployment.Deployment`
    :param number: which of them it is; only the first is in the catalog
    """

    packages = ('cheroot', 'redis', 'zaqar')
    distribution = 'zaqar'

    def __init__(self, deployment, number=1):
        super().__init__(deployment)
        self.name = 'zaqar' if number == 1 else 'zaqar-%d' % number
        self.ports = self.apis = (self.name,)
        self._is_first = number == 1
        # The first makes the tables, where there are any.
        self.requires = ('redis',) if self._is_first else ('redis', 'zaqar')

    def command(self):
        return service.python_module(
            'heat_plugins.localcloud.serve.zaqar',
            '--config-file', self._config_file)

    def probe(self):
        service.request(self.deployment.url(self.name, '/'))

    def endpoints(self):
        options = self.deployment.options
        if not (self._is_first and options.messaging_in_catalog):
            return ()
        return (identity.Endpoint('zaqar', 'messaging', self.url),)

    def users(self):
        return (identity.service_user('zaqar'),)

    def configure(self):
        config.write(
            self._config_file, settings(self.deployment),
            {'serve:zaqar': self.deployment.serve(self.name)},
            self.deployment.options.zaqar)

    @property
    def _config_file(self):
        return self.directory / 'zaqar.conf'


def settings(deployment):
    """Settings of zaqar.conf that both of Zaqar's processes share."""
    options = deployment.options
    signing = deployment.secrets['zaqar_signing']
    return {
        'DEFAULT': {
            'use_stderr': True,
            # A single Redis is not replicated; Zaqar wants that admitted.
            'unreliable': True,
            'auth_strategy': 'keystone',
            'pooling': options.zaqar_pooling,
            # It shows the API of pools and flavors.
            'admin_mode': options.zaqar_pooling,
        },
        **stores(deployment),
        # Any other spelling is taken in silence and notifies nobody.
        'storage': {'message_pipeline': 'zaqar.notification.notifier'},
        'notification': {
            'require_confirmation': options.zaqar_require_confirmation,
            # What a mail's link begins with; Zaqar has no page of its own.
            'external_confirmation_url': deployment.url('zaqar', '/'),
            'smtp_command': options.zaqar_smtp_command,
        },
        'signed_url': {
            'secret_key': signing if options.zaqar_signed_urls else None},
        'keystone_authtoken': deployment.token_validation('zaqar'),
        'trustee': deployment.credentials('zaqar'),
    }


def stores(deployment):
    """Settings of zaqar.conf for where messages and all else is stored.

    With pooling, all else is in SQLite: Zaqar's Redis driver cannot register
    a pool, as the arguments of its ``_create`` are not those of its caller.
    """
    uri = redis.url(deployment) + '?socket_timeout=5&dbid='
    pooling = deployment.options.zaqar_pooling
    return {
        'drivers': {'message_store': 'redis',
                    'management_store': 'sqlalchemy' if pooling else 'redis'},
        'drivers:message_store:redis': {'uri': uri + '0'},
        'drivers:management_store:redis': {'uri': uri + '1'},
        'drivers:management_store:sqlalchemy': {
            'uri': 'sqlite:///%s?timeout=30'
                   % (deployment.directory / 'zaqar' / 'zaqar.sqlite')},
        # The message store above serves while no pool is registered.
        'pooling:catalog': {'enable_virtual_pool': True},
    }
