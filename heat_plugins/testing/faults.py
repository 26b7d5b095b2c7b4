# SPDX-License-Identifier: Apache-2.0
"""What can go wrong on the way to Zaqar, made to happen.

Each fault meets the next requests that match, in the order the faults were
added, and is spent after ``times`` of them::

    zaqar.faults.answer(503, method='GET', times=2)
    zaqar.faults.drop(method='POST', path='/messages', done=True)
"""
import dataclasses
import re
import threading
import typing

import webob


class Cut(Exception):
    """The connection is to be closed.

    :ivar response: a ``webob.Response`` of which the client gets only the
        beginning, or None.
    """

    def __init__(self, response=None):
        super().__init__('connection cut')
        self.response = response


@dataclasses.dataclass
class _Fault:
    effect: typing.Callable
    method: str | None
    path: str | None
    done: bool
    skip: int
    times: int

    def meets(self, request):
        if self.method not in (None, request.method):
            return False
        return self.path is None or bool(
            re.search(self.path, request.path_qs))


class Faults:
    """WSGI middleware that lets calls go wrong.

    All methods take: ``method``, the HTTP method met, by default all;
    ``path``, a regular expression that is found in the path with its query;
    ``done``, whether the server does its work before things go wrong;
    ``skip``, how many matching requests go well first; and ``times``, how
    many then do not.

    :param app: the WSGI application that otherwise answers.
    """

    def __init__(self, app):
        self._app = app
        self._faults = []
        self._lock = threading.Lock()
        self._released = threading.Event()

    def answer(self, status, body='', headers=None, **match):
        """Answer this instead of Zaqar's own answer."""
        def effect(_response):
            return webob.Response(
                body.encode() if isinstance(body, str) else body,
                status, headerlist=list((headers or {
                    'Content-Type': 'text/html'}).items()))
        self._add(effect, **match)

    def drop(self, **match):
        """Close the connection without an answer."""
        def effect(_response):
            raise Cut
        self._add(effect, **match)

    def truncate(self, **match):
        """Close the connection in the middle of the answer.

        The work is always done.
        """
        def effect(response):
            raise Cut(response)
        self._add(effect, **{**match, 'done': True})

    def hang(self, **match):
        """Keep the connection open and silent until ``release``."""
        def effect(_response):
            self._released.wait()
            raise Cut
        self._add(effect, **match)

    def release(self):
        """End all hanging requests by closing their connections."""
        self._released.set()

    def clear(self):
        """Let everything go well from now on."""
        with self._lock:
            self._faults = []

    def __call__(self, environ, start_response):
        request = webob.Request(environ)
        fault = self._next(request)
        if fault is None:
            return self._app(environ, start_response)
        response = request.get_response(self._app) if fault.done else None
        return fault.effect(response)(environ, start_response)

    def _add(self, effect, method=None, path=None, done=False, skip=0,
             times=1):
        with self._lock:
            self._faults.append(
                _Fault(effect, method, path, done, skip, times))

    def _next(self, request):
        with self._lock:
            for fault in self._faults:
                if not fault.meets(request):
                    continue
                if fault.skip:
                    fault.skip -= 1
                elif fault.times:
                    fault.times -= 1
                    return fault
        return None
