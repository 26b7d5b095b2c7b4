# SPDX-License-Identifier: Apache-2.0
"""The process of Heat as a whole: database, engine, API and CFN API."""
from heat_plugins import releases
from heat_plugins.localcloud.serve import heat_api


def main():
    """Serve until the process ends."""
    releases.choose_threads()
    from heat.common import config
    from heat.engine import service
    from heat.rpc import api

    from heat_plugins.localcloud.serve import messaging

    messaging.install()
    heat_api.configure()
    config.startup_sanity_check()
    heat_api.make_database()
    service.EngineService(heat_api.CONF.host, api.ENGINE_TOPIC).start()
    heat_api.serve()


if __name__ == '__main__':
    main()
