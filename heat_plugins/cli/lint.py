# SPDX-License-Identifier: Apache-2.0
"""The commands ``heat-zaqar lint`` and ``heat-zaqar schema``."""
import argparse
from importlib import metadata
import json
import pathlib

from cliff import command

from heat_plugins.templates import document
from heat_plugins.templates import editor
from heat_plugins.templates import lint
from heat_plugins.templates import sarif
from heat_plugins.templates import types

#: Read from the current folder if it is there.
CONFIGURATION = '.heat-zaqar.yaml'


class Lint(command.Command):
    """Find mistakes in templates, without a cloud.

    Each finding is a line: file, line, column, the id of the rule, and what to
    do. A comment "# heat-zaqar: ignore HZ101" at the end of that line switches
    the rule off there; a file ".heat-zaqar.yaml" in the current folder with
    "lint: {ignore: [HZ101]}" does so everywhere. The exit status is 1 when
    there are findings.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        add_templates(parser)
        parser.add_argument(
            '-f', '--format', choices=sorted(FORMATS), default='text',
            help='text: a line for each finding; json; or sarif, for tools '
                 'for code review (default: text)')
        parser.add_argument(
            '--ignore', action='append', default=[], metavar='ID',
            help='a rule, or the beginning of the ids of several, that does '
                 'not count; may be given several times')
        return parser

    def take_action(self, parsed_args):
        try:
            ignore = [*parsed_args.ignore, *_configured()]
        except document.SourceError as error:
            print('heat-zaqar lint: %s' % error, file=self.app.stderr)
            return 2
        found = [each for path in parsed_args.template for each in lint.check(
            path, parsed_args.environment, dict(parsed_args.parameter),
            ignore)]
        text = FORMATS[parsed_args.format](found)
        if text:
            print(text, file=self.app.stdout)
        return int(bool(found))


class Schema(command.Command):
    """Print a JSON Schema of templates with our types, for editors."""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument(
            '--types', action='store_true',
            help='print what there is to know of our types instead')
        return parser

    def take_action(self, parsed_args):
        print(json.dumps(types.types() if parsed_args.types
                         else editor.schema(), indent=1),
              file=self.app.stdout)


def add_templates(parser):
    """Add the arguments that name templates and what belongs to them."""
    parser.add_argument('template', nargs='+', metavar='TEMPLATE',
                        help='the file of a template')
    parser.add_argument(
        '-e', '--environment', action='append', default=[],
        metavar='FILE', help='an environment; may be given several times')
    parser.add_argument(
        '-P', '--parameter', action='append', default=[],
        metavar='NAME=VALUE', type=_parameter,
        help='the value of a parameter; may be given several times')


def _sarif(found):
    return json.dumps(sarif.report(
        found, metadata.version('heat-zaqar-plugins')), indent=1)


#: Name of a format → what makes a text of findings.
FORMATS = {
    'text': lambda found: '\n'.join(map(str, found)),
    'json': lambda found: json.dumps([each.to_map() for each in found],
                                     indent=1),
    'sarif': _sarif}


def _parameter(text):
    """The type of an argument: a pair of a name and a value."""
    name, equals, value = text.partition('=')
    if not (name and equals):
        raise argparse.ArgumentTypeError(
            '"%s" is not of the form NAME=VALUE' % text)
    return name, value


def _configured():
    """The rules that the configuration file switches off."""
    if not pathlib.Path(CONFIGURATION).exists():
        return []
    read = document.Document.read(CONFIGURATION)
    try:
        ignore = (read.data or {})['lint']['ignore']
        if not all(isinstance(each, str) for each in ignore):
            raise TypeError
    except (KeyError, TypeError) as error:
        raise document.SourceError(read.place(('lint', 'ignore')), (
            '"lint: {ignore: [ID, ...]}" is expected')) from error
    return ignore
