# SPDX-License-Identifier: Apache-2.0
"""Many conditions that wait in one engine with Heat's default of 64 threads.

Ours wait on queues of their own. Heat's own are as many as it can have: each
holds a thread, and when all threads are held nothing else is done.
"""
import contextlib
import datetime
import math
import sqlite3
import time

from heatclient import exc

from heat_plugins.localcloud import access_log
from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options
from tests.bench import waiting

THREADS = 64
DEFAULTS = options.Options(heat={'DEFAULT': {
    'executor_thread_pool_size': THREADS}})
MINUTE = 60
# Minutes after which a queue is quiet.
QUIET = 5
# Conditions in a stack, and seconds that a small stack beside is waited for.
_IN_STACK = 50
_PATIENCE = 60


def ours(queues):
    """A condition on each of these queues, which begin together."""
    return {'first': {'type': 'OS::Heat::None'}, **{
        'condition%d' % number: {
            'type': 'Zaqar::Workflow::WaitCondition', 'depends_on': 'first',
            'properties': {'queue': queue, 'timeout': 36000}}
        for number, queue in enumerate(queues)}}


def measure(size):
    """What so many conditions cost, and the 64 of Heat's own.

    :returns: by kind, a map of what to the figure.
    """
    return {'ours': _measured(size, _begin_ours),
            "Heat's own": _measured(min(size, THREADS), _begin_heats_own)}


def _measured(size, begin):
    with clouds.Cloud.ephemeral(options=DEFAULTS) as cloud:
        small_stack(cloud, 'warm-up')
        idle = a_minute(cloud, size)['CPU seconds in a minute']
        memory = waiting.resident(cloud)
        begin(cloud, size)
        found = {'CPU seconds in a minute, while nothing waits': idle,
                 'conditions that wait': size,
                 'seconds until all wait': until(
                     cloud, "SELECT COUNT(*) FROM resource WHERE name LIKE "
                     "'condition%' AND status = 'IN_PROGRESS'", size)}
        time.sleep(10)
        found['kB of memory for each'] = (
            waiting.resident(cloud) - memory) / size
        found['seconds of a small stack beside them'] = small_stack(
            cloud, 'beside')
        for when in ('at first', 'after %d quiet minutes' % QUIET):
            for what, figure in a_minute(cloud, size).items():
                found['%s, %s' % (what, when)] = figure
            time.sleep(MINUTE * QUIET if when == 'at first' else 0)
    return found


def _begin_ours(cloud, size):
    zaqar = clients.zaqar(cloud)
    names = ['parked-%d' % number for number in range(size)]
    for name in names:
        zaqar.queue(name).create({})
    for start in range(0, size, _IN_STACK):
        waiting.created(cloud, 'parked-%d' % start,
                        ours(names[start:start + _IN_STACK]))


def _begin_heats_own(cloud, size):
    waiting.created(cloud, 'own', waiting.heats_own(size))


def until(cloud, query, count):
    """Seconds until a query of Heat's database counts so many.

    The API is not asked: it may have no thread left to answer.
    """
    began = time.monotonic()
    with database(cloud) as rows:
        while rows.execute(query).fetchone()[0] < count:
            time.sleep(0.05 if count == 1 else 2)
    return time.monotonic() - began


@contextlib.contextmanager
def database(cloud):
    with contextlib.closing(sqlite3.connect(
            cloud.directory / 'heat' / 'heat.sqlite', timeout=60)) as rows:
        rows.row_factory = sqlite3.Row
        yield rows
        rows.commit()


def a_minute(cloud, size):
    """Requests to Zaqar for each of so many, and CPU time of the engine."""
    spent = waiting.cpu(cloud, 'heat')
    began = datetime.datetime.now(datetime.UTC)
    time.sleep(MINUTE)
    spent = waiting.cpu(cloud, 'heat') - spent
    return {'requests to Zaqar for each and minute': len([
                each for each in access_log.read(cloud.access_log('zaqar'))
                if each.time >= began]) / size,
            'CPU seconds in a minute': spent}


def small_stack(cloud, name):
    """Seconds until a stack of one resource is complete.

    :returns: infinity when it takes too long.
    """
    began = time.monotonic()
    try:
        stack = waiting.created(cloud, name, {'it': {
            'type': 'OS::Heat::RandomString'}})
        while stack.status != 'CREATE_COMPLETE':
            if time.monotonic() - began > _PATIENCE:
                return math.inf
            time.sleep(0.05)
    except exc.HTTPException:  # no thread was left to answer
        return math.inf
    return time.monotonic() - began
