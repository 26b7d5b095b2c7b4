# SPDX-License-Identifier: Apache-2.0
"""What the commands have in common that serve until they are stopped."""
import contextlib
import signal

from oslo_config import cfg
from oslo_log import log as logging
import prometheus_client

from heat_plugins import figures
from heat_plugins.cli import numbers
from heat_plugins.worker import errors


def add_options(parser):
    """Add --metrics and --config-file to a parser of arguments."""
    parser.add_argument(
        '--metrics', metavar='[HOST:]PORT', type=_address,
        help='where Prometheus may ask for figures of this process, such '
             'as 9100 or 0.0.0.0:9100 (default: nowhere; the default '
             'host is 127.0.0.1)')
    parser.add_argument(
        '--config-file', metavar='FILE', action='append', default=[],
        help='a file with options of oslo.log in [DEFAULT], such as '
             'log_file. May be given several times')


@contextlib.contextmanager
def figures_at(address):
    """Answer Prometheus within this block, if there is an address.

    :raises heat_plugins.worker.errors.SetupError: it cannot be listened to.
    """
    if address is None:
        yield
        return
    host, port = address
    try:
        server, thread = prometheus_client.start_http_server(
            port, host, registry=figures.REGISTRY)
    except OSError as error:
        raise errors.SetupError('Cannot listen at %s:%d for Prometheus: %s' % (
            host, port, error)) from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def log_as_oslo_does(name, files, debug):
    """Log to where the options of oslo.log say, by default to stderr.

    :param name: of the command.
    :param files: list of configuration files.
    """
    conf = cfg.ConfigOpts()
    logging.register_options(conf)
    logging.set_defaults()
    conf([], project='heat-zaqar', prog=name, default_config_files=files,
         default_config_dirs=[])
    conf.set_default('debug', debug)
    # not where a program's output goes
    conf.set_default('use_stderr', True)
    logging.setup(conf, 'heat-zaqar-%s' % name)


def stop_at_signals(service):
    """Have SIGTERM and SIGINT stop a service; the second ends it at once."""
    def stop(number, _frame):
        service.stop()
        # once more, and it is the end
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def _address(text):
    """The type of an argument: a pair of a host and a port."""
    host, _colon, port = text.rpartition(':')
    return host.strip('[]') or '127.0.0.1', numbers.within(int, 1, 65535)(port)
