# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar notifications``."""
import logging
import signal
import threading

from cliff import command
from oslo_config import cfg


class Notifications(command.Command):
    """Post to Zaqar what the services of a cloud tell of themselves.

    For who cannot set the driver "zaqar" in each service: it listens at the
    broker, in a pool of its own, and posts by the same options, of the
    section [zaqar_notifications]. A notification is acknowledged when Zaqar
    has it. Several of these processes share the work. SIGTERM ends it.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument(
            '--config-file', action='append', required=True, metavar='FILE',
            help='with transport_url of the broker, and the section '
                 '[zaqar_notifications]; may be given several times')
        return parser

    def take_action(self, parsed_args):
        for each in ('oslo_messaging', 'oslo_service', 'amqp'):
            logging.getLogger(each).setLevel(logging.WARNING)
        # All commands are loaded by each; this one needs another extra.
        from heat_plugins.notifications import options
        from heat_plugins.notifications import relay
        from heat_plugins.notifications import route
        conf = cfg.ConfigOpts()
        try:
            conf([], project='heat-zaqar',
                 default_config_files=parsed_args.config_file,
                 default_config_dirs=[])
            section = options.register_relay(conf)
            relaying = relay.Relay(route.Route(conf))
            listening = relay.listener(
                conf, relaying, section.exchanges, section.topics,
                section.pool)
        except Exception as error:  # of the file, keystoneauth, the broker
            print('heat-zaqar notifications: %s' % error,
                  file=self.app.stderr)
            return 1
        ended = threading.Event()
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_signal: ended.set())
        listening.start()
        print('Listening.', file=self.app.stdout, flush=True)
        ended.wait()
        relaying.end()
        listening.stop()
        listening.wait()
        return 0
