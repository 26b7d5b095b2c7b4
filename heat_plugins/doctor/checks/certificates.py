# SPDX-License-Identifier: Apache-2.0
"""Certificates of the endpoints: how long they are good."""
import contextlib
import datetime
import socket
import ssl
import urllib.parse

from keystoneauth1 import exceptions as ksa_errors

from heat_plugins.doctor import finding
from heat_plugins.doctor.checks import catalog

TITLE = 'Certificates'
NEEDS = (catalog,)
_SERVICES = ('identity', 'orchestration', 'messaging', 'messaging-websocket')
_PORTS = {'https': 443, 'wss': 443}
# Seconds for an answer, and days before the end at which it is told.
_PATIENCE, _SOON = 10, 14


def examine(patient):
    urls = {}
    for each in _SERVICES:
        with contextlib.suppress(ksa_errors.EndpointNotFound):
            urls[each] = patient.user.service(each).get_endpoint()
    secure = {each: urllib.parse.urlsplit(url) for each, url in urls.items()
              if url and url.startswith(('https:', 'wss:'))}
    if not secure:
        yield finding.note('endpoints with TLS', 'there are none',
                           'nothing, if nobody but you is on the network')
    elif not patient.user.verify():
        yield finding.warning(
            'how certificates are checked', 'they are not', 'set OS_CACERT, '
            'and do without --insecure and "verify: false"')
        return
    for service, url in secure.items():
        yield _examined(service, url, patient.user.verify())


def _examined(service, url, verify):
    tried = 'the certificate of %s (%s)' % (service, url.netloc)
    try:
        end = _end(url.hostname, url.port or _PORTS[url.scheme], verify)
    except ssl.SSLError as error:
        return finding.failure(tried, str(error), 'renew it, or name its CA '
                               'with OS_CACERT')
    except OSError as error:
        return finding.failure(tried, str(error), 'is the service up?')
    days = (end - datetime.datetime.now(datetime.UTC)).days
    came = 'it is good for %d days more' % days
    if days < _SOON:
        return finding.warning(tried, came, 'renew it')
    return finding.ok(tried, came)


def _end(host, port, verify):
    """When the certificate of a server ends."""
    context = ssl.create_default_context(
        cafile=verify if isinstance(verify, str) else None)
    with socket.create_connection((host, port), _PATIENCE) as plain, (
            context.wrap_socket(plain, server_hostname=host)) as secure:
        return datetime.datetime.fromtimestamp(ssl.cert_time_to_seconds(
            secure.getpeercert()['notAfter']), datetime.UTC)
