# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar explain``."""
import json

from cliff import command

from heat_plugins.stacks import explaining
from heat_plugins.stacks import stack as stacks
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import keystone


class Explain(command.Command):
    """Say why a stack is not complete: what each resource of ours waits for.

    What was received, what is in the queues and would count or would not, and
    why; whether senders can still reach a mailbox; whether a worker has taken
    the request of a custom resource; and when it ends. The project is that
    which the OS_* variables or clouds.yaml name.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('stack', metavar='STACK',
                            help='the name or id of a stack')
        parser.add_argument(
            'resource', metavar='RESOURCE', nargs='?',
            help='only this resource; with those of the stacks that it is '
                 'in, such as GROUP/0 (default: all that wait or have failed)')
        parser.add_argument('-f', '--format', choices=['json', 'text'],
                            default='text', help='(default: text)')
        return parser

    def take_action(self, parsed_args):
        try:
            user = keystone.User()
            found = explaining.explain(
                stacks.Stack(user, parsed_args.stack), user.zaqar(),
                parsed_args.resource)
        except (explaining.NoResource, errors.ZaqarError,
                *stacks.ERRORS) as error:
            print('heat-zaqar explain: %s' % error, file=self.app.stderr)
            return 1
        print(json.dumps(found, indent=1) if parsed_args.format == 'json'
              else '\n'.join(explaining.tell(found)), file=self.app.stdout)
        return 0
