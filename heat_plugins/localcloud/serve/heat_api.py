# SPDX-License-Identifier: Apache-2.0
"""The process of Heat's API and CFN API; it also makes the database."""
from importlib import metadata

from oslo_config import cfg
import oslo_i18n
from oslo_log import log

from heat_plugins import releases
from heat_plugins.localcloud.serve import database
from heat_plugins.localcloud.serve import once
from heat_plugins.localcloud.serve import wsgi

CONF = cfg.CONF
OPTIONS = (
    cfg.StrOpt('done', help='Folder that remembers the steps done.'),
)


def main():
    """Serve until the process ends."""
    releases.choose_threads()
    configure()
    make_database()
    serve()


def configure():
    """Read the settings, as the programs of Heat do.

    Heat's threads must be chosen before.
    """
    from heat.common import config
    from heat.common import messaging

    oslo_i18n.enable_lazy()
    log.register_options(CONF)
    # It tells of each of some 350 resource types, at each start.
    log.set_defaults(default_log_levels=[
        *log.get_default_log_levels(), 'heat.engine.environment=ERROR'])
    CONF.register_opts(OPTIONS, 'localcloud')
    CONF(project='heat', prog='heat-engine', version=_release())
    log.setup(CONF, 'heat')
    config.set_config_defaults()
    messaging.setup()


def make_database():
    """Make Heat's database, or bring it up to this release."""
    from heat.db import api
    from heat.db import migration

    once.once(CONF.localcloud.done, 'db_sync', _release(),
              lambda: database.migrate(CONF, migration.db_sync))
    database.prepare(CONF, api.context_manager)


def serve():
    """Serve both APIs until the process ends."""
    from heat.common import config

    wsgi.serve(*(
        wsgi.server(CONF, api, config.load_paste_app(paste))
        for api, paste in (('heat', 'heat-api'),
                           ('heat-cfn', 'heat-api-cfn'))))


def _release():
    return metadata.version('openstack-heat')


if __name__ == '__main__':
    main()
