# SPDX-License-Identifier: Apache-2.0
"""heat-engine: the program of Heat's package, as operators run it."""
import os
import sys
import sysconfig

import psutil

from heat_plugins.localcloud import config
from heat_plugins.localcloud import heat_conf
from heat_plugins.localcloud import rabbitmq
from heat_plugins.localcloud import service

# The queue of one engine, which each of its workers reads.
QUEUE = 'engine.%s'
# What each worker logs once it is there.
BEGUN = 'Starting engine_worker'


class HeatEngine(service.Service):
    """One of the engines, with its workers.

    :param deployment: the :class:`~.deployment.Deployment`
    :param database: a value of :mod:`~.database`
    :param number: which of the engines it is, from 1
    :ivar transport_url: of what stands between it and RabbitMQ; taken at its
        next start
    """

    transport_url = None

    # The process of the API makes the database.
    requires = ('rabbitmq', 'heat-api')
    packages = ('heat', 'psutil')
    distribution = 'openstack-heat'
    # It takes some seconds to stop each of its three RPC servers.
    stop_timeout = 15

    def __init__(self, deployment, database, number):
        super().__init__(deployment)
        self.name = 'heat-engine-%d' % number
        self.host = 'host-%d' % number
        self._database = database

    @property
    def workers(self):
        """Process ids of its workers; its own ``pid`` is their parent's.

        Until Heat 24, the one worker of an engine is the process itself.
        """
        return [child.pid for child in psutil.Process(self.pid).children()]

    def command(self):
        # With this interpreter, whichever one the script names.
        script = os.path.join(sysconfig.get_path('scripts'), 'heat-engine')
        return [sys.executable, script,
                '--config-file', str(self._config_file)]

    def probe(self):
        wanted = self.deployment.options.workers
        # After a restart RabbitMQ may still count the workers that died.
        if self.pid and self.output().count(BEGUN) < wanted:
            raise ConnectionError('%s is still starting' % self.name)
        with rabbitmq.connection(self.deployment) as connection:
            found = connection.channel().queue_declare(
                QUEUE % self.host, passive=True)
        if found.consumer_count < wanted:
            raise ConnectionError('%d of %d workers of %s are ready' % (
                found.consumer_count, wanted, self.name))

    def configure(self):
        config.write(
            self._config_file,
            heat_conf.settings(
                self.deployment, self._database,
                self.transport_url or rabbitmq.url(self.deployment)),
            {'DEFAULT': {
                'host': self.host,
                'num_engine_workers': self.deployment.options.workers,
                # How long Heat waits for an engine that may be dead.
                'engine_life_check_timeout': 2,
                # It is killed if it takes longer than that.
                'graceful_shutdown_timeout': self.stop_timeout - 3}},
            self.deployment.options.heat)

    @property
    def _config_file(self):
        return self.directory / 'heat.conf'
