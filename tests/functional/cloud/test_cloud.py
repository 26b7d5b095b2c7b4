# SPDX-License-Identifier: Apache-2.0
"""The local cloud, from start to stop, on the real services."""
import os
import signal
import stat
import subprocess
import sys
import time
import urllib.parse
import uuid

from keystoneauth1 import exceptions
import pytest
import redis

from heat_plugins.localcloud import access_log
from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud
from heat_plugins.localcloud import command
from heat_plugins.localcloud import errors
from heat_plugins.localcloud import options
from tests import processes

HEAT_ZAQAR = [sys.executable, '-m', 'heat_plugins.cli.app']
SERVICES = ('redis', 'keystone', 'heat', 'zaqar', 'zaqar-websocket')


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    """A state folder that several tests use one after the other."""
    return tmp_path_factory.mktemp('cloud')


def heat_zaqar(*arguments):
    """Run the command to its end."""
    return subprocess.run([*HEAT_ZAQAR, *map(str, arguments)],
                          capture_output=True, text=True, timeout=120)


def test_run_gives_a_command_a_cloud_and_returns_its_exit_status():
    result = heat_zaqar(
        'cloud', 'run', '--', 'sh', '-c',
        'echo $HEAT_ZAQAR_CLOUD_DIR $OS_USERNAME; heat-zaqar cloud status '
        '-f value -c Service -c State; exit 7')

    assert result.returncode == 7, result.stderr
    first, *status = result.stdout.splitlines()
    directory, user = first.split()
    assert user == 'demo'
    assert status == [name + ' ready' for name in SERVICES]
    for name in SERVICES:
        assert name + ' ready (' in result.stderr
    assert not os.path.exists(directory)
    assert processes.of(directory) == []


def test_a_command_that_does_not_exist_starts_no_cloud():
    lines = []

    assert command.run(['no-such-command'], None, lines.append) == 127
    assert lines == ['no-such-command: command not found']


def test_up_leaves_a_cloud_and_down_ends_it(folder):
    up = heat_zaqar('cloud', 'up', '--detach', '--dir', folder)
    assert up.returncode == 0, up.stderr

    again = heat_zaqar('cloud', 'up', '--dir', folder)
    assert again.returncode == 1
    assert 'already running in %s' % folder in again.stderr

    env = heat_zaqar('cloud', 'env', '--dir', folder)
    assert 'export OS_USERNAME=demo\n' in env.stdout

    down = heat_zaqar('cloud', 'down', '--dir', folder)
    assert down.returncode == 0, down.stderr
    assert processes.left(folder) == []

    again = heat_zaqar('cloud', 'down', '--dir', folder)
    assert again.returncode == 0
    assert 'No cloud is running in %s' % folder in again.stderr


def readable_for_others(folder):
    """Files that every user could read, if the folder itself was open."""
    for path in folder.iterdir():
        is_folder = path.is_dir()
        if path.stat().st_mode & (stat.S_IXOTH if is_folder
                                  else stat.S_IROTH):
            yield from readable_for_others(path) if is_folder else [path]


@pytest.fixture(scope='class')
def running(folder):
    """The cloud in that folder, started by this process."""
    with cloud.Cloud(folder).started() as started:
        yield started


