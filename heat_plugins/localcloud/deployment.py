# SPDX-License-Identifier: Apache-2.0
"""What the services of one cloud share."""
from collections import abc
import dataclasses
import pathlib

from heat_plugins.localcloud import options
from heat_plugins.localcloud import ports as tcp

REGION = 'RegionOne'
DOMAIN_ID = 'default'


@dataclasses.dataclass(frozen=True)
class Deployment:
    """A cloud's folder, ports, secrets and options.

    :param directory: the state folder
    :param ports: name -> TCP port on the loopback
    :param secrets: name -> text
    :param options: an :class:`~heat_plugins.localcloud.options.Options`
    """

    directory: pathlib.Path
    ports: abc.Mapping
    secrets: abc.Mapping
    options: options.Options

    @property
    def password(self):
        """Password of every user."""
        return self.secrets['password']

    @property
    def auth_url(self):
        """Where Keystone issues tokens."""
        return self.url('keystone', '/v3')

    def url(self, name, path='', scheme='http'):
        """URL of what listens on the port of that name."""
        return '%s://%s:%d%s' % (scheme, tcp.HOST, self.ports[name], path)

    def serve(self, name):
        """Settings of the section ``[serve:NAME]`` of an API."""
        return {'host': tcp.HOST, 'port': self.ports[name],
                'access_log': access_log(self.directory, name)}

    def credentials(self, user):
        """Settings of a keystoneauth section for a service's user."""
        return {
            'auth_type': 'password',
            'auth_url': self.auth_url,
            'username': user,
            'password': self.password,
            'user_domain_id': DOMAIN_ID,
        }

    def token_validation(self, user):
        """Settings of ``[keystone_authtoken]`` for a service's user.

        Without ``memcached_servers`` keystonemiddleware keeps the tokens it
        has seen in the process, for ``token_cache_time``: a token that is
        used again is not validated again.
        """
        return {
            **self.credentials(user),
            'project_name': 'service',
            'project_domain_id': DOMAIN_ID,
            'www_authenticate_uri': self.auth_url,
            'interface': 'public',
            'region_name': REGION,
            'service_token_roles': 'service',
            'service_token_roles_required': True,
            'token_cache_time': 300,
        }


def access_log(directory, api):
    """Path of an API's access log.

    :param directory: the state folder
    :param api: its name, such as ``'heat-cfn'``
    """
    return directory / 'log' / (api + '.access.log')
