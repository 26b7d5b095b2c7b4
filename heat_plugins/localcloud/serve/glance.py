# SPDX-License-Identifier: Apache-2.0
"""Glance's process: its database, and its API with its tasks."""
from importlib import metadata
import subprocess
import sys

from glance.common import wsgi_app
from oslo_config import cfg

from heat_plugins.localcloud.serve import further
from heat_plugins.localcloud.serve import once
from heat_plugins.localcloud.serve import wsgi

CONF = cfg.CONF


def main():
    """Serve until the process ends."""
    _option, file = sys.argv[1:]
    # Its program for that has a configuration of its own.
    once.once(further.done(file), 'db_sync', metadata.version('glance'),
              lambda: subprocess.run(
                  [sys.executable, '-m', 'glance.cmd.manage', '--config-file',
                   file, 'db', 'sync'], check=True))
    sys.argv[1:] = []
    application = wsgi_app.init_app()
    wsgi.serve(wsgi.server(CONF, 'glance', application))


if __name__ == '__main__':
    main()
