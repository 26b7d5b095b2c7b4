# SPDX-License-Identifier: Apache-2.0
"""Many kills in a row, at random, while many wait and messages come.

With ``HEAT_ZAQAR_LONG_TESTS`` there are more of all; ``HEAT_ZAQAR_KILLS`` says
how many kills, and ``HEAT_ZAQAR_SEED`` repeats those of another run.
"""
import contextlib
import os
import random
import signal
import time

import pytest

from heat_plugins.engine import waits
from heat_plugins.localcloud import errors

from . import crowd as crowds
from . import work as works

IS_LONG = 'HEAT_ZAQAR_LONG_TESTS' in os.environ
KILLS = int(os.environ.get('HEAT_ZAQAR_KILLS', 100 if IS_LONG else 6))
WAITS = 300 if IS_LONG else 40
SEED = int(os.environ.get('HEAT_ZAQAR_SEED', time.time()))
# Threads of each worker process of an engine, far fewer than waits.
THREADS = 8
# Seconds in which the messages come: about as long as the kills take.
SECONDS = 8 * KILLS
ENGINES = ('heat-engine-1', 'heat-engine-2')
# What is killed, and how often in comparison.
WHAT = {'kill an engine': 6, 'stop an engine': 6, 'kill a worker': 8,
        'rabbitmq': 1, 'mariadb': 1, 'zaqar': 2, 'zaqar-2': 2, 'redis': 2,
        'zaqar-websocket': 2, 'keystone': 1}


@pytest.fixture
def few_threads(cloud):
    """Engines with few threads, and Heat's default of everything else."""
    heat = cloud.services[ENGINES[0]].deployment.options.heat
    heat['DEFAULT'] = {'executor_thread_pool_size': THREADS}
    for name in ENGINES:
        cloud.restart(name)
    yield
    del heat['DEFAULT']
    for name in ENGINES:
        cloud.restart(name)


@pytest.fixture
def crowd(few_threads, project, workers, tmp_path):
    begun = crowds.Crowd(project, workers, tmp_path, WAITS, SEED)
    begun.begin()
    return begun


def test_all_is_done_once(cloud, crowd, workers, eventually, capsys):
    killer = Killer(cloud)
    workers.start()
    with crowd.sending(SECONDS):
        for _number in range(KILLS):
            killer.kill()
            crowd.act()
    crowd.assert_done_once()

    # Engines tidy up after those that died between the end and that.
    eventually(lambda: left(cloud, crowd) == (0, 0))
    with capsys.disabled():
        print('\n%d waits, seed %d: %s; users: %s; failures of Heat\'s own: '
              '%s' % (WAITS, SEED, killer.done, dict(crowd.done),
                      crowd.heats_own))


class Killer:
    """Kills something at random, and sees that it is there again."""

    def __init__(self, cloud):
        self._cloud = cloud
        self._random = random.Random(SEED)
        self.done = dict.fromkeys(WHAT, 0)

    def kill(self):
        [what] = self._random.choices(list(WHAT), WHAT.values())
        engine = self._cloud.services[self._random.choice(ENGINES)]
        if what == 'kill a worker':
            # Its parent starts another.
            with contextlib.suppress(ProcessLookupError, IndexError):
                os.kill(self._random.choice(engine.workers), signal.SIGKILL)
            time.sleep(self._random.uniform(0, 2))
        else:
            name = engine.name if what.endswith('engine') else what
            if what == 'kill an engine':
                engine.kill()
            self._restart(name)
        self.done[what] += 1

    def _restart(self, name):
        try:
            self._cloud.restart(name)
        except errors.ServiceFailed:
            # On a busy machine; at the second time it is an error.
            self._cloud.restart(name)


def left(cloud, crowd):
    """How many waits and locks there are still, of the crowd's stacks."""
    with works.database(cloud) as cursor:
        cursor.execute(
            'SELECT COUNT(*) FROM resource_data JOIN resource ON resource.id '
            '= resource_data.resource_id WHERE resource_data.key IN (%s, %s) '
            'AND resource.stack_id IN %s',
            (waits.KEY, waits.OWNER_KEY, [s.id for s in crowd.stacks]))
        [rows] = cursor.fetchone()
        cursor.execute('SELECT COUNT(*) FROM resource WHERE engine_id IS NOT '
                       'NULL AND stack_id IN %s',
                       ([s.id for s in crowd.stacks],))
        [locks] = cursor.fetchone()
    return rows, locks
