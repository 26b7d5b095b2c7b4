# SPDX-License-Identifier: Apache-2.0
"""Clients for the users of a running cloud.

Each function takes a :class:`~heat_plugins.localcloud.cloud.Cloud`, and is
for its ordinary user; with ``admin`` for the administrator.
"""
from heatclient import client as heatclient
from keystoneauth1 import adapter
from keystoneauth1 import loading
from keystoneauth1 import session as keystone_session

from heat_plugins.zaqar import client as zaqarclient

_OPTIONS = ('auth_url', 'username', 'password', 'project_name',
            'user_domain_name', 'project_domain_name')


def session(running, admin=False):
    """A :class:`keystoneauth1.session.Session`."""
    variables = (running.admin_environment() if admin
                 else running.environment())
    password = loading.get_plugin_loader('password')
    return keystone_session.Session(password.load_from_options(
        **{option: variables['OS_' + option.upper()] for option in _OPTIONS}))


def heat(running, admin=False, using=None):
    """python-heatclient.

    :param using: a session to use, instead of one of its own
    """
    return heatclient.Client(
        '1', session=using or session(running, admin))


def zaqar(running, admin=False, using=None):
    """A :class:`heat_plugins.zaqar.client.Client`.

    :param using: as for :func:`heat`
    """
    return zaqarclient.Client(adapter.Adapter(
        using or session(running, admin), service_type='messaging'))
