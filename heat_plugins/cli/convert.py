# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar convert``."""
import difflib
import pathlib

from cliff import command

from heat_plugins.templates import convert
from heat_plugins.templates import document


class Convert(command.Command):
    """Rewrite a template with Heat's own types for messages to ours.

    Those are the types of OS::Zaqar, and OS::Heat::WaitCondition with its
    handle. Comments and order stay. What has no equal is left, and told of on
    the standard error.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('template', metavar='TEMPLATE',
                            help='the file of a template')
        way = parser.add_mutually_exclusive_group()
        way.add_argument('--write', action='store_true',
                         help='write the file anew, instead of printing it')
        way.add_argument('--diff', action='store_true',
                         help='print what would change')
        way.add_argument('--check', action='store_true',
                         help='print nothing; the exit status is 1 if '
                              'something would change')
        return parser

    def take_action(self, parsed_args):
        path = pathlib.Path(parsed_args.template)
        try:
            source = document.Document.read(path)
            after, notes = convert.convert(source)
        except document.SourceError as error:
            print('heat-zaqar convert: %s' % error, file=self.app.stderr)
            return 2
        for each in notes:
            print('%s:%d: %s' % (path, each.line, each.text),
                  file=self.app.stderr)
        if parsed_args.check:
            return int(source.text != after)
        if parsed_args.write:
            path.write_text(after)
        elif parsed_args.diff:
            self.app.stdout.writelines(difflib.unified_diff(
                source.text.splitlines(True), after.splitlines(True),
                str(path), str(path)))
        else:
            self.app.stdout.write(after)
        return 0
