# SPDX-License-Identifier: Apache-2.0
"""Horizon's process."""
from importlib import metadata
import os
import pathlib
import sys

from cheroot import wsgi as cheroot
from oslo_config import cfg
from webob import static

from heat_plugins.localcloud.serve import further
from heat_plugins.localcloud.serve import once
from heat_plugins.localcloud.serve import wsgi

CONF = cfg.CONF


def main():
    """Serve until the process ends."""
    _option, file = sys.argv[1:]
    CONF([], project='horizon', default_config_files=[file])
    _find_local(pathlib.Path(file).parent)
    from django.conf import settings
    from django.core import management
    from django.core import wsgi as django

    application = django.get_wsgi_application()
    once.once(further.done(file), 'static', metadata.version('horizon'),
              lambda: (
                  management.call_command('collectstatic', interactive=False),
                  management.call_command('compress', force=True)))
    wsgi.serve(wsgi.server(CONF, 'horizon', cheroot.PathInfoDispatcher({
        '/static': static.DirectoryApp(settings.STATIC_ROOT),
        '/': application})))


def _find_local(folder):
    """Have Horizon find its local settings there, not in its package."""
    import openstack_dashboard

    os.environ['DJANGO_SETTINGS_MODULE'] = 'openstack_dashboard.settings'
    openstack_dashboard.__path__.insert(0, str(folder))
    sys.path.insert(0, str(folder))


if __name__ == '__main__':
    main()
