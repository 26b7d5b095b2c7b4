# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar graph``."""
from cliff import command

from heat_plugins.cli import templates as arguments
from heat_plugins.templates import document
from heat_plugins.templates import drawings
from heat_plugins.templates import graph
from heat_plugins.templates import svg
from heat_plugins.templates import template as templates

#: Name of a format → what makes it.
FORMATS = {'text': drawings.text, 'dot': drawings.dot,
           'mermaid': drawings.mermaid, 'svg': svg.svg}


class Graph(command.Command):
    """Show the workflow of templates: who posts where, who waits for what.

    Several templates share queues by their names.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        arguments.add_templates(parser)
        parser.add_argument(
            '-f', '--format', choices=sorted(FORMATS),
            default='text',
            help='text for a terminal; svg, a picture; dot for Graphviz; or '
                 'mermaid, which many pages draw by themselves (default: '
                 'text)')
        return parser

    def take_action(self, parsed_args):
        try:
            environments = arguments.environments(parsed_args)
            made = graph.Graph([templates.Template(
                document.Document.read(each), environments,
                dict(parsed_args.parameter))
                for each in parsed_args.template])
        except document.SourceError as error:
            print('heat-zaqar graph: %s' % error, file=self.app.stderr)
            return 1
        print(FORMATS[parsed_args.format](made),
              file=self.app.stdout)
        return 0
