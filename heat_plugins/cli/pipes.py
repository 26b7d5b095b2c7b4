# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar pipes``."""
from cliff import command

from heat_plugins.cli import numbers
from heat_plugins.cli import serving
from heat_plugins.pipes import service
from heat_plugins.worker import errors
from heat_plugins.zaqar import keystone

_THREADS = (1, 100)


class Pipes(command.Command):
    """Serve the pipes of a project until SIGTERM or Ctrl-C.

    Takes messages from the source of each Zaqar::Messaging::Pipe, and
    delivers what matches to its target, at least once. Several of these
    processes share the work. What is being delivered is finished before it
    ends; a second signal ends it at once. The project is that which the OS_*
    variables or clouds.yaml name. The exit status is 1 when the pipes cannot
    be served.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument(
            '--threads', metavar='N', default=service.THREADS,
            type=numbers.within(int, *_THREADS),
            help='how many queues to work on at once, from %d to %d '
                 '(default: %d)' % (*_THREADS, service.THREADS))
        parser.add_argument(
            '--websocket', choices=['auto', 'on', 'off'], default='auto',
            help='whether Zaqar is to push what comes to the sources: auto, '
                 'if the service catalog has an endpoint of the type '
                 'messaging-websocket; on, with a warning if it has none; or '
                 'off (default: auto)')
        serving.add_options(parser)
        return parser

    def take_action(self, parsed_args):
        serving.log_as_oslo_does('pipes', parsed_args.config_file,
                                 self.app.options.verbose_level > 1)
        try:
            user = keystone.User()
            server = service.Pipes(
                user.zaqar(), user.service('orchestration'),
                parsed_args.threads, parsed_args.websocket)
            serving.stop_at_signals(server)
            with serving.figures_at(parsed_args.metrics):
                server.run()
        except (keystone.NoCredentials, service.CannotServe,
                errors.SetupError) as error:
            print('heat-zaqar pipes: %s' % error, file=self.app.stderr)
            return 1
        return 0
