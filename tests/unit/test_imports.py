# SPDX-License-Identifier: Apache-2.0
"""Who may import whom: arrows go one way."""
import ast
import pathlib
import subprocess
import sys

import pytest

import heat_plugins

ROOT = pathlib.Path(heat_plugins.__file__).parent
# Package → the packages of ours that it may import, besides itself.
ALLOWED = {
    'asking': {'custom', 'messages', 'waiting', 'zaqar'},
    'checks': {'zaqar'},
    'cli': {'doctor', 'figures', 'localcloud', 'notifications', 'pipes',
            'stacks', 'templates', 'view', 'worker', 'zaqar'},
    'custom': {'messages'},
    'dashboard': set(),
    'doctor': {'engine', 'messages', 'releases', 'templates', 'zaqar'},
    'engine': {'figures', 'messages', 'releases', 'waiting', 'zaqar'},
    'figures': set(),
    'localcloud': {'releases', 'zaqar'},
    'messages': set(),
    'notifications': {'messages', 'zaqar'},
    'pipes': {'checks', 'figures', 'messages', 'waiting', 'zaqar'},
    'plugin_dir': {'engine', 'releases', 'resources'},
    'releases': set(),
    'resources': {'asking', 'checks', 'custom', 'engine', 'messages', 'pipes',
                  'schema', 'sending', 'waiting', 'zaqar'},
    'schema': {'zaqar'},
    'sending': set(),
    'stacks': {'messages', 'templates', 'waiting', 'zaqar'},
    'templates': {'checks', 'messages', 'pipes', 'zaqar'},
    'testing': {'zaqar'},
    'view': {'messages', 'stacks', 'templates', 'zaqar'},
    'waiting': {'figures', 'messages', 'zaqar'},
    'worker': {'custom', 'figures', 'messages', 'waiting', 'zaqar'},
    'zaqar': {'figures'},
}
MODULES = sorted(file.relative_to(ROOT) for file in ROOT.rglob('*.py'))


def package(file):
    return file.parts[0].removesuffix('.py')


def imported(file):
    """The names of all modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse((ROOT / file).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, '%s imports relatively' % file
            yield from ('%s.%s' % (node.module, alias.name)
                        for alias in node.names)


@pytest.mark.parametrize(
    'file', [each for each in MODULES if each.name != '__init__.py' or
             len(each.parts) > 1], ids=str)
def test_a_module_imports_only_what_it_may(file):
    own = {name.split('.')[1] for name in imported(file)
           if name.startswith('heat_plugins.')}

    assert own - {package(file)} <= ALLOWED[package(file)]


def test_six_is_where_wire_bytes_become_text_and_nowhere_else():
    users = [str(file) for file in MODULES if 'six' in imported(file)]

    assert users == ['zaqar/transport.py']


def test_heat_engine_never_loads_what_is_not_for_it():
    script = (
        'import sys\n'
        'from importlib import metadata\n'
        'from heat_plugins import resources\n'
        'resources.mapping()\n'
        'for group in ("heat.clients", "heat.constraints",\n'
        '              "heat.event_sinks", "oslo.config.opts"):\n'
        '    for entry in metadata.entry_points(group=group):\n'
        '        if entry.value.startswith("heat_plugins."):\n'
        '            entry.load()\n'
        'print(" ".join(name for name in sys.modules\n'
        '               if name.startswith("heat_plugins.")))\n')

    loaded = subprocess.run([sys.executable, '-W', 'ignore', '-c', script],
                            capture_output=True, text=True, check=True)

    packages = {name.split('.')[1] for name in loaded.stdout.split()}
    # Of the notifications, the options are listed for oslo-config-generator.
    assert packages - {'notifications'} == {
        'asking', 'checks', 'custom', 'engine', 'figures', 'messages',
        'pipes', 'releases', 'resources', 'schema', 'sending', 'waiting',
        'zaqar'}
