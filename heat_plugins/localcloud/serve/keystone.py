# SPDX-License-Identifier: Apache-2.0
"""Keystone's process: database, first contents, API."""
from importlib import metadata
import json
import pathlib

from keystone.cmd import bootstrap as keystone_bootstrap
from keystone.common import sql
from keystone.common.sql import upgrades
import keystone.conf
import keystone.server
from keystone.server.flask import application
from keystone.server.flask import core
from oslo_config import cfg

from heat_plugins.localcloud.serve import bootstrap
from heat_plugins.localcloud.serve import database
from heat_plugins.localcloud.serve import once
from heat_plugins.localcloud.serve import wsgi

CONF = keystone.conf.CONF
OPTIONS = (
    cfg.StrOpt('identity', help='File with users, roles and endpoints.'),
    cfg.StrOpt('region', help='Region of the endpoints.'),
    cfg.StrOpt('done', help='Folder that remembers the steps done.'),
)


def main():
    """Serve until the process ends."""
    CONF.register_opts(OPTIONS, 'localcloud')
    keystone.server.configure()
    release = metadata.version('keystone')
    once.once(CONF.localcloud.done, 'db_sync', release,
              lambda: database.migrate(
                  CONF, upgrades.offline_sync_database_to_version))
    # Keystone has no public name for the context manager of its database.
    database.prepare(CONF, sql.core._get_main_context_manager())
    # This also loads the backends, which can be done only once.
    bootstrapper = keystone_bootstrap.Bootstrapper()
    identity = pathlib.Path(CONF.localcloud.identity).read_text()
    once.once(CONF.localcloud.done, 'bootstrap', release + identity,
              lambda: fill(bootstrapper, json.loads(identity)))
    app = core.setup_app_middleware(application.application_factory())
    wsgi.serve(wsgi.server(CONF, 'keystone', app))


def fill(bootstrapper, document):
    """Make all that the document names."""
    bootstrap.admin(bootstrapper, document, CONF.localcloud.region)
    bootstrap.entities(document, CONF.localcloud.region)


if __name__ == '__main__':
    main()
