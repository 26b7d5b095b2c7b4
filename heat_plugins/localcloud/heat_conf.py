# SPDX-License-Identifier: Apache-2.0
"""Settings of heat.conf that all of Heat's processes share."""
from importlib import metadata
import os

import heat_plugins
from heat_plugins.localcloud import deployment as deployments
from heat_plugins.localcloud import errors
from heat_plugins.localcloud import notifications


def settings(deployment, database, transport_url):
    """Settings, section -> key -> value.

    :param deployment: a :class:`~.deployment.Deployment`
    :param database: a value of :mod:`~.database`
    :param transport_url: what the API and the engines talk through
    """
    etc = etc_folder()
    return {
        'DEFAULT': {
            'use_stderr': True,
            'transport_url': transport_url,
            'plugin_dirs': os.path.join(
                os.path.dirname(heat_plugins.__file__), 'plugin_dir'),
            'environment_dir': etc / 'environment.d',
            'template_dir': etc / 'templates',
            'auth_encryption_key': deployment.secrets['heat_encryption'],
            'heat_metadata_server_url': deployment.url('heat-cfn'),
            'region_name_for_services': deployments.REGION,
            'stack_user_domain_name': 'heat',
            'stack_domain_admin': 'heat_domain_admin',
            'stack_domain_admin_password': deployment.password,
            # Each resource in progress holds one of these threads.
            'executor_thread_pool_size': 128,
        },
        'database': database.settings,
        'paste_deploy': {'api_paste_config': etc / 'api-paste.ini'},
        'keystone_authtoken': deployment.token_validation('heat'),
        'trustee': deployment.credentials('heat'),
        'clients_keystone': {'auth_uri': deployment.auth_url},
        # Until Heat 26 the CFN API asks Keystone for it while it loads,
        # unless it is told; Heat 27 does not know the option any more.
        'ec2authtoken': {'auth_uri': deployment.auth_url},
        **notifications.settings(deployment),
    }


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
