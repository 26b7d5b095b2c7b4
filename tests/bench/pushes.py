# SPDX-License-Identifier: Apache-2.0
"""How soon what comes to a queue is acted on, where Zaqar pushes it."""
import datetime
import random
import re
import statistics
import time

from heat_plugins.localcloud import access_log
from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options
from tests.bench import conditions
from tests.bench import parked
from tests.bench import waiting

OTHERS = 200
# Seconds until a wait is at rest; by chance, as others look once a second.
_AT_REST = 2, 3
# Line of Heat's log → what it says of a stack.
_STEPS = {'the check of Heat begins': r'creating WaitCondition .*%s',
          'CREATE_COMPLETE': r'Stack CREATE COMPLETE \(%s\)'}


def latencies(repetitions):
    """Seconds from a signal to CREATE_COMPLETE; the transports take turns.

    :returns: pairs of what and a map of transport → the seconds of each try;
        then those of the steps of ours: what → the seconds of each.
    """
    with clouds.Cloud.ephemeral(options=parked.DEFAULTS) as cloud:
        found = [('nothing else running', _taken(cloud, repetitions))]
        steps = _steps(cloud, repetitions)
        others, _names = _waiting(cloud, 'other', OTHERS)
        time.sleep(random.uniform(*_AT_REST))
        found.append(('%d others waiting' % OTHERS,
                      _taken(cloud, repetitions)))
        others.delete()
    return found, steps


def at_once(count):
    """Seconds until so many waits are complete whose messages come at once.

    :returns: by whether Zaqar pushes them.
    """
    return {way: _at_once(way, count) for way in ('auto', 'off')}


def _taken(cloud, repetitions):
    taken = {kind: [] for kind in conditions.TRANSPORTS}
    for _repetition in range(repetitions):
        for kind, seconds in taken.items():
            begun = conditions.Waiting(cloud, kind, 1)
            time.sleep(random.uniform(*_AT_REST))
            began = time.monotonic()
            begun.post(1)
            begun.complete()
            seconds.append(time.monotonic() - began)
            begun.delete()
    return taken


def _steps(cloud, repetitions):
    found = {'a look at the queue': [], **{step: [] for step in _STEPS}}
    for _repetition in range(repetitions):
        begun = conditions.Waiting(cloud, 'ours', 1)
        time.sleep(random.uniform(*_AT_REST))
        log = cloud.log('heat')
        before = len(log.read_text())
        began = datetime.datetime.now(datetime.UTC)
        begun.post(1)
        begun.complete()
        text = log.read_text()[before:]
        looks = [each.time for each in access_log.read(
                     cloud.access_log('zaqar'))
                 if each.time >= began and each.method == 'GET']
        moments = [min(looks), *(_moment(text, pattern % begun.stack.name)
                                 for pattern in _STEPS.values())]
        for seconds, moment in zip(found.values(), moments, strict=True):
            seconds.append((moment - began).total_seconds())
        begun.delete()
    return {step: statistics.median(each) for step, each in found.items()}


def _moment(log, pattern):
    [line] = [line for line in log.splitlines() if re.search(pattern, line)]
    return datetime.datetime.fromisoformat(line[:23]).replace(
        tzinfo=datetime.UTC)


def _waiting(cloud, name, count):
    """A stack whose conditions wait, and the names of their queues."""
    zaqar = clients.zaqar(cloud)
    names = ['%s-%d' % (name, number) for number in range(count)]
    for each in names:
        zaqar.queue(each).create({})
    stack = waiting.created(cloud, name, parked.ours(names))
    while waiting.waiting(cloud, stack) < count:
        time.sleep(1)
    return stack, names


def _at_once(way, count):
    with clouds.Cloud.ephemeral(options=options.Options(heat={
            **parked.DEFAULTS.heat, 'heat_zaqar': {
                'websocket': way}})) as cloud:
        stack, names = _waiting(cloud, 'at-once', count)
        time.sleep(10)
        zaqar = clients.zaqar(cloud)
        began = time.monotonic()
        for name in names:
            zaqar.queue(name).post([{'body': 'it'}])
        if stack.wait() != 'CREATE_COMPLETE':
            raise RuntimeError(stack.reason)
        return time.monotonic() - began
