# SPDX-License-Identifier: Apache-2.0
"""How heat-engine finds and loads the types, by its own PluginManager."""
import pathlib
import shutil
import subprocess
import sys

import pytest

from heat_plugins import resources

SHIM = pathlib.Path(
    resources.__file__).parents[1] / 'plugin_dir/heat_zaqar.py'
ROOT = pathlib.Path(__file__).parents[2]

# Loads the types from the folders given, as heat-engine does when it starts.
LOAD = '''
import logging, sys
logging.basicConfig(format='LOG %(levelname)s %(message)s')
from oslo_config import cfg
from heat.common import config
from heat.engine import environment, plugin_manager, resources
cfg.CONF([], project='heat')
cfg.CONF.set_override('plugin_dirs', sys.argv[1:])
for _scan in range(2):
    manager = plugin_manager.PluginManager('heat.engine')
    mapping = plugin_manager.PluginMapping(['available_resource', 'resource'])
    found = dict(mapping.load_all(manager))
    print(*sorted('%s %d' % (name, id(cls)) for name, cls in found.items()
                  if name.startswith('Zaqar::')), sep='\\n')
'''
BREAK = '''
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == %r:
            raise ImportError('it is broken')
sys.meta_path.insert(0, Finder())
'''


def load(*folders, before=''):
    """The types found, in two scans, and what was logged as an error."""
    done = subprocess.run(
        [sys.executable, '-W', 'ignore', '-c', before + LOAD,
         *map(str, folders)],
        capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    logged = [line for line in done.stderr.splitlines()
              if line.startswith('LOG ERROR') and 'Zaqar::' in line]
    return done.stdout.split('\n')[:-1], logged


def test_all_types_are_found_and_each_class_is_one(tmp_path):
    shutil.copy(SHIM, tmp_path / 'heat_zaqar.py')

    found, logged = load(SHIM.parent, tmp_path)

    names = [line.rpartition(' ')[0] for line in found]
    assert sorted(set(names)) == sorted(resources.TYPES)
    assert len(names) == 2 * len(resources.TYPES)
    assert len(set(found)) == len(resources.TYPES), 'one class each'
    assert logged == []


@pytest.mark.parametrize('broken', [
    'heat_plugins', 'heat_plugins.zaqar.transport'])
def test_what_cannot_be_imported_is_logged_and_stops_nothing(broken):
    found, logged = load(SHIM.parent, before=BREAK % broken)

    assert found == ['', '']
    assert len(logged) == 2, 'a line a scan'
    assert ('The Zaqar::* resource types are not available: ImportError: '
            'it is broken. Is heat-zaqar-plugins installed') in logged[0]


def test_plugin_dir_prints_the_folder_of_the_shim():
    printed = subprocess.run(
        [sys.executable, '-m', 'heat_plugins.cli.app', 'plugin-dir'],
        capture_output=True, text=True, check=True).stdout

    assert pathlib.Path(printed.strip()) == SHIM.parent


@pytest.fixture(scope='module')
def prefix(wheel, tmp_path_factory):
    """A prefix into which a wheel of the checkout is installed."""
    folder = tmp_path_factory.mktemp('prefix')
    subprocess.run([sys.executable, '-m', 'pip', 'install', '--quiet',
                    '--disable-pip-version-check', '--no-deps',
                    '--ignore-installed', '--prefix', str(folder),
                    str(wheel)], check=True)
    return folder


def test_the_wheel_puts_the_shim_where_heat_looks_by_itself(prefix):
    found, logged = load(prefix / 'lib/heat')

    assert len(found) == 2 * len(resources.TYPES)
    assert logged == []


def test_the_wheel_brings_the_examples(prefix):
    examples = prefix / 'share/heat-zaqar-plugins/examples'

    assert [each.name for each in sorted(examples.iterdir())] == [
        each.name for each in sorted((ROOT / 'templates/examples').iterdir())]
