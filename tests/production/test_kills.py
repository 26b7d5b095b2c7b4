# SPDX-License-Identifier: Apache-2.0
"""What dies while engines are at work: nothing is lost, nor done twice.

All goes on by itself: nobody types anything after the stack is begun.
"""
import contextlib
import os
import re
import signal
import time

import pytest

from heat_plugins.localcloud import rabbitmq

from . import relay as relays
from . import work as works

ENGINE = 'heat-engine-1'
# What each worker process of an engine logs when it is told to end.
HANDED_OVER = r'(\d+) waits are handed over to other engines'
# The queues that each worker process of each engine reads.
QUEUES = ('engine', 'engine_worker')
# Seconds that the database is away: engines look and cannot store.
OUTAGE = 5


@pytest.fixture
def engines(cloud):
    """By the name of its host, each engine; all are there again at the end."""
    both = {each.host: each for name, each in cloud.services.items()
            if name.startswith('heat-engine-')}
    yield both
    for each in both.values():
        if not each.answers():
            cloud.restart(each.name)


@pytest.fixture
def engine(engines):
    """One of them."""
    return engines['host-1']


def test_an_engine_is_killed(engine, work, workers):
    """The other one goes on."""
    engine.kill()
    work.send()
    workers.start()
    work.send()

    work.assert_done_once()


def test_all_engines_are_killed_and_started_again(cloud, engines, work,
                                                  workers):
    for each in engines.values():
        each.kill()
    work.send()
    workers.start()
    work.send()
    for each in engines.values():
        cloud.restart(each.name)

    work.assert_done_once()


def test_a_worker_process_is_killed(cloud, engine, work, workers,
                                    eventually):
    before = engine.workers
    os.kill(before[0], signal.SIGKILL)
    work.send()
    workers.start()
    eventually(lambda: len(set(engine.workers) - set(before)) == 1)
    work.send()

    work.assert_done_once()
    cloud.check()


def test_an_engine_dies_before_anything_waits(
        cloud, engine, project, workers, tmp_path, eventually):
    """It has locked what it looks at for the first time."""
    cloud.services['zaqar'].kill()
    cloud.services['zaqar-2'].kill()
    begun = works.Work(project, workers, tmp_path)
    eventually(lambda: 'host-1' in works.holders(
        cloud, begun.stack).values())
    engine.kill()
    cloud.restart('zaqar')
    cloud.restart('zaqar-2')
    workers.start()
    # One that the engine died over may be replaced.
    eventually(lambda: begun.has_queues)
    for _number in range(works.COUNT):
        begun.send()

    begun.assert_done_once()


def test_an_engine_dies_that_waits_for_a_stack_within_the_stack(
        cloud, engines, project, eventually):
    queue = project.queue(project.name())
    queue.create({})
    stack = project.create('good/group.yaml', {'queue': queue.name})
    project.post(queue.name, 'first')
    eventually(lambda: [each.resource_status for each in project.heat.
                        resources.list(stack.id, nested_depth=2)] ==
               5 * ['CREATE_IN_PROGRESS'])
    engines[works.holders(cloud, stack)['group']].kill()
    project.post(queue.name, 'second')

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('received') == 4 * [2]


def test_an_engine_is_ended_with_nothing_coming(
        cloud, engine, work, workers):
    """It hands over what waits, and says how many."""
    held = list(works.holders(cloud, work.stack).values()).count('host-1')
    log = cloud.log(ENGINE)
    before = len(log.read_text())
    engine.stop()
    handed_over = map(int, re.findall(HANDED_OVER, log.read_text()[before:]))
    assert sum(handed_over) == held

    work.send()
    workers.start()
    work.send()

    work.assert_done_once()


def test_an_engine_is_ended_while_its_work_ends(engine, work, workers):
    workers.start()
    engine.terminate()
    work.send()
    work.send()
    engine.wait()

    work.assert_done_once()


def test_an_engine_that_ends_gives_way(cloud, engine, work, workers,
                                       eventually):
    """Others go on with what it has handed over before it has ended."""
    engine.terminate()
    eventually(lambda: works.is_free_of('host-1', cloud, work.stack))
    work.send()
    workers.start()
    work.send()
    # Until it has ended, what Heat's API asks of it is not answered.
    engine.wait()

    work.assert_done_once()


def test_all_engines_are_restarted_one_after_the_other(
        cloud, engines, work, workers):
    """While messages come, and workers work."""
    workers.start()
    for each in engines.values():
        work.send()
        cloud.restart(each.name)

    work.assert_done_once()


def test_rabbitmq_is_restarted(cloud, work, workers, eventually):
    """What was on its way between engines is lost, and asked for again."""
    options = cloud.services[ENGINE].deployment.options
    processes = options.engines * options.workers
    cloud.services['rabbitmq'].kill()
    work.send()
    workers.start()
    cloud.restart('rabbitmq')
    eventually(lambda: readers(cloud) == [processes] * len(QUEUES))
    work.send()

    work.assert_done_once()


def test_mariadb_is_restarted(cloud, work, workers):
    """The database is waited for."""
    cloud.services['mariadb'].kill()
    work.send()
    workers.start()
    time.sleep(OUTAGE)
    cloud.restart('mariadb')
    work.send()

    work.assert_done_once()


def test_the_websocket_is_restarted(cloud, work, workers):
    """What was to be pushed meanwhile is found."""
    cloud.services['zaqar-websocket'].kill()
    work.send()
    workers.start()
    cloud.restart('zaqar-websocket')
    work.send()

    work.assert_done_once()


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
    """It works on, and tells the others later."""
    relay.cut()
    work.send()
    workers.start()
    work.send()
    relay.mend()

    work.assert_done_once()


def test_an_engine_is_cut_off_and_another_takes_over(
        relay, cloud, work, workers, eventually):
    """It works on, with nobody knowing, and gives way."""
    relay.cut()
    eventually(lambda: works.is_free_of('host-1', cloud, work.stack))
    work.send()
    workers.start()
    relay.mend()
    work.send()

    work.assert_done_once()
