# SPDX-License-Identifier: Apache-2.0
"""Barbican's process."""
import sys

from barbican.common import config
from barbican.model import repositories
from paste import deploy

from heat_plugins.localcloud.serve import further
from heat_plugins.localcloud.serve import sqlite
from heat_plugins.localcloud.serve import wsgi


def main():
    """Serve until the process ends."""
    _option, file = sys.argv[1:]
    application = deploy.loadapp('config:%s' % further.settings(file).paste)
    sqlite.Writers().listen(repositories._ENGINE)
    wsgi.serve(wsgi.server(config.CONF, 'barbican', application))


if __name__ == '__main__':
    main()
