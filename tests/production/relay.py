# SPDX-License-Identifier: Apache-2.0
"""The network between an engine and RabbitMQ, which can be cut."""
import contextlib
import socket
import threading
import urllib.parse


class Relay:
    """Hands on what comes, byte by byte, until the end of the ``with`` block.

    :param url: where it goes on to.
    """

    def __init__(self, url):
        self._upstream = urllib.parse.urlsplit(url)
        self._server = None
        self._pairs = []
        self._is_cut = False

    @property
    def url(self):
        """The same URL, by way of the relay."""
        user, _at, _address = self._upstream.netloc.rpartition('@')
        return self._upstream._replace(netloc='%s@127.0.0.1:%d' % (
            user, self._server.getsockname()[1])).geturl()

    def __enter__(self):
        self._server = socket.create_server(('127.0.0.1', 0))
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.cut()
        # wakes the thread that accepts
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def cut(self):
        """Break all connections, and let no other come about."""
        self._is_cut = True
        for each in [end for pair in self._pairs for end in pair]:
            _end(each)
        self._pairs = []

    def mend(self):
        """Let connections come about again."""
        self._is_cut = False

    def _accept(self):
        with contextlib.suppress(OSError):  # the end of the block
            while True:
                self._connect(self._server.accept()[0])

    def _connect(self, near):
        try:
            if self._is_cut:
                raise ConnectionError
            far = socket.create_connection(
                (self._upstream.hostname, self._upstream.port))
        except OSError:
            _end(near)
            return
        self._pairs.append((near, far))
        for source, target in ((near, far), (far, near)):
            threading.Thread(target=_hand_on, args=(source, target),
                             daemon=True).start()


def _hand_on(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    _end(target)


def _end(end):
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
