# SPDX-License-Identifier: Apache-2.0
"""A cloud with further services, all of which tell what they do."""
import os
import subprocess
import sys

import pytest

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options

COMMAND = [sys.executable, '-W', 'ignore', '-m', 'heat_plugins.cli.app',
           'pipes']


@pytest.fixture(scope='session')
def cloud():
    with clouds.Cloud.ephemeral(options=options.Options(
            further=('glance', 'mistral', 'barbican'), notifications={}),
            report=lambda text: print('cloud: ' + text)) as running:
        yield running


class Service:
    """A service, by HTTP as the user."""

    def __init__(self, session, kind):
        self._session = session
        self._options = {'endpoint_filter': {'service_type': kind}}

    def __call__(self, method, path, **options):
        return self._session.request(path, method, **self._options, **options)


@pytest.fixture
def glance(cloud):
    return Service(clients.session(cloud), 'image')


@pytest.fixture
def barbican(cloud):
    return Service(clients.session(cloud), 'key-manager')


@pytest.fixture
def keystone(cloud):
    return Service(clients.session(cloud, admin=True), 'identity')


@pytest.fixture
def admin(cloud, project_on):
    return project_on(cloud, admin=True)


@pytest.fixture
def pipes(cloud):
    """The program that serves pipes, in the administrators' project."""
    process = subprocess.Popen(
        COMMAND, env={**os.environ, **cloud.admin_environment()},
        stderr=subprocess.DEVNULL)
    yield process
    process.terminate()
    process.wait(60)


@pytest.fixture
def waits(eventually):
    """Whether a resource of a stack has begun to wait."""
    def look(stack, name):
        eventually(lambda: any(
            name in line and 'state changed' in line
            for line in stack.news()))
    return look
