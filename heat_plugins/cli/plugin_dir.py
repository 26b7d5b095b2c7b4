# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar plugin-dir``."""
import os

from cliff import command

import heat_plugins


class PluginDir(command.Command):
    """Print the folder to name in plugin_dirs of heat.conf."""

    def take_action(self, parsed_args):
        print(os.path.join(os.path.dirname(heat_plugins.__file__),
                           'plugin_dir'), file=self.app.stdout)
