# SPDX-License-Identifier: Apache-2.0
"""A client without Keystone."""
from keystoneauth1 import adapter
from keystoneauth1 import noauth
from keystoneauth1 import session

from heat_plugins.testing import app
from heat_plugins.zaqar import client as zaqarclient


def client(url, project=app.PROJECT, auth=None, **options):
    """A new client, with connections of its own.

    :param url: the endpoint.
    :param project: id of the caller's project.
    :param auth: a keystoneauth plugin, instead of none.
    :param options: for ``heat_plugins.zaqar.client.Client``.
    """
    connections = session.Session(
        auth or noauth.NoAuth(endpoint=url),
        additional_headers={'X-Project-ID': project})
    return zaqarclient.Client(
        adapter.Adapter(connections, service_type='messaging'), **options)
