# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar worker``."""
import argparse
import signal

from cliff import command
from oslo_config import cfg
from oslo_log import log as logging

from heat_plugins import worker
from heat_plugins.worker import access
from heat_plugins.worker import errors
from heat_plugins.worker import loading
from heat_plugins.worker import service


class Worker(command.Command):
    """Serve custom resources until SIGTERM or Ctrl-C.

    Claims requests from a queue and has them done by a handler of yours: an
    object, or a class, with the methods create, update and delete. Ends when
    what has been begun is finished; a second signal ends it at once.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument(
            'handler', metavar='MODULE:OBJECT',
            help='the handler; modules are looked for in the current folder '
                 'as well')
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument(
            '--queue', metavar='NAME',
            help='the queue to serve, as the user of the OS_* variables or '
                 'of clouds.yaml')
        way.add_argument(
            '--signed-url', metavar='FILE',
            help='the queue to serve, without a user: JSON of the attributes '
                 'url and headers of a Zaqar::Messaging::SignedURL with the '
                 'paths messages and claims, and the methods GET, POST, '
                 'PATCH and DELETE')
        parser.add_argument(
            '--store', metavar='STORE', default='memory',
            help='what remembers answered requests: memory; sqlite:FILE, for '
                 'all workers of this machine; or MODULE:OBJECT of your own '
                 '(default: memory)')
        parser.add_argument(
            '--threads', metavar='N', type=_whole(1), default=4,
            help='how many requests to work on at once (default: 4)')
        parser.add_argument(
            '--poll', metavar='SECONDS', type=_pause, default=0.5,
            help='time between two looks at an empty queue, 0.05 or more '
                 '(default: 0.5)')
        parser.add_argument(
            '--claim-ttl', metavar='SECONDS',
            type=_whole(service.CLAIM_TTL), default=service.CLAIM_TTL,
            help='when the requests of a dead worker come back '
                 '(default and least: %d)' % service.CLAIM_TTL)
        parser.add_argument(
            '--config-file', metavar='FILE', action='append', default=[],
            help='a file with options of oslo.log in [DEFAULT], such as '
                 'log_file; may be given several times')
        return parser

    def take_action(self, parsed_args):
        _log_as_oslo_does(parsed_args.config_file,
                          self.app.options.verbose_level > 1)
        try:
            serving = worker.Worker(
                _queue(parsed_args), loading.handler(parsed_args.handler),
                loading.store(parsed_args.store), parsed_args.threads,
                parsed_args.poll, parsed_args.claim_ttl)
            _stop_at_signals(serving)
            serving.run()
        except errors.SetupError as error:
            print('heat-zaqar worker: %s' % error, file=self.app.stderr)
            return 1
        return 0


def _queue(parsed_args):
    if parsed_args.signed_url:
        return access.by_signed_url(parsed_args.signed_url)
    return access.by_keystone(parsed_args.queue)


def _whole(least):
    """The type of an argument: a whole number, and none below ``least``."""
    def number(text):
        if not text.isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(
                '%s is no whole number from %d on' % (text, least))
        return int(text)
    return number


def _pause(text):
    """The type of an argument: seconds between two looks."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not seconds >= service.SHORTEST_PAUSE:
        raise argparse.ArgumentTypeError(
            '%s is no number of seconds from %g on' % (
                text, service.SHORTEST_PAUSE))
    return seconds


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
