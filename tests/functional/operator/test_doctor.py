# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar doctor``, on clouds with real faults."""
import json
import os
import subprocess
import sys

import pytest
import redis

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options
from heat_plugins.localcloud import redis as stores
from heat_plugins.templates import types


def examined(environment, *arguments):
    """Runs the command; gives its exit status and what it found."""
    ended = subprocess.run(
        [sys.executable, '-W', 'ignore', '-m', 'heat_plugins.cli.app',
         'doctor', '-f', 'json', *arguments],
        env={**os.environ, **environment}, capture_output=True, text=True,
        timeout=120)
    assert not ended.stderr
    return ended.returncode, json.loads(ended.stdout)


def of(found, check):
    """(severity, what came, what to do) of each finding of a check."""
    return [(each['severity'], each['came'], each['to_do'])
            for each in found if each['check'] == check]


def without(cloud, service_type):
    """Take a service out of the catalog."""
    keystone = clients.session(cloud, admin=True)
    where = {'endpoint_filter': {'service_type': 'identity'}}
    for each in keystone.get('/services?type=' + service_type,
                             **where).json()['services']:
        keystone.delete('/services/' + each['id'], **where)


def queues(project):
    return [each.name for each in project.zaqar.queues()[0]
            if each.name.startswith('heat-zaqar-doctor-')]


def test_a_good_cloud_has_nothing_to_mend(cloud, project):
    status, found = examined(cloud.environment())

    assert {each['severity'] for each in found} <= {'ok', 'note'}, found
    assert status == 0
    assert not queues(project)
    for check in ('Catalog', 'Clocks', 'Resource types', 'Trusts',
                  'Messages', 'Signed URLs', 'Notifications', 'Pushes'):
        assert of(found, check)[0][0] == 'ok'


def test_an_administrator_sees_the_engines(cloud):
    status, found = examined(cloud.admin_environment())

    [(severity, came, _to_do)] = of(found, 'Engines')
    assert severity == 'ok'
    assert 'up, on' in came
    assert of(found, 'Resource types')[0][:2] == (
        'ok', 'all %d of ours are there' % len(types.types()))
    assert status == 0


def test_the_hole_of_the_websocket_is_found_by_trying(cloud):
    _status, found = examined(cloud.environment())

    severity, came, to_do = of(found, 'Pushes')[-1]
    assert (severity, came) == ('note', 'it was taken')
    assert 'keep guests away' in to_do


def test_who_may_make_no_trust_is_told(cloud):
    """An application credential is restricted by default."""
    user = clients.session(cloud)
    made = user.post(
        '/users/%s/application_credentials' % user.get_user_id(),
        json={'application_credential': {'name': 'for-the-doctor'}},
        endpoint_filter={'service_type': 'identity'}).json()[
            'application_credential']
    status, found = examined({
        'OS_AUTH_URL': cloud.environment()['OS_AUTH_URL'],
        'OS_AUTH_TYPE': 'v3applicationcredential',
        'OS_APPLICATION_CREDENTIAL_ID': made['id'],
        'OS_APPLICATION_CREDENTIAL_SECRET': made['secret']})

    assert status == 2
    [(severity, _came, to_do)] = of(found, 'Trusts')
    assert severity == 'failure'
    assert '"unrestricted"' in to_do


def test_expired_messages_are_found(project, cloud, queue):
    """Redis forgets a message; that it is counted, zaqar-gc has to mend."""
    queue.post([{'body': 'soon forgotten', 'ttl': 60}])
    [message] = queue.page()
    shared = cloud.services['redis'].deployment
    with redis.Redis.from_url(stores.url(shared)) as store:
        assert store.delete(message['id'])

    _status, found = examined(cloud.environment())

    [(severity, came, to_do)] = of(found, 'Expired messages')
    assert severity == 'note'
    assert queue.name in came
    assert 'zaqar-gc' in to_do


