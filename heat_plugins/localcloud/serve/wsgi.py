# SPDX-License-Identifier: Apache-2.0
"""WSGI applications under cheroot, with an access log."""
import datetime
import threading
import time

from cheroot import wsgi
from oslo_config import cfg

from heat_plugins.localcloud import access_log

# Seconds that an idle connection is kept open for its next request.
KEEP_ALIVE = 120
OPTIONS = (
    cfg.HostAddressOpt('host', help='Address to listen on.'),
    cfg.PortOpt('port', help='Port to listen on.'),
    cfg.StrOpt('access_log', help='File that gets a line for each request.'),
    cfg.IntOpt('threads', default=20, help='Requests served at a time.'),
)


def server(conf, name, application):
    """A server of an application, already listening.

    :param conf: oslo.config object that has the section ``[serve:NAME]``
    :param name: name of the API
    :raises OSError: when the port is taken
    """
    group = 'serve:' + name
    conf.register_opts(OPTIONS, group)
    settings = conf[group]
    made = wsgi.Server(
        (settings.host, settings.port),
        AccessLog(application, settings.access_log),
        numthreads=settings.threads, request_queue_size=128,
        timeout=KEEP_ALIVE)
    made.prepare()
    return made


def serve(*servers):
    """Serve until the process ends."""
    threads = [threading.Thread(target=each.serve) for each in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class AccessLog:
    """WSGI middleware that writes an access log.

    The line is written when the application has answered, before the client
    sees the answer: who has the answer finds its line. The applications here
    make their whole answer in the call.

    :param application: the WSGI application
    :param path: path of the log
    """

    def __init__(self, application, path):
        self._application = application
        self._log = open(path, 'a', buffering=1)  # noqa: SIM115

    def __call__(self, environ, start_response):
        came = datetime.datetime.now().astimezone()
        started = time.monotonic()
        status = 500

        def answer(line, headers, exc_info=None):
            nonlocal status
            status = int(line.split()[0])
            return start_response(line, headers, exc_info)

        try:
            return self._application(environ, answer)
        finally:
            self._log.write(access_log.format(access_log.Request(
                came, peer(environ), environ['REQUEST_METHOD'],
                path(environ), status, time.monotonic() - started,
                environ.get('HTTP_USER_AGENT', ''))))


def peer(environ):
    """``'address:port'`` of the client."""
    return '%s:%s' % (environ['REMOTE_ADDR'], environ['REMOTE_PORT'])


def path(environ):
    """The path with its query, as the client sent it."""
    return environ.get('REQUEST_URI') or environ['PATH_INFO']
