# SPDX-License-Identifier: Apache-2.0
"""The commands ``heat-zaqar cloud ...``."""
import argparse
import os
import shlex
import sys

from cliff import command
from cliff import lister

from heat_plugins.localcloud import cloud
from heat_plugins.localcloud import command as cloud_command
from heat_plugins.localcloud import errors
from heat_plugins.localcloud import options
from heat_plugins.localcloud import shape
from heat_plugins.localcloud import supervisor

DIRECTORY = '.cloud'


class Up(command.Command):
    """Start a cloud and keep it until Ctrl-C.

    Keystone, Heat, Zaqar and Redis on free ports of 127.0.0.1, with
    databases, settings and logs in a folder that the next start uses again.
    Without options, a folder that was used before gives the same cloud again.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        add_directory(parser)
        parser.add_argument(
            '--detach', action='store_true',
            help='leave the cloud running in the background, until '
                 '"heat-zaqar cloud down"')
        add_options(parser)
        return parser

    def take_action(self, parsed_args):
        chosen = chosen_options(parsed_args)
        running = cloud.Cloud(parsed_args.dir, options=chosen)
        if parsed_args.detach:
            if not supervisor.detach(running.directory, report, chosen):
                return 1
            report(how_to_use(running))
            return 0
        supervisor.supervise(
            running, report,
            lambda: report(how_to_use(running) + '\nCtrl-C stops the cloud.'))
        return 0


class Down(command.Command):
    """Stop the cloud of a folder, and keep its state."""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        add_directory(parser)
        return parser

    def take_action(self, parsed_args):
        try:
            supervisor.down(cloud.Cloud(parsed_args.dir))
        except errors.NotRunning as error:
            report(str(error))
        return 0


class Status(lister.Lister):
    """Show the services of a running cloud.

    The exit status is 1 when none is running in the folder.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        add_directory(parser)
        return parser

    def take_action(self, parsed_args):
        return (('Service', 'URL', 'PID', 'Version', 'State'),
                cloud.Cloud(parsed_args.dir).status())


class Env(command.Command):
    """Print the variables that a shell needs to use a running cloud.

    They are the OS_* variables of a user, the state folder, and PATH with
    this virtualenv's programs first.

    Usage: eval "$(heat-zaqar cloud env)"
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        add_directory(parser)
        parser.add_argument(
            '--admin', action='store_true',
            help='those of the administrator instead of the ordinary user')
        return parser

    def take_action(self, parsed_args):
        running = cloud.Cloud(parsed_args.dir)
        variables = (running.admin_environment() if parsed_args.admin
                     else running.environment())
        variables[cloud_command.DIRECTORY] = str(running.directory)
        variables['PATH'] = cloud_command.search_path()
        for name, value in sorted(variables.items()):
            print('export %s=%s' % (name, shlex.quote(value)),
                  file=self.app.stdout)


class Run(command.Command):
    """Start a cloud, run a command on it, and stop the cloud.

    The command gets the OS_* variables of an ordinary project user, the
    programs of this virtualenv first on PATH, and the state folder as
    HEAT_ZAQAR_CLOUD_DIR. The exit status is the command's.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument(
            '--dir', metavar='D',
            help='state folder to use and keep (default: a temporary one '
                 'that is removed)')
        add_options(parser)
        parser.add_argument(
            'command', nargs='+', metavar='COMMAND',
            help='the command and its arguments, after "--"')
        return parser

    def take_action(self, parsed_args):
        return cloud_command.run(parsed_args.command, parsed_args.dir,
                                 report, chosen_options(parsed_args))


def add_directory(parser):
    """Add the option that names the state folder."""
    parser.add_argument(
        '--dir', metavar='D',
        default=os.environ.get(cloud_command.DIRECTORY, DIRECTORY),
        help='state folder (default: $%s, else %s in the current folder)'
             % (cloud_command.DIRECTORY, DIRECTORY))


def add_options(parser):
    """Add the options that make a cloud different from the usual one."""
    parser.add_argument(
        '--production', action='store_true',
        help='run heat-api and several heat-engines on RabbitMQ and MariaDB, '
             'as in production; RabbitMQ and MariaDB are fetched as Debian '
             'packages unless they are installed')
    parser.add_argument(
        '--engines', metavar='N', type=positive,
        help='with --production: how many heat-engines (default: 2)')
    parser.add_argument(
        '--workers', metavar='N', type=positive,
        help='with --production: how many worker processes each '
             'heat-engine has (default: 1)')
    parser.add_argument(
        '--notifications', action='store_const', const={},
        help='Keystone, Heat and further services post their notifications '
             'to the queue "notifications" of each project')
    parser.add_argument(
        '--with', dest='further', metavar='SERVICE[,SERVICE...]',
        type=further, help='further services: %s; they need the extras reach '
        'and, for the last, horizon of this package' % ', '.join(
            shape.FURTHER))
    parser.add_argument(
        '--zaqar-require-confirmation', action='store_true',
        help='subscribers must confirm before Zaqar sends them messages')
    parser.add_argument(
        '--zaqar-pooling', action='store_true',
        help='the administrator can register pools and flavors in Zaqar')
    parser.add_argument(
        '--zaqar-smtp-command', metavar='COMMAND',
        help='the command that Zaqar runs for each mail, which it gets on '
             'standard input; split at spaces (default: /usr/sbin/sendmail -t '
             '-oi)')


def positive(text):
    """A number from 1, for argparse."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def further(text):
    """Names of further services, for argparse."""
    names = text.split(',')
    unknown = sorted(set(names) - shape.FURTHER.keys())
    if unknown:
        raise argparse.ArgumentTypeError('%s: there are %s' % (
            ', '.join(unknown), ', '.join(shape.FURTHER)))
    return list(dict.fromkeys(names))


def chosen_options(parsed_args):
    """The options of :func:`add_options`, as the user gave them.

    :returns: None when none was given: a kept cloud stays as it is
    :raises CloudError: when they do not go together
    """
    given = {name: getattr(parsed_args, name) for name in (
        'production', 'engines', 'workers', 'zaqar_require_confirmation',
        'zaqar_pooling', 'zaqar_smtp_command', 'notifications',
        'further')}
    given = {name: value for name, value in given.items()
             if value not in (None, False)}
    if not given.get('production') and {'engines', 'workers'} & set(given):
        raise errors.CloudError(
            '--engines and --workers need --production: without it, all of '
            'Heat runs in one process.')
    return options.Options(**given) if given else None


def report(text):
    """Print progress where it does not mix with a command's output."""
    print(text, file=sys.stderr, flush=True)


def how_to_use(running):
    """What to type to use a running cloud from a shell, and to end it."""
    program = os.path.join(os.path.dirname(sys.executable), 'heat-zaqar')
    return (
        'The cloud is ready. To use it in this shell, and then to stop it:\n'
        '\n'
        '  eval "$(%s cloud env --dir %s)"\n'
        '  openstack stack list\n'
        '  heat-zaqar cloud down' % (program, running.directory))
