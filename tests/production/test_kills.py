# SPDX-License-Identifier: Apache-2.0
"""What dies while engines are at work: nothing is lost, nor done twice."""
import contextlib
import os
import signal

import pytest

from heat_plugins.localcloud import rabbitmq

from . import relay as relays
from . import work as works

ENGINE = 'heat-engine-1'
# What each worker process of an engine logs when it does not answer any more.
DEAF = 'Engine listener is stopped successfully'
# The queues that each worker process of each engine reads.
QUEUES = ('engine', 'engine_worker')
# What an engine logs when it cannot store what it has received.
TRIED_AGAIN = 'failed and is tried again: (pymysql.'


@pytest.fixture
def engine(cloud):
    """One of the two engines; it is there again at the end."""
    dying = cloud.services[ENGINE]
    yield dying
    if not dying.answers():
        cloud.restart(ENGINE)


def test_an_engine_is_killed(cloud, engine, work, workers):
    engine.kill()
    work.send()
    workers.start()
    work.update()
    cloud.restart(ENGINE)
    work.send()

    work.assert_done_once('UPDATE_COMPLETE')


def test_a_worker_process_is_killed(cloud, engine, work, workers,
                                    eventually):
    before = engine.workers
    os.kill(before[0], signal.SIGKILL)
    work.send()
    workers.start()
    eventually(lambda: len(set(engine.workers) - set(before)) == 1)
    work.update()
    work.send()

    work.assert_done_once('UPDATE_COMPLETE')
    cloud.check()


def test_an_engine_is_ended_with_nothing_coming(engine, work, workers):
    engine.stop()
    work.update()
    work.send()
    workers.start()
    work.send()

    work.assert_done_once('UPDATE_COMPLETE')


def test_an_engine_is_ended_while_its_work_ends(engine, work, workers):
    workers.start()
    engine.terminate()
    work.send()
    work.send()
    engine.wait()
    work.update()

    work.assert_done_once('UPDATE_COMPLETE')


def test_an_engine_that_ends_gives_way(cloud, engine, work, workers,
                                       eventually):
    """It works on for a while, but does not answer who asks for it."""
    log = cloud.log(ENGINE)
    stopped = log.read_text().count(DEAF)
    engine.terminate()
    eventually(lambda: log.read_text().count(DEAF) == stopped + 2)
    work.update()
    eventually(lambda: 'host-1' not in works.holders(
        cloud, work.stack).values())
    work.send()
    workers.start()
    work.send()

    work.assert_done_once('UPDATE_COMPLETE')
    engine.wait()


def test_rabbitmq_is_restarted(cloud, work, workers, eventually):
    """What was on its way between engines may be lost: an update goes on."""
    options = cloud.services[ENGINE].deployment.options
    processes = options.engines * options.workers
    cloud.services['rabbitmq'].kill()
    work.send()
    workers.start()
    cloud.restart('rabbitmq')
    eventually(lambda: readers(cloud) == [processes] * len(QUEUES))
    work.update()
    work.send()

    work.assert_done_once('UPDATE_COMPLETE')


def test_mariadb_is_restarted(cloud, work, workers, eventually):
    """The database is waited for: nobody has to do a thing."""
    cloud.services['mariadb'].kill()
    work.send()
    workers.start()
    eventually(lambda: all(TRIED_AGAIN in cloud.log(engine).read_text()
                           for engine in cloud.services
                           if engine.startswith('heat-engine')))
    cloud.restart('mariadb')
    work.send()

    work.assert_done_once('CREATE_COMPLETE')


def readers(cloud):
    """How many read each of the queues; nothing while one is not there."""
    with (contextlib.suppress(ConnectionError),
          rabbitmq.connection(cloud.services['rabbitmq'].deployment) as made):
        return [made.channel().queue_declare(name, passive=True).consumer_count
                for name in QUEUES]


@pytest.fixture(scope='module')
def running_relay(cloud):
    engine = cloud.services[ENGINE]
    with relays.Relay(cloud.endpoints['rabbitmq']) as running:
        engine.transport_url = running.url
        cloud.restart(ENGINE)
        yield running
        engine.transport_url = None
        cloud.restart(ENGINE)


@pytest.fixture
def relay(running_relay):
    """Stands between the engine and RabbitMQ; does no harm after the test."""
    yield running_relay
    running_relay.mend()


def test_an_engine_is_cut_off_for_a_while(relay, work, workers):
    """It works on, and tells the others later: nobody has to do a thing."""
    relay.cut()
    work.send()
    workers.start()
    work.send()
    relay.mend()

    work.assert_done_once('CREATE_COMPLETE')


def test_an_engine_is_cut_off_and_another_takes_over(
        relay, cloud, work, workers, eventually):
    """It works on, with nobody knowing, and gives way."""
    relay.cut()
    work.update()
    eventually(lambda: 'host-1' not in works.holders(
        cloud, work.stack).values())
    work.send()
    workers.start()
    relay.mend()
    work.send()

    work.assert_done_once('UPDATE_COMPLETE')
