# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar demo``."""
from cliff import command

from heat_plugins.cli import cloud as cloud_commands
from heat_plugins.localcloud import cloud
from heat_plugins.localcloud import demo
from heat_plugins.localcloud import supervisor


class Demo(command.Command):
    """Show a stack that completes because programs report to it.

    Starts a cloud, creates the stack of an example, and runs senders that
    know nothing but the command in its output "signal_command". Shows the
    events, the senders and the outputs as they come, deletes the stack and
    stops the cloud. The exit status is 1 when anything went wrong.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument(
            '--template', metavar='FILE',
            default=str(demo.examples() / '02-fan-in.yaml'),
            help='the template of the stack (default: the example '
                 '02-fan-in.yaml); if it has an output "signal_command", '
                 'that is run once a second until the stack is complete')
        parser.add_argument(
            '--keep', action='store_true',
            help='use the cloud of the state folder, started if need be, '
                 'and leave it running')
        cloud_commands.add_directory(parser)
        return parser

    def take_action(self, parsed_args):
        if parsed_args.keep:
            return self._on_kept_cloud(parsed_args)
        with cloud.Cloud.ephemeral(report=print) as running:
            demo.run(running, parsed_args.template, print)
        print('\nThe cloud is stopped.')
        return 0

    def _on_kept_cloud(self, parsed_args):
        running = cloud.Cloud(parsed_args.dir)
        if not running.is_running and not supervisor.detach(
                running.directory, print):
            return 1
        demo.run(running, parsed_args.template, print)
        print('\n' + cloud_commands.how_to_use(running))
        return 0
