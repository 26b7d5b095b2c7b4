# SPDX-License-Identifier: Apache-2.0
"""The server of the page: on loopback, behind a secret, for one browser.

Whoever knows the address may see what the user may see, so it holds a secret,
other hosts cannot reach it, and pages of other origins are refused.
"""
import contextlib
import hmac

# By name: eventlet, which Heat 24 loads, has a module of its own there.
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
import importlib.resources
import json
import secrets
import urllib.parse

from oslo_log import log as logging

from heat_plugins.stacks import stack as stacks
from heat_plugins.view import detail
from heat_plugins.view import pushing
from heat_plugins.view import showing
from heat_plugins.view import source

LOG = logging.getLogger(__name__)

_ADDRESS = '127.0.0.1'
# Bytes of what a page may send.
_LARGEST = 65536
_TYPES = {'.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript'}
_HEADERS = {
    'Content-Security-Policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "connect-src 'self'; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'",
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
}


class Server(ThreadingHTTPServer):
    """Serves the page, and what it shows, until it is shut down.

    :ivar address: to open in a browser.
    :param user: a ``heat_plugins.zaqar.keystone.User``.
    :param interval: seconds between two looks at Heat and Zaqar.
    :param port: on loopback; 0 for a free one.
    :raises OSError: the port is taken.
    """

    daemon_threads = True

    def __init__(self, user, interval, port=0):
        super().__init__((_ADDRESS, port), _Handler)
        self.secret = secrets.token_urlsafe(24)
        self.address = 'http://%s:%d/%s/' % (
            _ADDRESS, self.server_address[1], self.secret)
        self._user = user
        self._interval = interval
        self._stacks = {}
        self.all = source.Source(showing.Stacks(user).look, interval)

    def stack(self, name):
        """A stack that is shown: its ``detail.Detail``, and ``Source``.

        :raises heat_plugins.stacks.stack.NoStack: there is none.
        """
        if name not in self._stacks:
            shown = showing.Stack(self._user, name)
            self._stacks[name] = (
                detail.Detail(self._user, name),
                source.Source(shown.look, self._interval))
        return self._stacks[name]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    #: Seconds that a connection may be silent.
    timeout = 60

    def do_GET(self):
        self._answer({'events': self._events, 'resource': self._resource,
                      'queue': self._queue})

    def do_POST(self):
        self._answer({'answer': self._take_answer})

    def log_message(self, format, *args):
        # The address holds the secret.
        LOG.debug('%s %s', self.command, args[1] if len(args) > 1 else '')

    def _answer(self, ways):
        url = urllib.parse.urlsplit(self.path)
        secret, _slash, name = url.path[1:].partition('/')
        if not self._is_ours(secret):
            self._send(403, 'text/plain', b'Open the address that heat-zaqar '
                                          b'view has printed.')
            return
        query = dict(urllib.parse.parse_qsl(url.query))
        try:
            if name in ways:
                ways[name](query)
            elif self.command == 'GET':
                self._send_file(name or 'index.html')
            else:
                raise KeyError(name)
        except (KeyError, FileNotFoundError):
            self._send(404, 'text/plain', b'There is no such thing.')
        except (detail.Refused, *stacks.ERRORS) as error:
            self._send_json({'error': str(error)}, 409)

    def _is_ours(self, secret):
        """Whether it comes from our own page, or from an address bar."""
        host = self.headers.get('Host', '')
        own = 'http://' + host
        return (hmac.compare_digest(secret.encode(),
                                    self.server.secret.encode()) and
                # By another port if it comes through a tunnel.
                host.partition(':')[0] in (_ADDRESS, 'localhost') and
                self.headers.get('Origin', own) == own and
                self.headers.get('Sec-Fetch-Site', 'none') in (
                    'none', 'same-origin'))

    def _send_file(self, name):
        kind = _TYPES[name[name.rindex('.'):] if '.' in name else '']
        if '/' in name:
            raise KeyError(name)
        page = importlib.resources.files('heat_plugins.view') / 'page'
        self._send(200, kind + '; charset=utf-8', (page / name).read_bytes())

    def _events(self, query):
        if 'stack' in query:
            _stack, seen = self.server.stack(query['stack'])
        else:
            seen = self.server.all
        self.send_response(200)
        self._send_headers({'Content-Type': 'text/event-stream',
                            'Connection': 'close'})
        self.close_connection = True
        with contextlib.closing(seen.follow()) as states, (
                contextlib.suppress(OSError)):  # the page has gone
            for each in pushing.events(states):
                self.wfile.write(each)
                self.wfile.flush()

    def _resource(self, query):
        stack, _source = self.server.stack(query['stack'])
        self._send_json(stack.resource(query['name']))

    def _queue(self, query):
        stack, _source = self.server.stack(query['stack'])
        self._send_json(stack.queue(query['name']))

    def _take_answer(self, query):
        stack, seen = self.server.stack(query['stack'])
        asked = self._json()
        stack.answer(*(asked[key] for key in (
            'name', 'queue', 'verdict', 'comment', 'key')))
        seen.hasten()
        self._send_json({})

    def _json(self):
        """What was sent: a map of texts."""
        length = int(self.headers.get('Content-Length') or 0)
        if length > _LARGEST:
            raise detail.Refused('That is too long.')
        try:
            sent = json.loads(self.rfile.read(length))
        except ValueError as error:
            raise detail.Refused('That is no JSON.') from error
        if not isinstance(sent, dict) or not all(
                isinstance(each, str) for each in sent.values()):
            raise detail.Refused('That is no map of texts.')
        return sent

    def _send_json(self, data, status=200):
        self._send(status, 'application/json', json.dumps(data).encode())

    def _send(self, status, kind, content):
        # What was sent with a request that is refused was not read.
        self.close_connection = self.close_connection or status >= 400
        self.send_response(status)
        self._send_headers({'Content-Type': kind,
                            'Content-Length': str(len(content))})
        self.wfile.write(content)

    def _send_headers(self, more):
        for key, value in {**_HEADERS, **more}.items():
            self.send_header(key, value)
        self.end_headers()
