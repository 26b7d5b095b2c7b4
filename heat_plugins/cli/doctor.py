# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar doctor``."""
import json

from cliff import command

from heat_plugins.doctor import examining
from heat_plugins.doctor import patient as patients
from heat_plugins.zaqar import keystone


class Doctor(command.Command):
    """Find out by trying whether a cloud is set up right for these types.

    It makes queues of its own, whose names begin with "heat-zaqar-doctor-",
    and removes them. An administrator sees the engines too, and on the host
    of heat-engine --config-file looks at what is set there. The exit status
    is 0 if all is well, 1 if something should be mended, and 2 if something
    does not work.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument(
            '--config-file', action='append', default=[], metavar='FILE',
            help='heat.conf, on the host of heat-engine; may be given several '
                 'times')
        parser.add_argument('-f', '--format', choices=['json', 'text'],
                            default='text', help='(default: text)')
        return parser

    def take_action(self, parsed_args):
        try:
            patient = patients.Patient(keystone.User(),
                                       parsed_args.config_file)
        except keystone.NoCredentials as error:
            print('heat-zaqar doctor: %s' % error, file=self.app.stderr)
            return 2
        all_found = []
        for title, found in examining.examine(patient):
            all_found.append((title, found))
            if parsed_args.format == 'text':
                self._tell(title, found)
        if parsed_args.format == 'json':
            print(json.dumps([{'check': title, **found.to_map()}
                              for title, found in all_found], indent=1),
                  file=self.app.stdout)
        return int(examining.worst(found for _title, found in all_found))

    def _tell(self, title, found):
        lines = ['%-8s %s: %s: %s' % (found.severity.name, title, found.tried,
                                      found.came)]
        if found.to_do:
            lines.append('         → %s' % found.to_do)
        print('\n'.join(lines), file=self.app.stdout, flush=True)
