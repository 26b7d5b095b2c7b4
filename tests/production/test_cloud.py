# SPDX-License-Identifier: Apache-2.0
"""The cloud in the shape of production, from start to stop."""
import ipaddress
import json
import os
import signal
import subprocess
import sys
import urllib.parse
import uuid

import amqp
from heatclient import exc
import psutil
import pymysql
import pytest

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import errors
from heat_plugins.localcloud import options
from tests import processes

HEAT_ZAQAR = [sys.executable, '-m', 'heat_plugins.cli.app']
EXAMPLE = '../../templates/examples/01-signal.yaml'
# How many requests in a row are to be answered by a cloud that has settled:
# as many as a process may keep connections.
CONNECTIONS = 20
SERVICES = ['epmd', 'rabbitmq', 'mariadb', 'redis', 'heat-api', 'keystone',
            'zaqar', 'zaqar-websocket']


def heat_zaqar(*arguments):
    """Run the command to its end."""
    return subprocess.run([*HEAT_ZAQAR, *map(str, arguments)],
                          capture_output=True, text=True, timeout=300)


def status(folder):
    """What another process tells of each service."""
    told = heat_zaqar('cloud', 'status', '--dir', folder, '-f', 'json')
    assert told.returncode == 0, told.stderr
    return {each['Service']: each for each in json.loads(told.stdout)}


def settle(cloud, eventually):
    """Wait until no process has a connection to what was killed any more.

    Each process keeps some open, and finds out one after the other.
    """
    heat = clients.heat(cloud)
    served = []

    def is_served():
        try:
            list(heat.stacks.list())
        except (exc.HTTPInternalServerError, exc.HTTPServiceUnavailable):
            served.clear()
        else:
            served.append(heat)
        return len(served) >= CONNECTIONS

    eventually(is_served)


@pytest.fixture(scope='module')
def folder(cloud, tmp_path_factory):
    """A state folder that several tests use one after the other."""
    return tmp_path_factory.mktemp('production')


class TestKept:
    """A cloud of one engine that is left running, and started again."""

    def test_another_process_knows_its_services(self, folder):
        up = heat_zaqar('cloud', 'up', '--production', '--engines', 1,
                        '--detach', '--dir', folder)
        assert up.returncode == 0, up.stderr

        services = status(folder)

        assert list(services) == [*SERVICES, 'heat-engine-1']
        for name, each in services.items():
            assert each['State'] == 'ready', name
            assert psutil.pid_exists(each['PID'])
            assert each['Version'][0].isdigit()
        env = heat_zaqar('cloud', 'env', '--dir', folder).stdout
        assert 'export OS_USERNAME=demo\n' in env

    def test_down_leaves_no_process(self, folder):
        down = heat_zaqar('cloud', 'down', '--dir', folder)

        assert down.returncode == 0, down.stderr
        assert processes.left(folder) == []

    def test_it_is_refused_as_another_kind_of_cloud(self, folder):
        with pytest.raises(errors.OtherShape) as refused:
            clouds.Cloud(folder, options=options.Options()).start()

        assert 'was made with --production' in str(refused.value)
        assert processes.of(folder) == []

    def test_it_starts_as_it_was_and_a_kill_leaves_no_process(self, folder):
        up = heat_zaqar('cloud', 'up', '--detach', '--dir', folder)
        assert up.returncode == 0, up.stderr
        assert list(status(folder)) == [*SERVICES, 'heat-engine-1']

        os.kill(clouds.Cloud(folder).pid, signal.SIGKILL)

        assert processes.left(folder) == []


class TestRunning:
    """The cloud of two engines that the tests of this folder share."""

    def test_a_signal_completes_a_stack(self, project, send, eventually):
        stack = project.create(EXAMPLE)
        send(eventually(lambda: stack.output('signal_command')),
             {'data': 'hello'})

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert stack.output('message') == {'data': 'hello'}

    def test_both_engines_are_known_to_heat(self, cloud):
        services = clients.heat(cloud, admin=True).services.list()

        assert sorted(each.host for each in services) == [
            'host-1', 'host-1', 'host-2', 'host-2']
        assert {each.status for each in services} == {'up'}
        for name in ('heat-engine-1', 'heat-engine-2'):
            assert len(cloud.services[name].workers) == 2

    def test_both_processes_of_zaqar_have_the_same_queues(self, cloud):
        user = clients.session(cloud)
        headers = {'Client-ID': str(uuid.uuid4())}
        queue = '/v2/queues/both/messages'
        user.post(cloud.endpoints['zaqar'] + queue, headers=headers,
                  json={'messages': [{'body': 'hello', 'ttl': 300}]})

        listed = user.get(cloud.endpoints['zaqar-2'] + queue + '?echo=true',
                          headers=headers).json()

        assert [each['body'] for each in listed['messages']] == ['hello']
        assert user.get_endpoint(
            service_type='messaging') == cloud.endpoints['zaqar']

    @pytest.mark.parametrize('user', ['root', '', 'cloud'])
    def test_other_users_of_the_machine_do_not_get_into_mariadb(
            self, cloud, user):
        address = urllib.parse.urlsplit(cloud.endpoints['mariadb'])

        with pytest.raises(pymysql.OperationalError, match='Access denied'):
            pymysql.connect(host=address.hostname, port=address.port,
                            user=user)

    def test_other_users_of_the_machine_do_not_get_into_rabbitmq(self, cloud):
        address = urllib.parse.urlsplit(cloud.endpoints['rabbitmq'])

        with pytest.raises(amqp.AccessRefused):
            amqp.Connection('%s:%d' % (address.hostname, address.port),
                            userid='guest', password='guest').connect()

    def test_no_password_shows_among_the_processes(self, cloud):
        lines = ''.join(processes.of(''))

        for name in ('rabbitmq', 'mariadb', 'redis'):
            address = urllib.parse.urlsplit(cloud.endpoints[name])
            assert address.password not in lines

    def test_all_listen_on_the_loopback_only(self, cloud):
        for process in processes.below(cloud.directory):
            for each in process.net_connections('tcp'):
                if each.status == psutil.CONN_LISTEN:
                    address = ipaddress.ip_address(each.laddr.ip)
                    assert address.is_loopback, process.cmdline()

    @pytest.mark.parametrize('name', [
        'heat-engine-1', 'rabbitmq', 'mariadb'])
    def test_a_service_is_killed_with_its_children_and_starts_again(
            self, cloud, name, eventually):
        service = cloud.services[name]
        family = [service.pid, *(
            child.pid for child in
            psutil.Process(service.pid).children(recursive=True))]

        service.kill()
        with pytest.raises(errors.ServiceFailed):
            cloud.check()
        eventually(lambda: not service.answers())
        psutil.wait_procs(map(psutil.Process, filter(
            psutil.pid_exists, family)), timeout=30)
        assert not any(map(psutil.pid_exists, family))
        cloud.restart(name)

        cloud.check()
        assert service.answers()
        settle(cloud, eventually)
