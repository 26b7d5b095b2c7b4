# SPDX-License-Identifier: Apache-2.0
"""Which services a cloud has: few and quick, or many as in production.

They are in the order of their start; the slowest of those that need no other
come first.
"""
from heat_plugins.localcloud import barbican
from heat_plugins.localcloud import database
from heat_plugins.localcloud import glance
from heat_plugins.localcloud import heat
from heat_plugins.localcloud import heat_api
from heat_plugins.localcloud import heat_engine
from heat_plugins.localcloud import horizon
from heat_plugins.localcloud import keystone
from heat_plugins.localcloud import mariadb
from heat_plugins.localcloud import mistral
from heat_plugins.localcloud import rabbitmq
from heat_plugins.localcloud import redis
from heat_plugins.localcloud import zaqar
from heat_plugins.localcloud import zaqar_websocket

#: Name → class of the services that a cloud may have beside the usual ones.
FURTHER = {each.name: each for each in (
    glance.Glance, mistral.Mistral, barbican.Barbican, horizon.Horizon)}


def services(deployment):
    """The services of a cloud.

    :param deployment: the :class:`~.deployment.Deployment`, whose options
        say which
    """
    make = _production if deployment.options.production else _small
    return [*make(deployment), *(FURTHER[name](deployment)
                                 for name in deployment.options.further)]


def _small(deployment):
    """All of Heat in one process, and a file for each database."""
    def file(name):
        return database.Sqlite(
            deployment.directory / name / (name + '.sqlite'))

    return [
        redis.Redis(deployment),
        keystone.Keystone(deployment, file('keystone')),
        heat.Heat(deployment, file('heat')),
        *_zaqar(deployment),
    ]


def _production(deployment):
    """Several engines on RabbitMQ and MariaDB."""
    heats = mariadb.Database(deployment, 'heat')
    return [
        rabbitmq.Epmd(deployment),
        rabbitmq.RabbitMQ(deployment),
        mariadb.MariaDB(deployment),
        redis.Redis(deployment),
        heat_api.HeatApi(deployment, heats),
        keystone.Keystone(deployment,
                          mariadb.Database(deployment, 'keystone')),
        *_zaqar(deployment),
        *(heat_engine.HeatEngine(deployment, heats, number + 1)
          for number in range(deployment.options.engines)),
    ]


def _zaqar(deployment):
    """Zaqar's processes, all on the same Redis."""
    return [
        *(zaqar.Zaqar(deployment, number + 1)
          for number in range(deployment.options.zaqar_processes)),
        zaqar_websocket.ZaqarWebsocket(deployment),
    ]
