# SPDX-License-Identifier: Apache-2.0
"""An HTTP server that keeps what it is sent: the far end of a webhook.

::

    with receiver.Receiver() as webhook:
        ...  # subscribe webhook.url + '/any/path'
        document = webhook.requests[0].json
"""
import dataclasses
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
import json
import threading


@dataclasses.dataclass(frozen=True)
class Request:
    """What was sent.

    :ivar path: with its query.
    :ivar headers: by lower-case name.
    :ivar body: bytes.
    """
    method: str
    path: str
    headers: dict
    body: bytes

    @property
    def json(self):
        """The body, read as JSON."""
        return json.loads(self.body)


class Receiver:
    """A running server, until the end of the ``with`` block.

    :param answer: called with each ``Request``, in a thread of its own;
        gives the status to answer.
    :ivar requests: all requests so far.
    """

    def __init__(self, answer=lambda request: 204):
        self.requests = []
        self._answer = answer
        self._server = None

    @property
    def url(self):
        """Its URL, without a path."""
        return 'http://127.0.0.1:%d' % self._server.server_address[1]

    def __enter__(self):
        self._server = ThreadingHTTPServer(
            ('127.0.0.1', 0), type('Handler', (_Handler,), {'told': self}))
        self._server.daemon_threads = True
        # More than five may come at once.
        self._server.socket.listen(128)
        threading.Thread(
            target=self._server.serve_forever, name='receiver', daemon=True,
            kwargs={'poll_interval': 0.005}).start()
        return self

    def __exit__(self, *_error):
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    told = None

    def _receive(self):
        length = int(self.headers.get('Content-Length', 0))
        request = Request(
            self.command, self.path,
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length))
        status = self.told._answer(request)
        self.told.requests.append(request)
        self.send_response(status)
        self.send_header('Content-Length', '0')
        self.end_headers()

    do_GET = do_PUT = do_POST = do_DELETE = _receive

    def log_message(self, *_arguments):
        """Print nothing."""
