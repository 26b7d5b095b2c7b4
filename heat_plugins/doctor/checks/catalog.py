# SPDX-License-Identifier: Apache-2.0
"""The services that must be in the catalog."""
import contextlib

from keystoneauth1 import exceptions as ksa_errors

from heat_plugins.doctor import finding

TITLE = 'Catalog'
_NEEDED = {'orchestration': 'Heat', 'messaging': 'Zaqar'}


def examine(patient):
    for service, name in _NEEDED.items():
        tried = 'the endpoint of %s (%s)' % (name, service)
        url = None
        with contextlib.suppress(ksa_errors.EndpointNotFound):
            url = patient.user.service(service).get_endpoint()
        if url:
            yield finding.ok(tried, url)
        else:
            yield finding.failure(
                tried, 'the catalog has none in this region', (
                    'install %s, or register its endpoint of the type "%s" '
                    'in Keystone' % (name, service)))
