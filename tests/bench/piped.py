# SPDX-License-Identifier: Apache-2.0
"""Pipes beside Zaqar's own notifier: how many a second, and what is lost."""
import contextlib
import itertools
import os
import subprocess
import sys
import threading
import time

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.pipes import definition
from heat_plugins.testing import receiver

COMMAND = [sys.executable, '-W', 'ignore', '-m', 'heat_plugins.cli.app',
           'pipes']
# Seconds without anything new after which nothing is expected any more.
_SILENCE = 20
_BATCH = 20


def delivered(count):
    """Messages that a webhook gets, which refuses none or every third.

    :returns: pairs of how often it answers 500 and a map of who delivers →
        (messages a second, messages that never arrived).
    """
    with clouds.Cloud.ephemeral() as cloud:
        for what, every in (('never', None), ('every third time', 3)):
            yield what, {
                'ours': _measured(cloud, count, every, _pipe),
                "Zaqar's notifier": _measured(cloud, count, every,
                                              _subscription)}


def _measured(cloud, count, every, way):
    zaqar = clients.zaqar(cloud)
    source = zaqar.queue('bench-%s-%s' % (way.__name__, every))
    source.create({})
    counted, lock, got, last = itertools.count(1), threading.Lock(), set(), [
        time.monotonic()]

    def answer(request):
        with lock:
            if every and next(counted) % every == 0:
                return 500
            got.add(_number(request.json))
            last[0] = time.monotonic()
            return 204

    with receiver.Receiver(answer) as hook, way(cloud, source, hook.url):
        began = last[0] = time.monotonic()
        for start in range(0, count, _BATCH):
            source.post([{'body': {'n': start + each}}
                         for each in range(_BATCH)])
        while len(got) < count and time.monotonic() - last[0] < _SILENCE:
            time.sleep(0.01)
    return len(got) / (last[0] - began), count - len(got)


def _number(body):
    # A notification has the body within.
    return body['body']['n'] if 'body' in body else body['n']


@contextlib.contextmanager
def _pipe(cloud, source, url):
    """It is served by one process."""
    queue = source.client.queue(definition.PREFIX + source.name)
    queue.create(definition.Definition(
        'bench', source.name, 'webhook', url,
        retry=definition.Retry(maximum_delay=1)).to_metadata())
    process = subprocess.Popen(
        COMMAND, env={**os.environ, **cloud.environment()},
        stderr=subprocess.DEVNULL)
    try:
        source.post([{'body': {'n': 0}}])
        while source.page():
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait()
        queue.delete()


@contextlib.contextmanager
def _subscription(_cloud, source, url):
    made = source.client.subscription(
        source.name, subscriber=url, ttl=3600, options={})
    yield
    made.delete()
