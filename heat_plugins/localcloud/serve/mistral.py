# SPDX-License-Identifier: Apache-2.0
"""Mistral's process: API, engine and executor."""
from mistral import config
from mistral.api import app
from mistral.db.v2 import api as db_api
from mistral.engine import engine_server
from oslo_config import cfg
from oslo_log import log

from heat_plugins.localcloud.serve import wsgi

CONF = cfg.CONF


def main():
    """Serve until the process ends."""
    # The file is named by a variable.
    config.parse_args(args=[])
    log.setup(CONF, 'mistral')
    # Its own migrations fail on SQLite.
    db_api.setup_db()
    engine_server.get_oslo_service().start()
    wsgi.serve(wsgi.server(CONF, 'mistral', app.setup_app()))


if __name__ == '__main__':
    main()
