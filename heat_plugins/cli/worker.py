# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar worker``."""
import argparse
import json

from cliff import command

from heat_plugins import worker
from heat_plugins.cli import numbers
from heat_plugins.cli import serving
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
        serving.add_options(parser)
        return parser

    def take_action(self, parsed_args):
        serving.log_as_oslo_does(
            'worker', parsed_args.config_file,
            self.app.options.verbose_level > 1)
        try:
            if parsed_args.request:
                return self._try(parsed_args)
            server = worker.Worker(
                _queue(parsed_args), loading.handler(parsed_args.handler),
                loading.store(parsed_args.store), parsed_args.threads,
                parsed_args.poll, parsed_args.claim_ttl,
                parsed_args.reply_to, parsed_args.websocket)
            serving.stop_at_signals(server)
            with serving.figures_at(parsed_args.metrics):
                server.run()
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
