# SPDX-License-Identifier: Apache-2.0
"""Resources served by a program that listens on a queue, and does nothing.

Ours, by the worker library; and what Heat's own allow: a wait condition with
TOKEN_SIGNAL, a poster written by hand that posts each handle's token to the
queue, and a worker written by hand that signals with it.
"""
import contextlib
import datetime
import itertools
import pathlib
import tempfile
import threading
import time

import requests
import yaml

from heat_plugins import worker
from heat_plugins.localcloud import access_log
from heat_plugins.localcloud import clients
from heat_plugins.localcloud import stack as stacks
from tests.bench import messaging

MANY = 50
WORKERS = 4
#: Seconds between two looks of a worker, of either kind, at an empty queue.
POLL = 0.5

_numbers = itertools.count(1)


def ours(number, queue):
    return {'it%d' % number: {
        'type': 'Zaqar::Workflow::CustomResource', 'depends_on': 'first',
        'properties': {'queue': queue}}}


def heats_own(number, queue):
    return {
        'handle%d' % number: {
            'type': 'OS::Heat::WaitConditionHandle', 'depends_on': 'first',
            'properties': {'signal_transport': 'TOKEN_SIGNAL'}},
        'it%d' % number: {
            'type': 'OS::Heat::WaitCondition',
            'properties': {'handle': {'get_resource': 'handle%d' % number},
                           'timeout': 3600}}}


def round_trip(cloud, kind):
    """Seconds from the post of a request until the resource is complete."""
    with serving(cloud, kind, 1) as served:
        began = datetime.datetime.now(datetime.UTC)
        stack = served.create(1)
        heat = clients.heat(cloud)
        while heat.resources.get(
                stack.id, 'it0').resource_status != 'CREATE_COMPLETE':
            time.sleep(0.02)
        ended = datetime.datetime.now(datetime.UTC)
        [asked] = [each.time for each in access_log.read(
                       cloud.access_log('zaqar'))
                   if each.time >= began and each.method == 'POST' and
                   each.path == '/v2/queues/%s/messages' % served.queue.name]
        stack.wait()
        stack.delete()
        stack.wait()
    return (ended - asked).total_seconds()


def at_once(cloud, kind):
    """Many resources in one stack.

    :returns: a map of ``seconds`` and, by API, the requests made.
    """
    with serving(cloud, kind, WORKERS) as served:
        stack = None

        def create():
            nonlocal stack
            stack = served.create(MANY)

        measured = messaging.measured(cloud, create, lambda: stack)
        stack.delete()
        stack.wait()
    return measured


class _Ours:
    """Serves by the worker library."""

    resources = staticmethod(ours)

    def __init__(self, cloud, queue):
        self._cloud = cloud
        self.queue = queue

    def create(self, count):
        """Begin to create a stack of so many."""
        names = ['it%d' % number for number in range(count)]
        resources = {'first': {'type': 'OS::Heat::None'},
                     'last': {'type': 'OS::Heat::None', 'depends_on': names}}
        for number in range(count):
            resources.update(self.resources(number, self.queue.name))
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, 'template.yaml')
            path.write_text(yaml.safe_dump({
                'heat_template_version': '2021-04-16',
                'resources': resources}))
            return stacks.Stack.create(
                clients.heat(self._cloud), 'served-%d' % next(_numbers),
                path)

    def start_worker(self, ending):
        serving = worker.Worker(
            clients.zaqar(self._cloud).queue(self.queue.name), _Empty(),
            threads=1, poll=POLL)
        _start(serving.run, ending)
        ending.callback(serving.stop)


class _HeatsOwn(_Ours):
    """Posts and serves by what an operator would write."""

    resources = staticmethod(heats_own)

    def __init__(self, cloud, queue):
        super().__init__(cloud, queue)
        self._end = threading.Event()

    def create(self, count):
        stack = super().create(count)
        threading.Thread(target=self._post, args=(stack, count)).start()
        return stack

    def start_worker(self, ending):
        _start(self._work, ending)
        ending.callback(self._end.set)

    def _post(self, stack, count):
        """Post each handle's token as soon as there is one."""
        heat = clients.heat(self._cloud)
        left = {'handle%d' % number for number in range(count)}
        while left and not self._end.is_set():
            time.sleep(0.05)
            ready = {each.resource_name
                     for each in heat.resources.list(stack.id)
                     if each.resource_status == 'CREATE_COMPLETE'}
            for name in left & ready:
                signal = heat.resources.get(stack.id, name).attributes
                self.queue.post([{'body': {
                    'endpoint': signal['endpoint'],
                    'token': signal['token']}}])
            left -= ready

    def _work(self):
        queue = clients.zaqar(self._cloud).queue(self.queue.name)
        pause = 0.05
        while not self._end.is_set():
            taken = list(queue.claim(ttl=60, grace=60, limit=1))
            for message in taken:
                requests.post(
                    message.body['endpoint'], json={'status': 'SUCCESS'},
                    headers={'X-Auth-Token': message.body['token']},
                    timeout=30).raise_for_status()
                message.delete()
            if taken:
                pause = 0.05
            else:
                self._end.wait(pause)
                pause = min(POLL, 2 * pause)


class _Empty:
    """A handler that does nothing."""

    def create(self, task):
        """Succeed."""

    update = delete = create


KINDS = {'ours': _Ours, "Heat's own": _HeatsOwn}


@contextlib.contextmanager
def serving(cloud, kind, workers):
    """A queue with workers on it, until the end of the ``with`` block."""
    queue = clients.zaqar(cloud).queue('served-%d' % next(_numbers))
    queue.create({})
    served = KINDS[kind](cloud, queue)
    with contextlib.ExitStack() as ending:
        for _worker in range(workers):
            served.start_worker(ending)
        yield served
    queue.delete()


def _start(run, ending):
    thread = threading.Thread(target=run)
    thread.start()
    ending.callback(thread.join)
