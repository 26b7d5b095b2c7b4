# SPDX-License-Identifier: Apache-2.0
"""Zaqar's websocket transport, as far as it pushes.

One thread at a time uses a connection: what is pushed while an answer is
awaited is kept. What is posted while nobody is connected is never pushed.
"""
import collections
import contextlib
import json
import math
import select
import socket
import ssl
import time
import typing

from oslo_utils import uuidutils
import websocket

from heat_plugins.zaqar import errors

#: The service type in the catalog.
SERVICE_TYPE = 'messaging-websocket'
#: Bytes of what is sent as one: more than Zaqar lets a message have, by far.
LARGEST = 4 * 1024 * 1024

# Seconds between two pings, and until the answer to one or to a call is here.
_PING, _TIMEOUT = 30, 10


class Push(typing.NamedTuple):
    """What says that something comes to a queue.

    :ivar delay: seconds after which it can be read.
    """
    queue: str
    delay: int = 0


def tls(verify=True, cert=None):
    """How to speak TLS, as ``sslopt`` of websocket-client.

    :param verify: as for ``requests``, as is ``cert``.
    """
    options = {} if verify else {'cert_reqs': ssl.CERT_NONE,
                                 'check_hostname': False}
    if isinstance(verify, str):
        options['ca_certs'] = verify
    if cert is not None:
        names = (cert,) if isinstance(cert, str) else cert
        options.update(zip(('certfile', 'keyfile'), names, strict=False))
    return options


