# SPDX-License-Identifier: Apache-2.0
"""What pip does with the wheel where Heat is, and where it is not."""
from importlib import metadata
import json
import os
import subprocess
import sys

import pytest

# Whatever says how pip is used here is kept: there may be a mirror.
PIP = ['-m', 'pip', '--quiet', '--disable-pip-version-check']


@pytest.fixture(scope='module')
def slim(wheel, tmp_path_factory):
    """Python of a virtualenv with the wheel and what it requires only."""
    folder = tmp_path_factory.mktemp('slim') / 'venv'
    subprocess.run([sys.executable, '-m', 'venv', str(folder)], check=True)
    python = folder / 'bin/python'
    subprocess.run([python, *PIP, 'install', str(wheel)], check=True)
    return python


def run(python, *arguments):
    """Run Python outside of the checkout, where nothing of it is found."""
    return subprocess.run(
        [python, '-W', 'ignore', *arguments], cwd=python.parent,
        capture_output=True, text=True,
        env={'PATH': os.environ['PATH'], 'HOME': str(python.parent)})


def test_installing_it_beside_heat_moves_nothing(wheel, tmp_path):
    report = tmp_path / 'report.json'

    subprocess.run([sys.executable, *PIP, 'install', '--dry-run', '--report',
                    str(report), '%s[heat]' % wheel], check=True)

    installed = {each['metadata']['name']
                 for each in json.loads(report.read_text())['install']}
    assert installed == {'heat-zaqar-plugins'}


def test_a_host_of_workers_needs_no_heat(slim):
    listed = run(slim, '-m', 'pip', 'list', '--format', 'json').stdout

    installed = {each['name'] for each in json.loads(listed)}
    assert 'heat-zaqar-plugins' in installed
    assert installed.isdisjoint({'openstack-heat', 'keystone', 'zaqar'})


def test_a_handler_is_written_and_served_without_heat(slim, tmp_path):
    written = run(slim, '-c', 'from heat_plugins import worker\n'
                              'print(worker.Result(), worker.Worker)')
    help_ = run(slim, slim.parent / 'heat-zaqar', 'worker', '--help')

    assert written.returncode == 0, written.stderr
    assert help_.returncode == 0, help_.stderr
    assert 'usage: heat-zaqar worker' in help_.stdout


def test_types_can_be_checked(slim):
    is_marked = run(slim, '-c', (
        'import heat_plugins, pathlib\n'
        'print((pathlib.Path(heat_plugins.__file__).parent / "py.typed")'
        '.exists())'))

    assert is_marked.stdout == 'True\n', is_marked.stderr


def test_every_command_is_there_without_heat(slim):
    told = run(slim, slim.parent / 'heat-zaqar', '--help').stdout

    for entry in metadata.entry_points(group='heat_zaqar.commands'):
        assert '\n  %s  ' % entry.name.replace('_', ' ') in told


def test_a_cloud_without_heat_says_what_to_install(slim):
    refused = run(slim, slim.parent / 'heat-zaqar', 'demo')

    assert refused.returncode == 1
    assert "pip install 'heat-zaqar-plugins[cloud]'" in refused.stderr
