# SPDX-License-Identifier: Apache-2.0
"""RabbitMQ: what Heat's API and its engines talk through."""
import contextlib
import os
import re
import socket

from heat_plugins.localcloud import ports
from heat_plugins.localcloud import programs
from heat_plugins.localcloud import service

PROGRAM = programs.Program(
    'rabbitmq-server', package='rabbitmq-server',
    relocated=('usr/lib/erlang/bin/erl',))
USER = 'heat'


class Epmd(service.Service):
    """Erlang's port mapper, where a node of RabbitMQ registers its name.

    Erlang would start one for the whole machine, and leave it running.
    """

    name = 'epmd'
    ports = ('epmd',)
    schemes = {'epmd': 'tcp'}
    program = PROGRAM

    def version(self):
        return _version('epmd', 'erts-')

    def command(self):
        return [str(PROGRAM.which('epmd')), '-address', ports.HOST,
                '-port', str(self.deployment.ports['epmd'])]

    def probe(self):
        address = (ports.HOST, self.deployment.ports['epmd'])
        socket.create_connection(address, timeout=5).close()


class RabbitMQ(service.Service):
    """A node of RabbitMQ on the loopback, with a user of its own."""

    name = 'rabbitmq'
    ports = ('rabbitmq', 'rabbitmq-distribution')
    schemes = {'rabbitmq-distribution': 'tcp'}
    requires = ('epmd',)
    packages = ('amqp',)
    program = PROGRAM

    def version(self):
        return _version('rabbitmq-server', 'rabbitmq_server-')

    def command(self):
        return [str(PROGRAM.which('rabbitmq-server'))]

    def environment(self):
        own = self.directory
        port = self.deployment.ports
        return {
            **super().environment(),
            # Where Erlang keeps the cookie that admits other nodes.
            'HOME': own,
            'ERL_EPMD_ADDRESS': ports.HOST,
            'ERL_EPMD_PORT': port['epmd'],
            'RABBITMQ_NODENAME': 'heat@localhost',
            'RABBITMQ_DIST_PORT': port['rabbitmq-distribution'],
            'RABBITMQ_CONFIG_FILE': self._config_file,
            'RABBITMQ_CONF_ENV_FILE': '/dev/null',
            'RABBITMQ_ENABLED_PLUGINS_FILE': own / 'enabled_plugins',
            'RABBITMQ_LOG': '-color',
            'RABBITMQ_LOG_BASE': own / 'log',
            'RABBITMQ_MNESIA_BASE': own / 'mnesia',
            # Erlang then replaces the shell that starts it.
            'RABBITMQ_ALLOW_INPUT': 'true',
            'RABBITMQ_SERVER_START_ARGS': '-noinput',
            # Few threads, which do not spin while they are idle.
            'RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS':
                '+S 2:2 +sbwt none '
                '-kernel inet_dist_use_interface {127,0,0,1}',
        }

    def configure(self):
        # Its format is that of sysctl.conf, without sections.
        self._config_file.touch(mode=0o600)
        self._config_file.write_text(''.join('%s = %s\n' % each for each in (
            ('listeners.tcp.1', '%s:%d' % (
                ports.HOST, self.deployment.ports['rabbitmq'])),
            # Instead of guest, whose password everybody knows.
            ('default_user', USER),
            ('default_pass', self.deployment.secrets['rabbitmq']),
            ('log.console', 'true'),
            ('log.file', 'false'),
            # Otherwise each readiness check is logged.
            ('log.connection.level', 'warning'))))

    def probe(self):
        with connection(self.deployment):
            pass

    def base_url(self, port):
        if port == 'rabbitmq':
            return url(self.deployment)
        return super().base_url(port)

    @property
    def _config_file(self):
        return self.directory / 'rabbitmq.conf'


def url(deployment):
    """URL of the server, with user and password."""
    return 'rabbit://%s:%s@%s:%d/' % (
        USER, deployment.secrets['rabbitmq'], ports.HOST,
        deployment.ports['rabbitmq'])


def _version(program, prefix):
    """The version, from the path of a program: asking it starts Erlang."""
    path = os.path.realpath(PROGRAM.which(program))
    found = re.search('/%s([^/]+)/' % prefix, path)
    return found.group(1) if found else ''


@contextlib.contextmanager
def connection(deployment):
    """A connection to the server.

    :raises OSError: when it does not answer, or refuses
    """
    import amqp
    try:
        with amqp.Connection(
                '%s:%d' % (ports.HOST, deployment.ports['rabbitmq']),
                userid=USER, password=deployment.secrets['rabbitmq'],
                connect_timeout=5, read_timeout=5, write_timeout=5) as made:
            yield made
    except amqp.AMQPError as error:
        raise ConnectionError('RabbitMQ: %s' % error) from error