class Connection:
    """A connection for the subscriptions of a project.

    :param url: the endpoint, ``ws://`` or ``wss://``.
    :param project: the id of the project.
    :param tls: for ``wss://``, as ``sslopt`` of websocket-client.
    :raises heat_plugins.zaqar.errors.Unreachable: there is none.
    """

    def __init__(self, url, project, tls=None, clock=time.monotonic):
        self._url = url
        self._headers = {'Client-ID': uuidutils.generate_uuid(),
                         'X-Project-ID': project}
        self._clock = clock
        self._pushed = collections.deque()
        self._answers = collections.deque()
        self._next_ping = clock() + _PING
        self._pong_until = None
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        self._socket = _Socket(sslopt=tls or {}, enable_multithread=True)
        self._socket.settimeout(_TIMEOUT)
        try:
            self._talk(self._socket.connect, url)
        except errors.Unreachable:
            self.close()
            raise

    def close(self):
        """End it, and with it what was subscribed to."""
        self._socket.shutdown()
        self._wake.close()
        self._woken.close()

    def authenticate(self, token):
        """Be the owner of a token, or go on being it with a newer one.

        :raises heat_plugins.zaqar.errors.ZaqarError: it is refused.
        """
        self._call('authenticate', {}, {'X-Auth-Token': token})

    def metadata(self, queue):
        """What is stored with a queue: a map, empty if there is no queue."""
        return self._call('queue_get', {'queue_name': queue})

    def has(self, queue):
        """Whether a queue is there."""
        return self._messages(queue) is not None

    def delete_if_empty(self, queue):
        """Delete a queue unless there is a message in it.

        :returns: whether there is no such queue now.
        """
        if self._messages(queue):
            return False
        self._call('queue_delete', {'queue_name': queue})
        return True

    def _messages(self, queue):
        """How many are in a queue; None if there is no queue."""
        try:
            return self._call('queue_get_stats', {
                'queue_name': queue})['messages']['total']
        except errors.NotFound:
            return None
        except errors.ServerError:
            return math.inf  # a claim that has ended is in its way

    def subscribe(self, queue, ttl):
        """Have pushed what comes to a queue; it is made if it is gone.

        :param ttl: seconds that the subscription stays, if the server does
            not end it with this connection.
        :returns: the id of the subscription.
        """
        answer = self._call('subscription_create', {
            'queue_name': queue, 'ttl': ttl, 'options': {}})
        if not isinstance(answer, dict) or 'subscription_id' not in answer:
            raise errors.UnexpectedAnswer(
                '%s did not tell the id of a subscription' % self._url)
        return answer['subscription_id']

    def unsubscribe(self, queue, subscription):
        """Have it pushed no more."""
        self._call('subscription_delete',
                   {'queue_name': queue, 'subscription_id': subscription})

    def post_signed(self, headers, queue, body):
        """Post as a guest, not as the owner of a token.

        :param headers: those of a signed URL, as for HTTP.
        :param queue: the name of any queue.
        """
        self._call('message_post', {
            'queue_name': queue, 'messages': [{'body': body, 'ttl': 60}]}, {
                **headers, **{key: headers[key].split(',')
                              for key in ('URL-Methods', 'URL-Paths')}})

    def wait(self, seconds):
        """Wait for a push, a call of ``wake``, or so many seconds.

        :returns: list of ``Push``, in the order in which they came.
        :raises heat_plugins.zaqar.errors.Unreachable: the connection is gone,
            or the server hangs.
        """
        until = self._clock() + seconds
        while not (self._pushed or self._is_woken(until)):
            pass
        self._take_what_is_here()
        pushed, self._pushed = list(self._pushed), collections.deque()
        return pushed

    def wake(self):
        """End the ``wait`` of another thread, or the next one."""
        # It is closed, or will wake up anyway.
        with contextlib.suppress(OSError):
            self._wake.send(b'.')

    def _call(self, action, body, headers=None):
        self._talk(self._socket.send, json.dumps({
            'action': action, 'body': body,
            'headers': {**self._headers, **(headers or {})}}))
        until = self._clock() + _TIMEOUT
        while not self._answers:
            self._talk(self._receive)
            if self._clock() > until:
                raise errors.Unreachable(
                    '%s did not answer %s within %d seconds' % (
                        self._url, action, _TIMEOUT))
        answer = self._answers.popleft()
        status, answered = answer['headers'].get('status'), answer.get('body')
        if status not in (200, 201, 204):
            status = status if isinstance(status, int) else None
            raise errors.for_status(status or 0)(
                'Zaqar answered %s to %s: %s' % (
                    status, action, answered), status)
        return answered

    def _is_woken(self, until):
        """Wait a while, and say whether the whole wait is over."""
        if not self._socket.has_pending:
            moment = min(until, self._pong_until or self._next_ping)
            ready, _writable, _failed = select.select(
                [self._socket.sock, self._woken], [], [],
                max(0, moment - self._clock()))
            if self._woken in ready:
                self._woken.recv(4096)
                return True
            if not ready:
                self._keep_alive()
                return self._clock() >= until
        self._talk(self._receive)
        return False

    def _take_what_is_here(self):
        """More may have come at the same time."""
        while self._socket.has_pending or select.select(
                [self._socket.sock], [], [], 0)[0]:
            self._talk(self._receive)

    def _keep_alive(self):
        now = self._clock()
        if self._pong_until is None and now >= self._next_ping:
            self._talk(self._socket.ping)
            self._pong_until = now + _TIMEOUT
        elif self._pong_until is not None and now >= self._pong_until:
            raise errors.Unreachable('%s did not answer a ping within %d '
                                     'seconds' % (self._url, _TIMEOUT))

    def _receive(self):
        """Take one frame."""
        kind, data = self._socket.recv_data(control_frame=True)
        if kind == websocket.ABNF.OPCODE_PONG:
            self._pong_until = None
            self._next_ping = self._clock() + _PING
        elif kind == websocket.ABNF.OPCODE_CLOSE:
            code = int.from_bytes(data[:2], 'big')
            raise errors.Unreachable('%s closed the connection: %d %s' % (
                self._url, code, data[2:].decode(errors='replace')))
        elif kind == websocket.ABNF.OPCODE_TEXT:
            self._take(json.loads(data))

    def _take(self, frame):
        if isinstance(frame.get('headers'), dict):
            self._answers.append(frame)
        elif isinstance(frame.get('queue_name'), str):
            delay = frame.get('delay')
            self._pushed.append(Push(
                frame['queue_name'], delay if type(delay) is int else 0))

    def _talk(self, act, *args):
        try:
            return act(*args)
        except (OSError, websocket.WebSocketException) as error:
            raise errors.Unreachable('No connection with %s: %s' % (
                self._url, error)) from error
        except (ValueError, AttributeError, RecursionError) as error:
            raise errors.UnexpectedAnswer('%s does not speak as Zaqar: %s' % (
                self._url, error)) from error


class _Socket(websocket.WebSocket):
    """Takes no more at once than ``LARGEST``: it comes as one in memory."""

    _taken = 0

    @property
    def has_pending(self):
        """Whether the TLS layer has decrypted more than was read."""
        return bool(getattr(self.sock, 'pending', int)())

    def recv_data_frame(self, control_frame=False):
        self._taken = 0
        return super().recv_data_frame(control_frame)

    def _recv(self, bufsize):
        data = super()._recv(bufsize)
        self._taken += len(data)
        if self._taken > LARGEST:
            raise websocket.WebSocketPayloadException(
                'more than %d bytes at once' % LARGEST)
        return data
