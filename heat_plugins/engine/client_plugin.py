# SPDX-License-Identifier: Apache-2.0
"""Heat's client plugin ``zaqar_messaging``.

Heat's own plugin, ``zaqar``, stays as it is; its section
``[clients_zaqar]`` (endpoint type, CA, insecure) holds for this one too.
"""
import os

from heat.common import config
from heat.common import exception
from heat.common.i18n import _
from heat.engine.clients import client_plugin
from keystoneauth1 import adapter
from keystoneauth1 import exceptions as ksa_errors
from keystoneauth1 import session
import requests
from requests import adapters

from heat_plugins.engine import options
from heat_plugins.zaqar import client
from heat_plugins.zaqar import errors

#: As setup.cfg names the entry point.
NAME = 'zaqar_messaging'
#: Mistral's type of service.
WORKFLOW = 'workflowv2'


class ZaqarMessagingClientPlugin(client_plugin.ClientPlugin):
    """Zaqar for the project of a request's context."""

    exceptions_module = errors
    service_types = [MESSAGING] = ['messaging']

    @staticmethod
    def _get_client_option(name, option):
        return config.get_client_option('zaqar', option)

    def _create(self):
        return self._made(options.get().request_retries)

    def client_for_looks(self):
        """A client of its own, which leaves it to its user to try again."""
        return self._made(0)

    def _made(self, retries):
        settings = options.get()
        context = self.context
        keystone_session = session.Session(
            auth=context.keystone_session.auth,
            session=_connections(settings.connections),
            **config.get_ssl_options('keystone'))
        return client.Client(
            adapter.Adapter(
                keystone_session, service_type=self.MESSAGING,
                interface=self._get_client_option(None, 'endpoint_type'),
                region_name=self._get_region_name(),
                client_name='heat-zaqar-plugins'),
            timeout=settings.request_timeout,
            retries=retries,
            **config.get_ssl_options('zaqar'))

    def guest_endpoint(self):
        """Zaqar's URL for those outside the cloud's control plane."""
        return self.client().endpoint(options.get().guest_interface)

    def workflow_endpoint(self):
        """Mistral's URL, as the catalog has it.

        :raises heat.common.exception.Error: it has none.
        """
        try:
            return self.url_for(
                service_type=WORKFLOW,
                interface=self._get_client_option(
                    None, 'endpoint_type')).rstrip('/')
        except ksa_errors.EndpointNotFound as error:
            raise exception.Error(_(
                'the service catalog has no endpoint of the type "%s" for '
                'Mistral. Ask the operator of this cloud to install it.') %
                WORKFLOW) from error

    def is_not_found(self, ex):
        return isinstance(ex, errors.NotFound)

    # No is_conflict: what Heat takes for a conflict it tries again for more
    # than a minute, and no conflict of Zaqar's comes right by itself.

    def is_over_limit(self, ex):
        return getattr(ex, 'code', None) == 413


_pool = None


def _connections(size):
    """The process's connections, which outlive the contexts of requests.

    Heat makes a session for every request it works on; with connections of
    its own each, none would ever be used again.
    """
    global _pool
    if _pool is None:
        _pool = requests.Session()
        for scheme in ('http://', 'https://'):
            _pool.mount(scheme, adapters.HTTPAdapter(pool_maxsize=size))
    return _pool


def _forget_connections():
    global _pool
    _pool = None


# A forked engine worker must not share its parent's sockets.
os.register_at_fork(after_in_child=_forget_connections)
