# SPDX-License-Identifier: Apache-2.0
"""Zaqar as a Keystone user has it, by ``OS_*`` or ``clouds.yaml``."""
from keystoneauth1 import adapter
from keystoneauth1 import exceptions as ksa_errors
from openstack import config
from openstack import exceptions

from heat_plugins.zaqar import client as clients

_MESSAGING = 'messaging'
# Seconds without an answer after which a call fails, unless clouds.yaml has
# others.
_TIMEOUT = 60


class NoCredentials(Exception):
    """There is nobody to be; the text says where credentials are looked for.
    """


class User:
    """A Keystone user with a project in a region.

    :param options: for ``openstack.config.get_cloud_region``.
    :raises NoCredentials: there are none.
    """

    def __init__(self, **options):
        try:
            self._region = config.get_cloud_region(**options)
            self._session = self._region.get_session()
            self._session.timeout = self._session.timeout or _TIMEOUT
        except (exceptions.ConfigException,
                ksa_errors.ClientException) as error:
            raise NoCredentials(
                'No usable credentials in the OS_* variables or in '
                'clouds.yaml: %s' % error) from error

    def access(self):
        """Who it is, and with which roles in which project.

        :rtype: keystoneauth1.access.AccessInfo
        :raises keystoneauth1.exceptions.ClientException: Keystone does not
            answer, or refuses.
        """
        return self._session.auth.get_access(self._session)

    def verify(self):
        """As ``requests`` takes it: whether, or by which CA file, the
        certificates of servers are checked."""
        return self._region.get_requests_verify_args()[0]

    def zaqar(self, **options):
        """Zaqar's client.

        :param options: of it, such as ``timeout`` and ``retries``.
        :rtype: heat_plugins.zaqar.client.Client
        """
        verify, cert = self._region.get_requests_verify_args()
        return clients.Client(self.service(_MESSAGING), verify=verify,
                              cert=cert, **options)

    def service(self, service_type, **options):
        """The ``keystoneauth1.adapter.Adapter`` of a service.

        :param options: of it, such as ``min_version``.
        """
        return adapter.Adapter(
            self._session, service_type=service_type,
            interface=self._region.get_interface(service_type),
            region_name=self._region.get_region_name(service_type),
            **options)
