# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar view``."""
import contextlib
import os
import sys
import urllib.parse
import webbrowser

from cliff import command

from heat_plugins.cli import numbers
from heat_plugins.stacks import stack as stacks
from heat_plugins.view import server
from heat_plugins.zaqar import keystone


class View(command.Command):
    """Show a stack, or all of the project, in a browser as they go on.

    The page is served on this machine only, at an address with a secret:
    whoever has the address sees what you may see, and can answer gates as
    you. It ends with Ctrl-C. The project is that which the OS_* variables or
    clouds.yaml name.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('stack', metavar='STACK', nargs='?',
                            help='the name or id of a stack (default: all)')
        numbers.add_interval(parser)
        parser.add_argument(
            '--port', type=numbers.within(int, 0, 65535), default=0,
            help='the port on 127.0.0.1 (default: a free one)')
        parser.add_argument(
            '--no-browser', action='store_true',
            help='only print the address, as where there is no screen')
        return parser

    def take_action(self, parsed_args):
        try:
            user = keystone.User()
            query = parsed_args.stack and '?' + urllib.parse.urlencode(
                {'stack': stacks.Stack(user, parsed_args.stack).id})
            serving = server.Server(user, parsed_args.interval,
                                    parsed_args.port)
        except (*stacks.ERRORS, OSError) as error:
            print('heat-zaqar view: %s' % error, file=self.app.stderr)
            return 1
        address = serving.address + (query or '')
        print('%s\nCtrl-C ends it.' % address, file=self.app.stdout,
              flush=True)
        if not parsed_args.no_browser and has_screen():
            webbrowser.open(address)
        with contextlib.suppress(KeyboardInterrupt), serving:
            serving.serve_forever()
        return 0


def has_screen():
    """Whether a browser would open beside the terminal, not within it."""
    return sys.platform != 'linux' or any(
        os.environ.get(each) for each in ('DISPLAY', 'WAYLAND_DISPLAY',
                                          'BROWSER'))
