# SPDX-License-Identifier: Apache-2.0
"""How a worker reaches its queue: by a signed URL, or by Keystone."""
import json
import pathlib

from keystoneauth1 import adapter
from keystoneauth1 import exceptions as ksa_errors
from openstack import config
from openstack import exceptions

from heat_plugins.worker import errors
from heat_plugins.zaqar import client
from heat_plugins.zaqar import guest

_MESSAGING = 'messaging'
_METHODS = 'GET, POST, PATCH, DELETE'


def by_signed_url(path):
    """The queue of a signed URL.

    :param path: a file with JSON: a map of ``url`` and ``headers``, the
        attributes of a ``Zaqar::Messaging::SignedURL`` with the paths
        messages and claims, and the methods GET, POST, PATCH and DELETE.
    :rtype: heat_plugins.zaqar.queue.Queue
    :raises heat_plugins.worker.errors.SetupError: the file has none.
    """
    try:
        signed = json.loads(pathlib.Path(path).read_text())
        return guest.queue(signed['url'], dict(signed['headers']))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise errors.SetupError(
            '%s: %s. A JSON map is due of the attributes "url" and "headers" '
            'of a Zaqar::Messaging::SignedURL with the paths messages and '
            'claims, and the methods %s.' % (
                path, _reason(error), _METHODS)) from error


def by_keystone(name, **options):
    """A queue of the project of a Keystone user.

    The user comes from the variables ``OS_*`` or from ``clouds.yaml``.

    :param options: for ``openstack.config.get_cloud_region``.
    :rtype: heat_plugins.zaqar.queue.Queue
    :raises heat_plugins.worker.errors.SetupError: there is no such user.
    """
    try:
        region = config.get_cloud_region(**options)
        session = region.get_session()
    except (exceptions.ConfigException, ksa_errors.ClientException) as error:
        raise errors.SetupError(
            'No user of the cloud is to be had from the variables OS_* or '
            'from clouds.yaml: %s.' % error) from error
    verify, cert = region.get_requests_verify_args()
    return client.Client(
        adapter.Adapter(session, service_type=_MESSAGING,
                        interface=region.get_interface(_MESSAGING),
                        region_name=region.get_region_name(_MESSAGING)),
        verify=verify, cert=cert).queue(name)


def _reason(error):
    return ('%s is missing' % error if isinstance(error, KeyError)
            else error)
