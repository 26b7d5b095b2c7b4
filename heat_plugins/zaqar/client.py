# SPDX-License-Identifier: Apache-2.0
"""The client: python-zaqarclient's, on one long-lived transport."""
from oslo_utils import uuidutils
from zaqarclient.queues.v2 import client as zaqarclient
from zaqarclient.transport import request

from heat_plugins.zaqar import api
from heat_plugins.zaqar import queue
from heat_plugins.zaqar import transport

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

    def _request_and_transport(self):
        # The base class authenticates and looks two plugins up at each call.
        prepared = request.Request(headers={'Client-ID': self.client_uuid})
        prepared._api = self._api
        return prepared, self._transport