class TestKeptState:
    """A cloud in the folder that an earlier one has left."""

    def test_keeps_its_password_and_its_catalog(self, running):
        user = clients.session(running)

        assert user.get_endpoint(
            service_type='messaging') == running.endpoints['zaqar']
        assert [state for *_, state in running.status()] == ['ready'] * 5

    def test_other_users_of_the_machine_are_kept_out(self, running):
        assert [path for path in readable_for_others(running.directory)
                if path.name != 'cloud.lock'] == []

        address = urllib.parse.urlsplit(running.endpoints['redis'])
        stranger = redis.Redis(address.hostname, address.port)
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()
        assert address.password not in ''.join(processes.of(''))
        assert redis.Redis.from_url(running.endpoints['redis']).ping()

    def test_another_runs_beside_it(self, running):
        headers = {'Client-ID': str(uuid.uuid4())}
        created = clients.session(running).put(
            running.endpoints['zaqar'] + '/v2/queues/q', headers=headers)

        with cloud.Cloud.ephemeral(
                options=options.Options(messaging_in_catalog=False)) as other:
            assert not (set(other.endpoints.values())
                        & set(running.endpoints.values()))
            listed = clients.session(other).get(
                other.endpoints['zaqar'] + '/v2/queues', headers=headers)
            with pytest.raises(exceptions.EndpointNotFound):
                clients.session(other).get_endpoint(service_type='messaging')

        assert created.status_code == 201
        assert listed.json()['queues'] == []
        assert processes.of(other.directory) == []
        assert not other.directory.exists()

    def test_a_service_can_crash_and_start_again(self, running):
        running.services['zaqar'].kill()
        with pytest.raises(errors.ServiceFailed):
            running.check()

        running.restart('zaqar')

        running.check()
        assert running.services['zaqar'].ready()

    def test_the_access_log_tells_of_each_request(self, running):
        user = clients.session(running)
        for _ in range(3):
            user.get(running.endpoints['zaqar'] + '/v2/queues?limit=1',
                     headers={'Client-ID': str(uuid.uuid4())},
                     user_agent='a-test')

        zaqar, keystone = (access_log.read(running.access_log(name))
                           for name in ('zaqar', 'keystone'))
        ours = [each for each in zaqar if each.agent.startswith('a-test')]
        assert [(each.method, each.path, each.status) for each in ours] == [
            ('GET', '/v2/queues?limit=1', 200)] * 3
        assert len({each.peer for each in ours}) == 1, 'one connection'
        assert all(0 < each.seconds < 5 for each in ours)
        validated = [each for each in keystone if each.time >= ours[0].time
                     and (each.method, each.path.split('?')[0])
                     == ('GET', '/v3/auth/tokens')]
        assert len(validated) == 1, 'a token that is used again is known'


def test_ctrl_c_ends_the_command_and_then_the_cloud(folder):
    ready = folder / 'command-started'
    process = subprocess.Popen(
        [*HEAT_ZAQAR, 'cloud', 'run', '--dir', str(folder), '--',
         'sh', '-c', 'touch %s; exec sleep 60' % ready],
        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not ready.exists() and process.poll() is None:
        time.sleep(0.1)

    process.send_signal(signal.SIGINT)

    assert process.wait(30) == 128 + signal.SIGINT
    assert processes.of(folder) == []


@pytest.mark.parametrize(('number', 'status'), [
    (signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_a_signal_while_it_starts_leaves_nothing_running(
        folder, number, status):
    process = subprocess.Popen(
        [*HEAT_ZAQAR, 'cloud', 'run', '--dir', str(folder), '--', 'true'],
        stderr=subprocess.PIPE, text=True)
    while 'redis ready' not in process.stderr.readline():
        assert process.poll() is None

    process.send_signal(number)

    with process.stderr:
        assert process.wait(30) == status
    assert processes.left(folder) == []


def test_a_command_ends_with_the_process_that_started_it(tmp_path):
    mark = str(tmp_path / 'mark')
    parent = subprocess.Popen(
        [sys.executable, '-c',
         'import subprocess, sys\n'
         'from heat_plugins.localcloud import launch\n'
         'subprocess.run(launch.arguments(sys.argv[1:]))',
         'sh', '-c', 'sleep 60; : ' + mark])
    while not any(line.startswith('sh ') for line in processes.of(mark)):
        time.sleep(0.05)

    parent.kill()
    parent.wait()

    assert processes.left(mark) == []


def test_a_service_that_fails_shows_its_log_and_leaves_nothing(tmp_path):
    broken = cloud.Cloud(tmp_path, options=options.Options(
        zaqar={'drivers': {'message_store': 'no-such-store'}}))

    with pytest.raises(errors.ServiceFailed) as failure:
        broken.start()

    assert failure.value.name in ('zaqar', 'zaqar-websocket')
    assert 'no-such-store' in failure.value.log
    assert str(broken.log(failure.value.name)) in failure.value.advice
    assert not broken.is_running
    assert processes.of(tmp_path) == []


def test_what_is_not_running_says_so(tmp_path):
    status = heat_zaqar('cloud', 'status', '--dir', tmp_path)

    assert status.returncode == 1
    assert 'No cloud is running in %s' % tmp_path in status.stderr
