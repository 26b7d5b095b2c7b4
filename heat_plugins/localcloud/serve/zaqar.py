# SPDX-License-Identifier: Apache-2.0
"""Zaqar's WSGI process."""
from oslo_config import cfg
from oslo_log import log
from zaqar import bootstrap
from zaqar.storage.sqlalchemy import tables

from heat_plugins.localcloud.serve import wsgi


def boot():
    """Zaqar's :class:`Bootstrap`, of the configuration files named."""
    conf = cfg.CONF
    log.register_options(conf)
    conf(project='zaqar', prog='zaqar-server')
    log.setup(conf, 'zaqar')
    return bootstrap.Bootstrap(conf)


def main():
    """Serve until the process ends."""
    booted = boot()
    if booted.conf.pooling:
        # Zaqar's own migrations fail on SQLite.
        tables.metadata.create_all(booted.control.engine)
    application = booted.transport.app
    wsgi.serve(wsgi.server(cfg.CONF, 'zaqar', application))


if __name__ == '__main__':
    main()