class TestHost:
    def test_its_configuration_is_looked_at(self, cloud):
        file = cloud.directory / 'heat/heat.conf'
        status, found = examined(cloud.environment(), '--config-file',
                                 str(file))

        assert status == 0
        assert [each[0] for each in of(found, 'Host of heat-engine')] == [
            'ok'] * 3

    def test_what_waits_in_each_engine_is_counted(self, cloud, project,
                                                  queue, eventually):
        project.create(
            project.folder.parent / 'wait_condition/good/queue.yaml',
            {'queue': queue.name, 'count': 2})
        file = cloud.directory / 'heat/heat.conf'

        def waits():
            _status, found = examined(cloud.environment(), '--config-file',
                                      str(file))
            return [came for _severity, came, _to_do in of(found, 'Waits')
                    if ' on ' in came]
        eventually(lambda: [each for each in waits()
                            if each.endswith('in one process')])

    def test_what_is_wrong_in_it_is_told(self, cloud, tmp_path):
        file = tmp_path / 'heat.conf'
        file.write_text('[DEFAULT]\nplugin_dirs = /nowhere, /else\n'
                        '[heat_zaqar]\nsafety_interval = soon\n')
        status, found = examined(cloud.environment(), '--config-file',
                                 str(file))

        assert status == 2
        assert 'safety_interval' in str(of(found, 'Host of heat-engine'))

        file.write_text('[DEFAULT]\nplugin_dirs = /nowhere, /else\n')
        status, found = examined(cloud.environment(), '--config-file',
                                 str(file))
        assert status == 2
        assert of(found, 'Host of heat-engine')[-1][:2] == (
            'failure', 'heat_zaqar.py is in none of /nowhere, /else')


@pytest.fixture(scope='module')
def broken():
    """A cloud without the types, the secret key, and the notifier."""
    with clouds.Cloud.ephemeral(options=options.Options(
            zaqar_signed_urls=False, heat={
                'DEFAULT': {'plugin_dirs': '/nowhere'}})) as running:
        without(running, 'messaging-websocket')
        yield running


def test_each_fault_is_found_with_what_to_do(broken):
    status, found = examined(broken.environment())

    assert status == 2
    [(severity, came, to_do)] = of(found, 'Resource types')
    assert (severity, came) == ('failure', 'none of ours is there')
    assert 'heat-zaqar plugin-dir' in to_do
    [(severity, _came, to_do)] = of(found, 'Signed URLs')
    assert severity == 'failure'
    assert '[signed_url] secret_key' in to_do
    [(severity, came, to_do)] = of(found, 'Pushes')
    assert severity == 'note', came
    assert 'messaging-websocket' in came
    # It makes no sense without signed URLs.
    assert not of(found, 'Notifications')


def test_a_catalog_without_zaqar_ends_it(broken):
    without(broken, 'messaging')

    status, found = examined(broken.environment())

    assert status == 2
    severity, _came, to_do = of(found, 'Catalog')[-1]
    assert severity == 'failure'
    assert 'register its endpoint' in to_do
    assert not of(found, 'Messages')


@pytest.fixture(scope='module')
def strict():
    """A cloud in which subscribers must confirm."""
    with clouds.Cloud.ephemeral(options=options.Options(
            zaqar_require_confirmation=True)) as running:
        yield running


@pytest.fixture(scope='module')
def pooled():
    """A cloud whose Zaqar has pools."""
    with clouds.Cloud.ephemeral(
            options=options.Options(zaqar_pooling=True)) as running:
        yield running


def test_pools_are_shown_to_an_administrator(cloud, pooled):
    _status, found = examined(pooled.admin_environment())
    assert of(found, 'Pools') == [(
        'ok', 'there are none: all is stored in one place', '')]

    _status, found = examined(cloud.environment())
    assert of(found, 'Pools')[0][0] == 'note'


def test_that_subscribers_must_confirm_is_told(strict):
    status, found = examined(strict.environment())

    assert status == 0
    [(severity, came, _to_do)] = of(found, 'Notifications')
    assert (severity, came) == ('note', 'it does so when it was confirmed')


def test_without_credentials_it_says_so():
    ended = subprocess.run(
        [sys.executable, '-W', 'ignore', '-m', 'heat_plugins.cli.app',
         'doctor'], env={name: value for name, value in os.environ.items()
                         if not name.startswith('OS_')},
        capture_output=True, text=True, timeout=60)

    assert ended.returncode == 2
    assert 'No usable credentials' in ended.stderr
