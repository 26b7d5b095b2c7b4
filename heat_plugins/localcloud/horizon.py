# SPDX-License-Identifier: Apache-2.0
"""Horizon: the dashboard, with its panels for Heat and Zaqar."""
import importlib.util
import json
import pathlib
import shutil

from heat_plugins.localcloud import config
from heat_plugins.localcloud import further
from heat_plugins.localcloud import ports
from heat_plugins.localcloud import service

# Packages that bring panels, and ours, which brings icons.
_PLUGINS = ('heat_dashboard', 'zaqar_ui', 'heat_plugins.dashboard')
_SETTINGS = '''\
# What Horizon reads as its local settings, in JSON.
import json
import pathlib

globals().update(json.loads(
    pathlib.Path(__file__).with_suffix('.json').read_text()))
'''


class Horizon(further.Further):
    """Horizon's pages, with the styles and scripts that they need.

    Its local settings, and what is enabled in it, are in a folder of the
    cloud: nothing of its package is touched.
    """

    name = 'horizon'
    extra = 'horizon'
    start_timeout = 300

    def install(self, report):
        super().install(report)
        report('the first start of Horizon takes a minute or so')

    def probe(self):
        service.request(self.deployment.url(self.name, '/auth/login/'))

    def endpoints(self):
        return ()

    def users(self):
        return ()

    def configure(self):
        config.write(self.config_file, {
            'localcloud': {'done': self.directory / 'done'},
            'serve:' + self.name: self.deployment.serve(self.name)})
        local = self.directory / 'local'
        enabled = local / 'enabled'
        enabled.mkdir(parents=True, exist_ok=True)
        for folder in (local, enabled):
            (folder / '__init__.py').touch()
        for name in _PLUGINS:
            [root] = importlib.util.find_spec(name).submodule_search_locations
            for file in pathlib.Path(root, 'enabled').glob('_[0-9]*.py'):
                shutil.copy(file, enabled)
        (local / 'local_settings.py').write_text(_SETTINGS)
        settings = local / 'local_settings.json'
        settings.touch(mode=0o600)
        settings.write_text(json.dumps(self.settings()))

    def settings(self):
        """Django's and Horizon's settings."""
        return {
            'DEBUG': False,
            'ALLOWED_HOSTS': [ports.HOST],
            'SECRET_KEY': self.deployment.secrets['horizon'],
            'OPENSTACK_KEYSTONE_URL': self.deployment.auth_url,
            'SESSION_ENGINE': 'django.contrib.sessions.backends.cache',
            'CACHES': {'default': {
                'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}},
            'COMPRESS_OFFLINE': True,
            'STATIC_ROOT': str(self.directory / 'static'),
        }
