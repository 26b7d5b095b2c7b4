# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar schema``."""
import json

from cliff import command

from heat_plugins.templates import editor
from heat_plugins.templates import types


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
