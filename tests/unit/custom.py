# SPDX-License-Identifier: Apache-2.0
"""Both sides of a custom resource, without Heat: an engine and a worker."""
import dataclasses
import json

from heat_plugins.asking import exchange
from heat_plugins.asking import inbox
from heat_plugins.asking import outbox
from heat_plugins.custom import contract
from heat_plugins.custom import lifecycle
from heat_plugins.custom import request as requests
from heat_plugins.testing import clock as clocks
from heat_plugins.waiting import patience
from heat_plugins.waiting import progress
from heat_plugins.zaqar import mailbox
from heat_plugins.zaqar import ownership

JOBS = 'jobs'
REPLIES = 'replies'


class Crash(BaseException):
    """The engine dies."""


class Taken(Exception):
    """Another engine has taken over."""


class Engine:
    """What Heat is to an exchange: a state that outlives it, events, a clock.

    :ivar steps: what happened, in order: save, post, delete.
    :ivar is_taken: whether another engine has taken over.
    :ivar crash: the step at which to die: (name, before or after it).
    :ivar idle: called when the exchange sleeps.
    """

    def __init__(self, zaqar):
        self.zaqar = zaqar
        self.client = zaqar.client()
        self.client.queue(JOBS).create({})
        self.rows = {}
        self.events = []
        self.steps = []
        self.is_taken = False
        self.crash = None
        self.idle = lambda: None
        self.clock = clocks.ManualClock(0)

    def exchange(self, goal, timeout=100, heartbeat=None, queue=JOBS,
                 parked=None):
        """An exchange that goes on from what was saved.

        :param parked: the exchange that was parked, while others looked.
        """
        kept, gaps = {}, None
        if parked:
            kept = json.loads(json.dumps({
                'patience': parked.patience.to_map(),
                'progress': parked.progress.to_map()}))
            gaps = 0
        return exchange.Exchange(
            self.state, exchange.Terms(queue, goal),
            patience.Patience(timeout, heartbeat, kept.get('patience'),
                              self.clock, gaps),
            *self.boxes(), self._compose, self._save,
            progress.Progress(self.events.append, 10, kept.get('progress'),
                              self.clock),
            self._sleep)

    def boxes(self):
        """The way to the workers, and the way back."""
        return _Outbox(self), _Inbox(self)

    def finish(self, going, polls=20):
        """Poll until it is over, a second apart."""
        for _ in range(polls):
            if going.poll():
                return
            self._sleep(1)
        raise AssertionError('it is not over')

    @property
    def state(self):
        """What was saved."""
        def thing(key):
            row = self.rows.get(key)
            return row and lifecycle.Thing(**row)

        pending = self.rows.get('pending')
        return lifecycle.State(
            thing('current'), thing('candidate'),
            pending and lifecycle.Pending(
                pending['request_id'], pending['queue'],
                lifecycle.Step(**pending['step'])))

    def mailbox(self):
        return mailbox.Mailbox(self.client.queue(REPLIES),
                               ownership.Stamp('stack', 'thing', 'uuid'))

    def step(self, name, act):
        if self.crash == (name, 'before'):
            raise Crash
        result = act()
        self.steps.append(name)
        if self.crash == (name, 'after'):
            raise Crash
        return result

    def _save(self, state):
        if self.is_taken:
            raise Taken

        def write():
            self.rows = json.loads(json.dumps({
                key: dataclasses.asdict(getattr(state, key))
                for key in ('current', 'candidate', 'pending')
                if getattr(state, key) is not None}))
        self.step('save', write)

    def _sleep(self, seconds):
        self.clock.advance(seconds)
        self.idle()

    def _compose(self, state, pending, _end):
        box = self.mailbox()
        box.open()
        step = pending.step
        return requests.Request(
            pending.request_id, step.request_type, 'Custom::Thing', 'thing',
            'stack-id', 'stack', 'project', step.physical_id, None,
            requests.ReplyTo(self.zaqar.url + box.queue.path + '/messages',
                             {'X-Project-ID': 'project'}, REPLIES,
                             '2099-01-01T00:00:00'),
            step.properties,
            lifecycle.old_properties(state, step)).to_body()


class _Outbox(outbox.Outbox):
    def __init__(self, engine):
        super().__init__(engine.client.queue, 30, engine.clock)
        self._engine = engine

    def post(self, *arguments):
        self._engine.step('post', lambda: super(_Outbox, self).post(
            *arguments))


class _Inbox(inbox.Inbox):
    def __init__(self, engine):
        # a mailbox that was deleted is noticed within a second
        super().__init__(engine.mailbox(), 1, engine.clock)
        self._engine = engine

    def clear(self):
        if self._taken:
            self._engine.step('delete', super().clear)


class Worker:
    """Makes things, and remembers what it has answered.

    :ivar things: physical id → properties.
    :ivar done: the requests done, each once, in order.
    """

    def __init__(self, zaqar):
        self.client = zaqar.client()
        self.things = {}
        self.done = []
        self.answers = {}

    def claim(self):
        """The next request, as (claim, message); None if there is none."""
        claim = self.client.queue(JOBS).claim(ttl=60, grace=60, limit=1)
        for message in claim:
            contract.check(contract.REQUEST, message.body)
            return claim, message
        return None

    def do(self, body):
        """Do a request, unless it was done; returns the reply."""
        if body['request_id'] not in self.answers:
            self.done.append(body)
            self.answers[body['request_id']] = {
                'request_id': body['request_id'], 'status': 'SUCCESS',
                **self._act(body)}
        return self.answers[body['request_id']]

    def reply(self, *replies):
        for each in replies:
            self.client.queue(REPLIES).post([{'body': each}])

    def serve(self):
        """Serve one request, if there is one."""
        found = self.claim()
        if found is not None:
            _claim, message = found
            self.reply(self.do(message.body))
            self.client.queue(JOBS).delete_messages(message.id)

    def _act(self, body):
        wanted, physical_id = body['properties'], body['physical_id']
        if body['request_type'] == 'Delete':
            self.things.pop(physical_id, None)
            return {}
        if wanted.get('fail'):
            return {'status': 'FAILED', 'reason': 'it would not'}
        if physical_id is None or wanted.get('new'):
            physical_id = 'thing-%d' % len(self.done)
        self.things[physical_id] = wanted
        return {'physical_id': physical_id, 'data': {'of': wanted}}
