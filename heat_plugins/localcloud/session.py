# SPDX-License-Identifier: Apache-2.0
"""Keystone sessions of a local cloud's users."""
from keystoneauth1 import loading
from keystoneauth1 import session

_VARIABLES = {
    'OS_' + name.upper(): name for name in (
        'auth_url', 'username', 'password', 'project_name',
        'user_domain_name', 'project_domain_name')}


def connect(variables):
    """A session of the user that these variables tell of.

    :param variables: a dict, as ``Cloud.environment`` gives it
    :returns: a :class:`keystoneauth1.session.Session`
    """
    password = loading.get_plugin_loader('password')
    return session.Session(password.load_from_options(
        **{option: variables[name] for name, option in _VARIABLES.items()}))
