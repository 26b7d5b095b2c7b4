# SPDX-License-Identifier: Apache-2.0
"""What an author reads when the operator has left something undone."""
from heatclient import exc
import pytest

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options

EXAMPLE = '../../../templates/examples/01-signal.yaml'


@pytest.fixture(scope='module')
def half_done():
    """A cloud whose Zaqar cannot sign URLs; later it loses its endpoint."""
    with clouds.Cloud.ephemeral(options=options.Options(
            zaqar_signed_urls=False)) as running:
        yield running


def test_without_a_secret_key_the_error_names_it(half_done, project_on):
    stack = project_on(half_done).create(EXAMPLE)

    assert stack.wait() == 'CREATE_FAILED'
    assert ('Zaqar cannot sign URLs: its operator has to set secret_key in'
            in stack.reason)


def test_without_an_endpoint_the_error_says_what_to_do(half_done,
                                                       project_on):
    keystone = clients.session(half_done, admin=True)
    where = {'endpoint_filter': {'service_type': 'identity'}}
    services = keystone.get('/services?type=messaging', **where).json()
    for service in services['services']:
        keystone.delete('/services/' + service['id'], **where)
    project = project_on(half_done)
    # a token of before the change has the old catalog
    project.heat = clients.heat(half_done)

    with pytest.raises(exc.HTTPBadRequest) as refused:
        project.create(EXAMPLE)

    assert ('The service catalog has no endpoint of the type "messaging". '
            'Ask the operator' in str(refused.value))
