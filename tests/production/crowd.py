# SPDX-License-Identifier: Apache-2.0
"""Many stacks that wait, messages that come all the time, restless users."""
import collections
import contextlib
import functools
import http.client
import random
import re
import threading
import time

from heatclient import exc
from keystoneauth1 import exceptions as of_keystone
import yaml

from heat_plugins.zaqar import errors

#: Conditions of each stack: on mailboxes of their own, and on one queue.
OWN, SHARED = 3, 6
#: What waits in a stack; one of it is a custom resource.
WAITS = OWN + SHARED + 1
#: Messages that each condition waits for.
COUNT = 4

# What a call to the cloud may end with while something of it is away.
_AWAY = (exc.HTTPException, exc.CommunicationError, exc.HTTPConflict,
         of_keystone.ClientException, errors.ZaqarError, OSError,
         http.client.HTTPException)
# Seconds that this may be so.
_PATIENCE = 300
# Why Heat itself fails a stack of whatever resources: its database went away
# in the middle of a statement, or Keystone when it deleted a stack's project.
HEATS_OWN = re.compile(r'^\((oslo_db|pymysql)\.\w+\.\w+\)|'
                       r'^Error deleting project: Unable to establish ')


class Crowd:
    """The stacks, and who sends to them.

    :param project: where they are
    :param workers: those that serve the requests
    :param folder: where their template is kept
    :param waits: how many waits, at least
    """

    def __init__(self, project, workers, folder, waits, seed):
        self._project = project
        self._workers = workers
        self._random = random.Random(seed)
        self.template = folder / 'crowd.yaml'
        self.template.write_text(yaml.safe_dump(_template()))
        self.stacks = []
        #: What users have done, and reasons of Heat's own failures.
        self.done = collections.Counter()
        self.heats_own = []
        self.cancelled, self.deleted = [], []
        self._queues = {}
        self._to_send = []
        #: By the queue: what was posted, once more for each time that it was
        #: not known whether it had arrived.
        self._posts = collections.defaultdict(list)
        self._is_over = threading.Event()
        self._count = -(-waits // WAITS)

    def begin(self):
        """Create all, and return when all of it waits."""
        for _number in range(self._count):
            self.stacks.append(self._project.create(
                self.template, {'requests': self._workers.queue},
                timeout_mins=240))
        for stack in self.stacks:
            while not self._waits(stack):
                time.sleep(1)
            self._queues[stack] = [*stack.output('mailboxes'),
                                   stack.output('shared')]
            self._to_send += [(stack, queue, number)
                              for queue in self._queues[stack]
                              for number in range(COUNT)]
        self._random.shuffle(self._to_send)

    def _waits(self, stack):
        states = collections.Counter(
            each.resource_status
            for each in self._project.heat.resources.list(stack.id)
            if each.resource_name.startswith(('own', 'shares', 'thing')))
        return states == {'CREATE_IN_PROGRESS': WAITS}

    @contextlib.contextmanager
    def sending(self, seconds):
        """Messages come all the time, all of them in about so many seconds;
        the rest at the end."""
        thread = threading.Thread(
            target=self._send, args=[seconds / len(self._to_send)])
        thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            thread.join()

    def _send(self, pause):
        for _stack, queue, number in self._to_send:
            self._is_over.wait(pause)
            self.persist(functools.partial(self._post, queue, {
                'id': 'm%d' % number}))

    def _post(self, queue, body):
        self._posts[queue].append(body)
        self._project.queue(queue).post([{'body': body}] * 2)

    def act(self):
        """A user does something to some stack."""
        stack = self._random.choice(self.stacks)
        act = self._random.choices(
            [self._update, self._cancel, self._delete], [6, 1, 1])[0]
        with contextlib.suppress(*_AWAY):
            act(stack)
            self.done[act.__name__.strip('_')] += 1

    def _update(self, stack):
        self._project.heat.stacks.update(stack.id, existing=True)

    def _cancel(self, stack):
        # Whether Heat has done so is not known when there is no answer.
        self.cancelled.append(stack)
        self._project.heat.actions.cancel_without_rollback(stack.id)

    def _delete(self, stack):
        # A few of them.
        if len(self.deleted) * 5 < len(self.stacks):
            self.stacks.remove(stack)
            self.deleted.append(stack)
            self._persist_in_deleting(stack)

    def _persist_in_deleting(self, stack):
        with contextlib.suppress(exc.HTTPNotFound):
            self.persist(stack.delete)

    def assert_done_once(self):
        """All that was not deleted is complete, and all was done once.

        What was deleted has gone.
        """
        for stack in self.stacks:
            self._finish(stack)
            assert stack.output('received') == [COUNT] * (OWN + SHARED)
            assert [sorted(each) for each in stack.output('by_key')] == [
                ['m%d' % number for number in range(COUNT)]] * (OWN + SHARED)
            for queue in stack.output('mailboxes'):
                self._assert_nothing_left(queue)
        for stack in self.deleted:
            self._finish(stack)
        things = [stack.output('thing') for stack in self.stacks]
        assert sorted(things) == sorted(self._workers.things)
        made = collections.Counter(self._workers.request_ids)
        assert set(made.values()) <= {1}, made
        assert not self._project.bodies(self._workers.queue)

    def _assert_nothing_left(self, queue):
        """But for what has come once more when all was over."""
        for body in self._project.bodies(queue):
            assert self._posts[queue].count(body) > 1, (queue, body)

    def _finish(self, stack):
        """Wait for the end of a stack; a user helps where Heat has failed.

        Or where another has cancelled it.
        """
        while not (status := self._end_of(stack)).endswith('_COMPLETE'):
            reason = self.persist(lambda: stack.reason)
            if HEATS_OWN.search(reason):
                self.heats_own.append(reason)
            else:
                assert 'cancelled' in reason, (stack.name, status, reason)
                assert stack in self.cancelled
            if stack in self.deleted:
                self._persist_in_deleting(stack)
            else:
                self.persist(functools.partial(self._update, stack))

    def _end_of(self, stack):
        try:
            return self.persist(stack.wait)
        except exc.HTTPNotFound:
            assert stack in self.deleted
            return 'DELETE_COMPLETE'

    @staticmethod
    def persist(act):
        """Do it, and again while something that it needs is away."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                return act()
            except exc.HTTPNotFound:
                raise
            except _AWAY:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)


def _template():
    own = {'own%d' % number: {'get_resource': 'mailbox%d' % number}
           for number in range(OWN)}
    shares = {'shares%d' % number: {'get_resource': 'shared'}
              for number in range(SHARED)}
    conditions = {
        name: _resource('Zaqar::Workflow::WaitCondition', queue=queue,
                        count=COUNT, timeout=7200)
        for name, queue in {**own, **shares}.items()}

    def of_all(*attribute):
        return {'value': [{'get_attr': [name, *attribute]}
                          for name in conditions]}

    return {
        'heat_template_version': '2021-04-16',
        'parameters': {'requests': {'type': 'string'}},
        'resources': {
            # Heat begins with one leaf a second, at a delete too.
            'first': {'type': 'OS::Heat::None'},
            'last': {'type': 'OS::Heat::None',
                     'depends_on': [*conditions, 'thing']},
            'shared': _resource('Zaqar::Messaging::Queue'),
            **{'mailbox%d' % number: _resource(
                'Zaqar::Workflow::WaitConditionHandle')
               for number in range(OWN)},
            'thing': _resource(
                'Zaqar::Workflow::CustomResource', timeout=7200,
                queue={'get_param': 'requests'}),
            **conditions},
        'outputs': {
            'mailboxes': {'value': [{'get_resource': 'mailbox%d' % number}
                                    for number in range(OWN)]},
            'shared': {'value': {'get_resource': 'shared'}},
            'thing': {'value': {'get_resource': 'thing'}},
            'received': of_all('received'), 'by_key': of_all('by_key')}}


def _resource(of_type, **properties):
    return {'type': of_type, 'depends_on': 'first', 'properties': properties}
