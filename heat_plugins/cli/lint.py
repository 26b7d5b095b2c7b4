# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar lint``."""
from importlib import metadata
import json
import pathlib

from cliff import command
import jsonschema

from heat_plugins.cli import numbers
from heat_plugins.cli import templates as arguments
from heat_plugins.templates import document
from heat_plugins.templates import lint
from heat_plugins.templates import sarif
from heat_plugins.templates import template as templates

#: Read from the current folder if it is there.
CONFIGURATION = '.heat-zaqar.yaml'
# Minutes until a stack times out: a year, at most.
_MINUTES = (1, 525600)
_SCHEMA = {
    'type': 'object', 'additionalProperties': False, 'properties': {
        'lint': {
            'type': 'object', 'additionalProperties': False, 'properties': {
                'ignore': {'type': 'array', 'items': {'type': 'string'}},
                'stack_timeout': {'type': 'number', 'minimum': 1}}}}}


class Lint(command.Command):
    """Find mistakes in templates, without a cloud.

    Each finding is a line: file, line, column, the id of the rule, and what to
    do. A comment "# heat-zaqar: ignore HZ101" at the end of that line switches
    the rule off there; a file ".heat-zaqar.yaml" in the current folder with
    "lint: {ignore: [HZ101], stack_timeout: 90}" does so everywhere, and stands
    for the options. The exit status is 1 when
    there are findings.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        arguments.add_templates(parser)
        parser.add_argument(
            '-f', '--format', choices=sorted(FORMATS), default='text',
            help='text: a line for each finding; json; or sarif, for tools '
                 'for code review (default: text)')
        parser.add_argument(
            '--ignore', action='append', default=[], metavar='ID',
            help='a rule, or the beginning of the ids of several, that does '
                 'not count; may be given several times')
        parser.add_argument(
            '--stack-timeout', type=numbers.within(int, *_MINUTES),
            metavar='MINUTES',
            help='what the stack is created with as --timeout (default: %d, '
                 "as Heat's)" % templates.STACK_TIMEOUT)
        return parser

    def take_action(self, parsed_args):
        try:
            configured = _configured()
            ignore = [*parsed_args.ignore, *configured.get('ignore', ())]
        except document.SourceError as error:
            print('heat-zaqar lint: %s' % error, file=self.app.stderr)
            return 2
        try:
            environments = arguments.environments(parsed_args)
            found = [each for path in parsed_args.template for each in
                     lint.check(path, environments,
                                dict(parsed_args.parameter), ignore,
                                parsed_args.stack_timeout or configured.get(
                                    'stack_timeout', templates.STACK_TIMEOUT))]
        except document.SourceError as error:
            found = [lint.unreadable(error)]
        text = FORMATS[parsed_args.format](found)
        if text:
            print(text, file=self.app.stdout)
        return int(bool(found))


def _sarif(found):
    return json.dumps(sarif.report(
        found, metadata.version('heat-zaqar-plugins')), indent=1)


#: Name of a format → what makes a text of findings.
FORMATS = {
    'text': lambda found: '\n'.join(map(str, found)),
    'json': lambda found: json.dumps([each.to_map() for each in found],
                                     indent=1),
    'sarif': _sarif}


def _configured():
    """The section "lint" of the configuration file: a map."""
    if not pathlib.Path(CONFIGURATION).exists():
        return {}
    read = document.Document.read(CONFIGURATION)
    try:
        jsonschema.validate(read.data or {}, _SCHEMA)
    except jsonschema.ValidationError as error:
        raise document.SourceError(
            read.place(error.absolute_path), '%s; for instance "lint: '
            '{ignore: [HZ101], stack_timeout: 90}" is expected' %
            error.message) from error
    return (read.data or {}).get('lint') or {}
