# SPDX-License-Identifier: Apache-2.0
"""A cloud with its dashboard, and a browser."""
import pytest

from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options
from tests import browsers


@pytest.fixture(scope='session')
def cloud():
    with clouds.Cloud.ephemeral(
            options=options.Options(further=('horizon',)),
            report=lambda text: print('cloud: ' + text)) as running:
        yield running


@pytest.fixture(scope='session')
def browser(cloud):
    """A browser in which the user has logged in."""
    with browsers.running() as running:
        running.implicitly_wait(60)
        running.get(cloud.endpoints['horizon'] + '/auth/login/')
        for name, text in (
                ('username', 'demo'),
                ('password', cloud.environment()['OS_PASSWORD'])):
            running.find_element('name', name).send_keys(text)
        running.find_element('id', 'loginBtn').click()
        yield running
