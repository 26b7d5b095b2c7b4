# SPDX-License-Identifier: Apache-2.0
"""The client: python-zaqarclient's, on one long-lived transport."""
import contextlib

from keystoneauth1 import exceptions as ksa_errors
from oslo_utils import timeutils
from oslo_utils import uuidutils
from zaqarclient.queues.v2 import client as zaqarclient
from zaqarclient.transport import request

from heat_plugins.zaqar import api
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import queue
from heat_plugins.zaqar import transport
from heat_plugins.zaqar import websocket

_INTERFACES = ('public', 'internal', 'admin')


class Client(zaqarclient.Client):
    """python-zaqarclient's v2 client on a keystoneauth adapter.

    :param adapter: a ``keystoneauth1.adapter.Adapter`` for the service type
        ``messaging``.
    :param timeout: seconds without an answer after which a call fails.
    :param retries: how often an idempotent call is tried again.
    :param verify: as for ``requests``: whether, or by which CA file, the
        server's certificate is checked.
    :param cert: as for ``requests``: the client's certificate.
    """

    def __init__(self, adapter, timeout=30, retries=3, verify=True,
                 cert=None):
        super().__init__(version=2, conf={
            'client_uuid': uuidutils.generate_uuid()})
        self._adapter = adapter
        self._tls = websocket.tls(verify, cert)
        self._transport = transport.SessionTransport(
            adapter, timeout, retries, verify, cert)
        self._api = api.V2()

    def queue(self, ref, **kwargs):
        """The queue of this name; nothing is sent.

        :rtype: heat_plugins.zaqar.queue.Queue
        """
        kwargs.setdefault('auto_create', False)
        return queue.Queue(self, ref, **kwargs)

    def endpoint(self, interface=None):
        """Zaqar's URL without a version, as the catalog has it.

        :param interface: ``public``, ``internal`` or ``admin``; by default
            the one that this client itself uses.
        """
        options = {'interface': interface} if interface else {}
        return self._adapter.get_endpoint(**options).rstrip('/')

    def endpoints(self):
        """The URLs of ``endpoint``, of this client and all interfaces."""
        found = {self._adapter.get_endpoint(interface=each)
                 for each in _INTERFACES}
        return {self.endpoint(), *(each.rstrip('/') for each in found
                                   if each)}

    def connection(self, project=None, interface=None):
        """A new connection to Zaqar's websocket, not authenticated yet.

        :param project: the id of the project of its queues; by default the
            one of its user.
        :rtype: heat_plugins.zaqar.websocket.Connection
        :raises heat_plugins.zaqar.errors.NotOffered: the catalog has none.
        :raises heat_plugins.zaqar.errors.Unreachable: nobody answers there.
        """
        url = self.websocket_endpoint(interface)
        if not url:
            raise errors.NotOffered(
                'the service catalog has no endpoint of the type "%s"' %
                websocket.SERVICE_TYPE)
        return websocket.Connection(
            url, project or self._adapter.get_project_id(), self._tls)

    def websocket_endpoint(self, interface=None):
        """The URL of Zaqar's websocket; None if the catalog has none.

        :param interface: as for ``endpoint``.
        """
        options = {'interface': interface} if interface else {}
        # Some plugins of keystoneauth give nothing, and some raise.
        with contextlib.suppress(ksa_errors.EndpointNotFound):
            return self._adapter.get_endpoint(
                service_type=websocket.SERVICE_TYPE, **options)
        return None

    def token(self):
        """A token of its user, and the seconds until its end.

        In the last two minutes of one it is another one.
        """
        session = self._adapter.session
        access = (self._adapter.auth or session.auth).get_access(session)
        return access.auth_token, timeutils.delta_seconds(
            timeutils.utcnow(with_timezone=True), access.expires)

    def forget_token(self):
        """Get another one the next time."""
        self._adapter.invalidate()

    def _request_and_transport(self):
        # The base class authenticates and looks two plugins up at each call.
        prepared = request.Request(headers={'Client-ID': self.client_uuid})
        prepared._api = self._api
        return prepared, self._transport
