# SPDX-License-Identifier: Apache-2.0
"""Heat's process: database, engine, API and CFN API."""
from importlib import metadata

from oslo_config import cfg
import oslo_i18n
from oslo_log import log

from heat_plugins import releases
from heat_plugins.localcloud.serve import once
from heat_plugins.localcloud.serve import sqlite
from heat_plugins.localcloud.serve import wsgi

CONF = cfg.CONF
OPTIONS = (
    cfg.StrOpt('done', help='Folder that remembers the steps done.'),
)


def main():
    """Serve until the process ends."""
    releases.choose_threads()
    from heat.common import config
    from heat.common import messaging
    from heat.db import api as db_api
    from heat.db import migration
    from heat.engine import service
    from heat.rpc import api as rpc_api

    from heat_plugins.localcloud.serve import messaging as local_messaging

    oslo_i18n.enable_lazy()
    release = metadata.version('openstack-heat')
    log.register_options(CONF)
    # It tells of each of some 350 resource types, at each start.
    log.set_defaults(default_log_levels=[
        *log.get_default_log_levels(), 'heat.engine.environment=ERROR'])
    CONF.register_opts(OPTIONS, 'localcloud')
    CONF(project='heat', prog='heat-engine', version=release)
    log.setup(CONF, 'heat')
    config.set_config_defaults()
    config.startup_sanity_check()
    local_messaging.install()
    messaging.setup()

    once.once(CONF.localcloud.done, 'db_sync', release,
              lambda: sqlite.migrate(CONF, migration.db_sync))
    sqlite.prepare(db_api.context_manager)
    service.EngineService(CONF.host, rpc_api.ENGINE_TOPIC).start()
    wsgi.serve(*(
        wsgi.server(CONF, api, config.load_paste_app(paste))
        for api, paste in (('heat', 'heat-api'),
                           ('heat-cfn', 'heat-api-cfn'))))


if __name__ == '__main__':
    main()
