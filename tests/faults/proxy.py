# SPDX-License-Identifier: Apache-2.0
"""What stands between heat-engine and Zaqar, and can go wrong on demand."""
import http.client
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
import threading
import time
import urllib.parse


class Proxy:
    """Hands requests on to Zaqar, until the end of the ``with`` block.

    :param upstream: Zaqar's URL.
    :ivar fault: called with the method and the path of each request. It may
        return nothing; the status and body to answer with instead; ``CUT`` or
        ``HANG``; or a function to call once Zaqar has answered, before the
        answer goes on.
    """

    CUT = object()
    HANG = object()

    def __init__(self, upstream):
        self.upstream = urllib.parse.urlsplit(upstream)
        self.fault = None
        self._server = None
        self._hanging = threading.Event()

    @property
    def url(self):
        return 'http://127.0.0.1:%d' % self._server.server_address[1]

    def __enter__(self):
        self._server = ThreadingHTTPServer(
            ('127.0.0.1', 0), type('Handler', (_Handler,), {'proxy': self}))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True,
                         kwargs={'poll_interval': 0.01}).start()
        return self

    def __exit__(self, *_error):
        self._hanging.set()
        self._server.shutdown()
        self._server.server_close()

    def ask(self, method, path, body, headers):
        """What Zaqar answers: status, headers and body."""
        connection = http.client.HTTPConnection(
            self.upstream.hostname, self.upstream.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    proxy = None

    def _hand_on(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        fault = self.proxy.fault and self.proxy.fault(self.command, self.path)
        if fault is self.proxy.HANG:
            self.proxy._hanging.wait(60)
        if fault is self.proxy.CUT or fault is self.proxy.HANG:
            self.close_connection = True
            return
        if isinstance(fault, tuple):
            self._answer(fault[0], [('Content-Type', 'text/html')], fault[1])
            return
        answer = self.proxy.ask(self.command, self.path, body,
                                dict(self.headers))
        if fault:
            fault()
        self._answer(*answer)

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = do_HEAD = _hand_on

    def _answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in ('connection', 'content-length', 'date',
                                    'server', 'transfer-encoding'):
                self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Print nothing."""


def nth(number, act, method=None):
    """A fault at the n-th request from now on, of one method or of any."""
    left = number
    lock = threading.Lock()

    def fault(asked, _path):
        nonlocal left
        if method not in (None, asked):
            return None
        with lock:
            left -= 1
            return act() if left == 0 else None
    return fault


def during(seconds, what):
    """A fault at each request, for some seconds."""
    end = time.monotonic() + seconds
    return lambda _method, _path: what if time.monotonic() < end else None
