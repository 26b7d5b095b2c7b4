# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar``."""
from importlib import metadata
import sys

from cliff import app
from cliff import commandmanager


class App(app.App):
    """The application: finds its commands by entry point."""

    def __init__(self):
        super().__init__(
            description='Workflows of Heat stacks and Zaqar messages, and a '
                        'cloud on this machine to try them on.',
            version=metadata.version('heat-zaqar-plugins'),
            command_manager=commandmanager.CommandManager(
                'heat_zaqar.commands'),
            deferred_help=True)


def main(argv=None):
    """Run a command; returns its exit status.

    :param argv: arguments without the program's name; by default those of
        this process
    """
    arguments = sys.argv[1:] if argv is None else argv
    try:
        # Without arguments cliff would start a shell of its own.
        return App().run(arguments or ['--help'])
    except ModuleNotFoundError as error:
        print("heat-zaqar: %s. Some commands need more packages: "
              "pip install 'heat-zaqar-plugins[cloud]', and for the command "
              "notifications 'heat-zaqar-plugins[notifications]'" % error,
              file=sys.stderr)
        return 1


if __name__ == '__main__':
    sys.exit(main())
