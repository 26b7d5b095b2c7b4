# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar graph``."""
from cliff import command

from heat_plugins.cli import templates as arguments
from heat_plugins.stacks import stack
from heat_plugins.templates import document
from heat_plugins.templates import drawings
from heat_plugins.templates import graph
from heat_plugins.templates import svg
from heat_plugins.templates import template as templates
from heat_plugins.zaqar import keystone

#: Name of a format → what makes it.
FORMATS = {'text': drawings.text, 'dot': drawings.dot,
           'mermaid': drawings.mermaid, 'svg': svg.svg}


class Graph(command.Command):
    """Show the workflow of templates: who posts where, who waits for what.

    Several templates share queues by their names. With --stack it is that of
    a stack that is there, in the project that the OS_* variables or
    clouds.yaml name.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        arguments.add_templates(parser, nargs='*')
        parser.add_argument(
            '--stack', action='append', default=[], metavar='NAME',
            help='the name or id of a stack; may be given several times')
        parser.add_argument(
            '-f', '--format', choices=sorted(FORMATS),
            default='text',
            help='text for a terminal; svg, a picture; dot for Graphviz; or '
                 'mermaid, which many pages draw by themselves (default: '
                 'text)')
        return parser

    def take_action(self, parsed_args):
        if not parsed_args.template and not parsed_args.stack:
            print('heat-zaqar graph: a TEMPLATE or --stack NAME is needed',
                  file=self.app.stderr)
            return 2
        try:
            made = graph.Graph([*_templates(parsed_args),
                                *_stacks(parsed_args.stack)])
        except (document.SourceError, *stack.ERRORS) as error:
            print('heat-zaqar graph: %s' % error, file=self.app.stderr)
            return 1
        print(FORMATS[parsed_args.format](made), file=self.app.stdout)
        return 0


def _templates(parsed_args):
    environments = arguments.environments(parsed_args)
    return [templates.Template(document.Document.read(each), environments,
                               dict(parsed_args.parameter))
            for each in parsed_args.template]


def _stacks(names):
    if not names:
        return []
    user = keystone.User()
    return [stack.Stack(user, each).template() for each in names]
