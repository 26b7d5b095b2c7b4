# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar worker``."""
import argparse
import contextlib
import json
import signal

from cliff import command
from oslo_config import cfg
from oslo_log import log as logging
import prometheus_client

from heat_plugins import figures
from heat_plugins import worker
from heat_plugins.cli import numbers
from heat_plugins.worker import access
from heat_plugins.worker import bell
from heat_plugins.worker import errors
from heat_plugins.worker import loading
from heat_plugins.worker import service
from heat_plugins.worker import trying
from heat_plugins.zaqar import limits

_THREADS = (1, 1000)
_POLL = (bell.SHORTEST, 3600)


class Worker(command.Command):
    """Serve custom resources until SIGTERM or Ctrl-C.

    Claims requests from a queue and calls your handler for each: an object,
    or a class, with the methods create, update and delete. Requests in
    progress are finished before it ends; a second signal ends it at once.
    The exit status is 1 when the queue cannot be served; with --try, when the
    handler fails.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument(
            'handler', metavar='MODULE:OBJECT',
            help='the handler; modules in the current folder are found too')
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument(
            '--queue', metavar='NAME',
            help='the queue to serve, with the credentials in the OS_* '
                 'variables or in clouds.yaml')
        way.add_argument(
            '--signed-url', metavar='FILE',
            help='the queue to serve, without Keystone credentials: a JSON '
                 'file with the attributes url and headers of a '
                 'Zaqar::Messaging::SignedURL for %s' % access.NEEDED)
        way.add_argument(
            '--try', metavar='FILE', dest='request',
            help='call the handler once, with the request in a JSON file, and '
                 'print the reply; nothing is sent. The file needs '
                 'request_type and properties; what else is missing is made '
                 'up')
        parser.add_argument(
            '--reply-to', metavar='URL', type=_endpoint, action='append',
            default=[],
            help='an endpoint of Zaqar that replies may go to, such as '
                 'https://zaqar.example.org:8888. By default these are the '
                 'one of the signed URL or, with --queue, those in the '
                 'catalog. May be given several times')
        parser.add_argument(
            '--store', metavar='STORE', default='memory',
            help='where answered requests are remembered: memory; '
                 'sqlite:FILE, shared by all workers on this machine; or '
                 'MODULE:OBJECT of your own (default: memory)')
        parser.add_argument(
            '--threads', metavar='N', default=4,
            type=numbers.within(int, *_THREADS),
            help='how many requests to work on at once, from %d to %d '
                 '(default: 4)' % _THREADS)
        parser.add_argument(
            '--poll', metavar='SECONDS',
            type=numbers.within(float, *_POLL), default=0.5,
            help='seconds between two looks at an empty queue of which Zaqar '
                 'pushes nothing, from %g to %g (default: 0.5)' % _POLL)
        parser.add_argument(
            '--websocket', choices=['auto', 'on', 'off'], default='auto',
            help='whether Zaqar is to push what comes to the queue, with '
                 '--queue: auto, if the service catalog has an endpoint of '
                 'the type messaging-websocket; on, with a warning if it has '
                 'none; or off (default: auto)')
        parser.add_argument(
            '--claim-ttl', metavar='SECONDS', default=service.CLAIM_TTL,
            type=numbers.within(int, *limits.CLAIM_TTL),
            help='seconds after which the requests of a dead worker come '
                 'back, from %d to %d (default: %d)' % (
                     *limits.CLAIM_TTL, service.CLAIM_TTL))
        parser.add_argument(
            '--metrics', metavar='[HOST:]PORT', type=_address,
            help='where Prometheus may ask for figures of this worker, such '
                 'as 9100 or 0.0.0.0:9100 (default: nowhere; the default '
                 'host is 127.0.0.1)')
        parser.add_argument(
            '--config-file', metavar='FILE', action='append', default=[],
            help='a file with options of oslo.log in [DEFAULT], such as '
                 'log_file. May be given several times')
        return parser

    def take_action(self, parsed_args):
        _log_as_oslo_does(parsed_args.config_file,
                          self.app.options.verbose_level > 1)
        try:
            if parsed_args.request:
                return self._try(parsed_args)
            serving = worker.Worker(
                _queue(parsed_args), loading.handler(parsed_args.handler),
                loading.store(parsed_args.store), parsed_args.threads,
                parsed_args.poll, parsed_args.claim_ttl,
                parsed_args.reply_to, parsed_args.websocket)
            _stop_at_signals(serving)
            with _figures(parsed_args.metrics):
                serving.run()
        except errors.SetupError as error:
            print('heat-zaqar worker: %s' % error, file=self.app.stderr)
            return 1
        return 0

    def _try(self, parsed_args):
        reply = trying.reply(
            loading.handler(parsed_args.handler), parsed_args.request,
            lambda text: print('progress: %s' % text, file=self.app.stderr))
        print(json.dumps(reply.to_body(), indent=2), file=self.app.stdout)
        return int(reply.has_failed)


@contextlib.contextmanager
def _figures(address):
    """Answer Prometheus within this block, if there is an address."""
    if address is None:
        yield
        return
    host, port = address
    try:
        server, thread = prometheus_client.start_http_server(
            port, host, registry=figures.REGISTRY)
    except OSError as error:
        raise errors.SetupError('Cannot listen at %s:%d for Prometheus: %s' % (
            host, port, error)) from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _queue(parsed_args):
    if parsed_args.signed_url:
        return access.by_signed_url(parsed_args.signed_url)
    return access.by_keystone(parsed_args.queue)


def _endpoint(text):
    """The type of an argument: an endpoint of Zaqar."""
    try:
        return access.endpoint(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _address(text):
    """The type of an argument: a pair of a host and a port."""
    host, _colon, port = text.rpartition(':')
    return host.strip('[]') or '127.0.0.1', numbers.within(int, 1, 65535)(port)


def _log_as_oslo_does(files, debug):
    conf = cfg.ConfigOpts()
    logging.register_options(conf)
    logging.set_defaults()
    conf([], project='heat-zaqar', prog='worker', default_config_files=files,
         default_config_dirs=[])
    conf.set_default('debug', debug)
    # not where a program's output goes
    conf.set_default('use_stderr', True)
    logging.setup(conf, 'heat-zaqar-worker')


def _stop_at_signals(serving):
    def stop(number, _frame):
        serving.stop()
        # once more, and it is the end
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
