# SPDX-License-Identifier: Apache-2.0
"""The way to what Zaqar pushes, as somebody who has a token."""
import datetime
import ssl

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import websocket

# Seconds after which a token is renewed whose end nobody knows.
_UNKNOWN = 600


class Door:
    """Opens connections for the project of a client.

    :param client: a ``heat_plugins.zaqar.client.Client``.
    """

    def __init__(self, client):
        self._client = client

    def __str__(self):
        return 'the project %s' % self._client.session.get_project_id()

    def connect(self):
        """A connection for which nobody is authenticated yet.

        :rtype: heat_plugins.zaqar.websocket.Connection
        :raises heat_plugins.zaqar.errors.Unreachable: there is none.
        """
        url = self._client.endpoint_of(websocket.SERVICE_TYPE)
        if url is None:
            raise errors.Unreachable('The catalog has no endpoint of the type '
                                     '"%s"' % websocket.SERVICE_TYPE)
        return websocket.Connection(
            url, self._client.session.get_project_id(),
            _tls(self._client.verify, self._client.cert))

    def token(self):
        """A token of now, and the seconds until it ends."""
        session = self._client.session
        token = session.get_token()
        ends = getattr(session.auth.get_access(session), 'expires', None)
        if ends is None:
            return token, _UNKNOWN
        left = ends - datetime.datetime.now(datetime.UTC)
        return token, left.total_seconds()

    def has(self, queue):
        """Whether a queue is there."""
        return self._client.queue(queue).exists()


def _tls(verify, cert):
    """What ``requests`` takes, as websocket-client takes it."""
    options = {}
    if not verify:
        options['cert_reqs'] = ssl.CERT_NONE
        options['check_hostname'] = False
    elif isinstance(verify, str):
        options['ca_certs'] = verify
    if cert:
        names = (cert,) if isinstance(cert, str) else cert
        options.update(zip(('certfile', 'keyfile'), names, strict=False))
    return options
