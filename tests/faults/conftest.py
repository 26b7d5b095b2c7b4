# SPDX-License-Identifier: Apache-2.0
"""A cloud whose heat-engine reaches Zaqar through a proxy of the tests."""
import pytest

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options

from . import proxy as proxies


@pytest.fixture(scope='package')
def cloud():
    """Users go to Zaqar by its public URL, the engine by the internal one."""
    with clouds.Cloud.ephemeral(options=options.Options(heat={
            # So long Heat asks an engine that was killed, twice each time.
            'DEFAULT': {'engine_life_check_timeout': 1},
            'heat_zaqar': {'rescan_interval': 2, 'request_timeout': 2,
                           'request_retries': 1},
            'clients_zaqar': {'endpoint_type': 'internalURL'}})) as running:
        yield running


@pytest.fixture(scope='package')
def running_proxy(cloud):
    with proxies.Proxy(cloud.endpoints['zaqar']) as running:
        keystone = clients.session(cloud, admin=True)
        identity = {'service_type': 'identity'}
        [endpoint] = [
            each for each in keystone.get(
                '/endpoints?interface=internal',
                endpoint_filter=identity).json()['endpoints']
            if each['url'].startswith(cloud.endpoints['zaqar'])]
        keystone.patch('/endpoints/' + endpoint['id'],
                       endpoint_filter=identity,
                       json={'endpoint': {'url': running.url}})
        yield running


@pytest.fixture
def proxy(running_proxy):
    """Stands between heat-engine and Zaqar; does no harm after the test."""
    yield running_proxy
    running_proxy.fault = None


@pytest.fixture
def breakable(cloud, proxy):
    """The services of this cloud may be killed and started again."""
    return cloud
