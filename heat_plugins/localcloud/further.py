# SPDX-License-Identifier: Apache-2.0
"""Services beside those that every cloud has: what they have in common."""
from importlib import metadata

from heat_plugins.localcloud import config
from heat_plugins.localcloud import database
from heat_plugins.localcloud import errors
from heat_plugins.localcloud import identity
from heat_plugins.localcloud import notifications
from heat_plugins.localcloud import service


class Further(service.Service):
    """Base of further services: an API in one process, with SQLite.

    A subclass says its name, which is also that of its program and of its
    module in ``serve``, and its type in the catalog.
    """

    #: Type in the catalog, and what follows the URL there.
    type = None
    path = ''
    extra = 'reach'

    def __init_subclass__(cls):
        cls.ports = cls.apis = cls.packages = (cls.name,)

    @property
    def distribution(self):
        return self.name

    def command(self):
        return service.python_module(
            'heat_plugins.localcloud.serve.' + self.name,
            '--config-file', self.config_file)

    def probe(self):
        service.request(self.deployment.url(self.name, '/healthcheck'))

    def endpoints(self):
        return (identity.Endpoint(self.name, self.type,
                                  self.url + self.path),)

    def users(self):
        return (identity.service_user(self.name),)

    def configure(self):
        shared = self.deployment
        config.write(
            self.config_file, {
                'DEFAULT': {'use_stderr': True, 'transport_url': 'fake://'},
                'database': database.Sqlite(
                    self.directory / (self.name + '.sqlite')).settings,
                'keystone_authtoken': shared.token_validation(self.name),
                'localcloud': {'done': self.directory / 'done'},
                'serve:' + self.name: shared.serve(self.name),
                **notifications.settings(shared),
            }, self.settings())

    def settings(self):
        """Settings of its own, section -> key -> value."""
        raise NotImplementedError

    @property
    def config_file(self):
        """Path of its configuration."""
        return self.directory / (self.name + '.conf')

    def packaged(self, name):
        """Path of a file that came with its package.

        :raises ServerMissing: there is none
        """
        for file in metadata.files(self.distribution) or ():
            if file.name == name:
                return file.locate().resolve()
        raise errors.ServerMissing(
            '%s is installed without its %s: install it with pip into this '
            'virtualenv.' % (self.distribution, name))
