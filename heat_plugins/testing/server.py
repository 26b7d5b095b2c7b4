# SPDX-License-Identifier: Apache-2.0
"""Serves the in-memory Zaqar on a free port of 127.0.0.1, in threads."""
import contextlib
import dataclasses

# By name: eventlet, which Heat 24 loads, leaves a module of its own, with
# green threads, in the place of the attribute http.server.
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
import io
import socket
import threading
import time
import urllib.parse

import webob

from heat_plugins.testing import app as apps
from heat_plugins.testing import client as clients
from heat_plugins.testing import faults
from heat_plugins.testing import store as stores


@dataclasses.dataclass(frozen=True)
class Request:
    """A request that was made.

    :ivar path: with its query.
    :ivar headers: by lower-case name.
    :ivar status: what was answered; None when the connection was cut.
    """
    method: str
    path: str
    headers: dict
    body: bytes
    status: int | None


class Server:
    """A running server, until the end of the ``with`` block.

    :param clock: gives the seconds since the epoch; see ``clock``.
    :ivar store: the state, a ``heat_plugins.testing.store.Store``.
    :ivar faults: a ``heat_plugins.testing.faults.Faults``.
    :ivar requests: all requests so far, a list of ``Request``.
    :ivar connections: how many connections clients have made.
    """

    def __init__(self, clock=time.time):
        self.store = stores.Store(clock)
        self.faults = faults.Faults(apps.App(self.store))
        self.requests = []
        self.connections = 0
        self._lock = threading.Lock()
        self._open = set()
        self._server = None
        self._thread = None

    @property
    def url(self):
        """Zaqar's endpoint."""
        return 'http://127.0.0.1:%d' % self._server.server_address[1]

    def client(self, **options):
        """A new client on this server; see ``client.client``."""
        return clients.client(self.url, **options)

    def __enter__(self):
        self._server = ThreadingHTTPServer(
            ('127.0.0.1', 0), type('Handler', (_Handler,), {'serving': self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={'poll_interval': 0.005},
            name='in-memory-zaqar', daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.faults.release()
        with self._lock:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def _opened(self, connection):
        with self._lock:
            self.connections += 1
            self._open.add(connection)

    def _closed(self, connection):
        with self._lock:
            self._open.discard(connection)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True
    wbufsize = -1
    serving = None

    def setup(self):
        super().setup()
        self.serving._opened(self.connection)

    def finish(self):
        self.serving._closed(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def handle(self):
        # A client that goes away, or the server's end, is not an error.
        with contextlib.suppress(ConnectionError):
            super().handle()

    def _serve(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        try:
            response = self._request(body).get_response(self.serving.faults)
        except faults.Cut as cut:
            self._log(body, None)
            self.close_connection = True
            if cut.response is not None:
                self._write(cut.response,
                            cut.response.body[:len(cut.response.body) // 2])
            return
        self._log(body, response.status_code)
        self._write(response, response.body)

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = _serve

    def _request(self, body):
        path, _mark, query = self.path.partition('?')
        environ = {
            'REQUEST_METHOD': self.command, 'SCRIPT_NAME': '',
            'PATH_INFO': urllib.parse.unquote(path, 'latin-1'),
            'QUERY_STRING': query, 'SERVER_NAME': '127.0.0.1',
            'SERVER_PORT': str(self.server.server_address[1]),
            'SERVER_PROTOCOL': self.request_version,
            'CONTENT_TYPE': self.headers.get('Content-Type', ''),
            'CONTENT_LENGTH': str(len(body)),
            'wsgi.version': (1, 0), 'wsgi.url_scheme': 'http',
            'wsgi.input': io.BytesIO(body), 'wsgi.errors': io.StringIO(),
            'wsgi.multithread': True, 'wsgi.multiprocess': False,
            'wsgi.run_once': False,
        }
        for name, value in self.headers.items():
            key = name.upper().replace('-', '_')
            if key not in ('CONTENT_TYPE', 'CONTENT_LENGTH'):
                environ['HTTP_' + key] = value
        return webob.Request(environ)

    def _write(self, response, body):
        self.send_response(response.status_code)
        for name, value in response.headerlist:
            self.send_header(name, value)
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def _log(self, body, status):
        self.serving.requests.append(Request(
            self.command, self.path,
            {name.lower(): value for name, value in self.headers.items()},
            body, status))

    def log_message(self, *_arguments):
        """Print nothing."""
