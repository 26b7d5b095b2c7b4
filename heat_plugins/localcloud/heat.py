# SPDX-License-Identifier: Apache-2.0
"""Heat: the engine, its API and its CFN API, in one process."""
from importlib import metadata
import os

import heat_plugins
from heat_plugins.localcloud import config
from heat_plugins.localcloud import deployment
from heat_plugins.localcloud import errors
from heat_plugins.localcloud import identity
from heat_plugins.localcloud import service


class Heat(service.Service):
    """Heat on a SQLite database; its parts talk through memory."""

    name = 'heat'
    ports = ('heat', 'heat-cfn')
    packages = ('cheroot', 'heat')
    apis = ('heat', 'heat-cfn')
    roles = ('heat_stack_owner', 'heat_stack_user')

    def command(self):
        return service.python_module(
            'heat_plugins.localcloud.serve.heat',
            '--config-file', self._config_file)

    def probe(self):
        for api in self.apis:
            service.request(self.deployment.url(api, '/healthcheck'))

    def endpoints(self):
        url = self.deployment.url
        return (
            identity.Endpoint('heat', 'orchestration',
                              url('heat', '/v1/%(tenant_id)s')),
            identity.Endpoint('heat-cfn', 'cloudformation',
                              url('heat-cfn', '/v1')),
        )

    def users(self):
        return (
            identity.service_user('heat'),
            # The domain of the users that stacks make for their own.
            identity.User('heat_domain_admin', ('admin',), domain='heat'),
        )

    def configure(self):
        etc = etc_folder()
        config.write(self._config_file, {
            'DEFAULT': {
                'use_stderr': True,
                'transport_url': 'fake://',
                'plugin_dirs': os.path.join(
                    os.path.dirname(heat_plugins.__file__), 'plugin_dir'),
                'environment_dir': etc / 'environment.d',
                'template_dir': etc / 'templates',
                'auth_encryption_key':
                    self.deployment.secrets['heat_encryption'],
                'heat_metadata_server_url': self.deployment.url('heat-cfn'),
                'region_name_for_services': deployment.REGION,
                'stack_user_domain_name': 'heat',
                'stack_domain_admin': 'heat_domain_admin',
                'stack_domain_admin_password': self.deployment.password,
                # Each resource in progress holds one of these threads.
                'executor_thread_pool_size': 128,
            },
            'database': config.sqlite(self.directory / 'heat.sqlite'),
            'paste_deploy': {'api_paste_config': etc / 'api-paste.ini'},
            'keystone_authtoken': self.deployment.token_validation('heat'),
            'trustee': self.deployment.credentials('heat'),
            'clients_keystone': {'auth_uri': self.deployment.auth_url},
            # Until Heat 26 the CFN API asks Keystone for it while it loads,
            # unless it is told; Heat 27 does not know the option any more.
            'ec2authtoken': {'auth_uri': self.deployment.auth_url},
            'localcloud': {'done': self.directory / 'done'},
            'serve:heat': self.deployment.serve('heat'),
            'serve:heat-cfn': self.deployment.serve('heat-cfn'),
        }, self.deployment.options.heat)

    @property
    def _config_file(self):
        return self.directory / 'heat.conf'


def etc_folder():
    """The folder etc/heat that came with Heat's package.

    :raises ServerMissing: when the package brought none
    """
    for file in metadata.files('openstack-heat') or ():
        if file.name == 'api-paste.ini':
            return file.locate().resolve().parent
    raise errors.ServerMissing(
        'Heat is installed without its api-paste.ini: install '
        'openstack-heat with pip into this virtualenv.')
