# SPDX-License-Identifier: Apache-2.0
"""Waits in the hands of several engines, any of which may die at any step.

Whatever the order, each message is on record before it is deleted, nothing
that is on record is written over, and each condition ends once.
"""
import os
import uuid

from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import settings
from hypothesis import stateful
from hypothesis import strategies as st
import pytest

from heat_plugins.testing import server

from . import checks
from . import handover
from . import waiting

#: Conditions; each waits in a stack and on a queue of its own. More than one
#: would only mean that less happens to each.
CONDITIONS = 1
#: Which of those that there are, and how far.
WHICH = st.integers(0, 11)
STEPS = st.sampled_from([1, 2, 3, 5, 8, 100, 100])


class Engines(stateful.RuleBasedStateMachine):
    """Engines at work on the same conditions."""

    def __init__(self):
        super().__init__()
        self._patch = pytest.MonkeyPatch()
        self._playing = handover.playing(self._patch)
        self._playing.__enter__()
        self._zaqar = server.Server()
        self._zaqar.__enter__()
        self._rows = waiting.Rows()
        client = self._zaqar.client()
        queues = {}
        for number in range(CONDITIONS):
            queue = client.queue('q%d' % number)
            queue.create({})
            condition = self._rows.resource(
                self._rows.stack(status='COMPLETE'), 'INIT')
            self._rows.change(condition, stack_id=self._rows.stack(
                edges=[[(condition, True), None]]))
            queues[condition] = queue
        self.heat = handover.Heat(self._rows, queues)
        self.heat.messages += queues
        self.sent = dict.fromkeys(queues, 0)
        self.saved = {number: set() for number in queues}
        self.cancelled = set()
        self.dead = []
        for _number in range(2):
            self.heat.begin_engine()

    def teardown(self):
        try:
            self._settle()
            self._assert_done()
        finally:
            self._playing.__exit__(None, None, None)
            self._patch.undo()
            self._rows.clear()
            self._zaqar.__exit__(None, None, None)

    @stateful.initialize(times=st.lists(
        STEPS, min_size=CONDITIONS, max_size=CONDITIONS))
    def begin(self, times):
        """Each condition is begun by an engine, and has come so far."""
        for which, count in enumerate(times):
            self.receive(which, count)

    @stateful.rule(which=WHICH, times=STEPS)
    def step(self, which, times):
        """A task goes on, some steps further."""
        tasks = self._tasks()
        if tasks:
            self._step(*tasks[which % len(tasks)], times)

    @stateful.rule(which=WHICH, times=STEPS)
    def receive(self, which, times):
        """An engine receives a message of RabbitMQ."""
        engines = [each for each in self.heat.engines.values()
                   if not each.supervisor.is_ending]
        if self.heat.messages and engines:
            engine = engines[which % len(engines)]
            engine.handlers.submit(engine.check_message,
                                   self.heat.messages.pop(0))
            self._step(engine, engine.handlers.tasks[-1], times)

    @stateful.rule(which=WHICH, twice=st.booleans())
    def send(self, which, twice):
        """Somebody sends another message to a condition, perhaps twice."""
        number = list(self.sent)[which % CONDITIONS]
        if self.sent[number] < handover.COUNT:
            self._send(number, 1 + twice)

    @stateful.rule(which=WHICH, times=STEPS)
    def ring(self, which, times):
        """Something rings: a message, the clock, or nothing."""
        parked = [(engine, each) for engine in self.heat.engines.values()
                  for each in engine.supervisor.parked()]
        if parked:
            engine, each = parked[which % len(parked)]
            engine.supervisor.ring(each.resource_id)
            if engine.checks.tasks:
                self._step(engine, engine.checks.tasks[-1], times)

    @stateful.rule(which=WHICH, times=STEPS, again=st.booleans())
    def look(self, which, times, again):
        """An engine looks for what others have left behind."""
        if self.heat.engines:
            engine = self._engine(which)
            for count in ((100, times) if again else (times,)):
                engine.look()
                self._step(engine, engine.handlers.tasks[-1], count)

    @stateful.rule(which=WHICH, times=STEPS, dies=st.booleans())
    def overtake(self, which, times, dies):
        """An engine at work is taken for dead, and another goes on."""
        tasks = self._tasks()
        others = list(self.heat.engines.values())
        if tasks and len(others) > 1:
            engine, _task = tasks[which % len(tasks)]
            others.remove(engine)
            engine.is_heard = False
            if dies:
                self._die(engine)
            other = others[which % len(others)]
            for _look in range(2):
                other.look()
                self._step(other, other.handlers.tasks[-1], 100)
            for task in other.tasks:
                self._step(other, task, times)

    @stateful.rule(which=WHICH, what=st.sampled_from([
        'dies', 'ends', 'is cut off', 'is cut off', 'is mended', 'begins']))
    def an_engine(self, which, what):
        """An engine dies, is told to end, or does not answer for a while."""
        if what == 'begins':
            if len(self.heat.engines) < 3:
                self.heat.begin_engine()
        elif self.heat.engines:
            engine = self._engine(which)
            if what == 'dies':
                self._die(engine)
            elif what == 'ends':
                engine.supervisor.end()
            else:
                engine.is_heard = what == 'is mended'

    @stateful.rule(which=WHICH, what=st.sampled_from(
        9 * ['updates'] + ['cancels']))
    def a_user(self, which, what):
        """A user updates a stack, or cancels what it does."""
        number = list(self.sent)[which % CONDITIONS]
        row = handover.Row(self.heat, number, None)
        if not row.stack.is_wanted:
            return
        if what == 'cancels':
            self._rows.change_stack(row.stack.id, status='FAILED',
                                    current_traversal='cancelled')
            self.cancelled.add(number)
            return
        traversal = str(uuid.uuid4())
        self._rows.change_stack(row.stack.id, current_traversal=traversal)
        self._rows.points(row.stack.id, traversal, [[(number, True), None]])
        self.heat.messages.append(number)

    def _die(self, engine):
        """It stands still wherever it is, for ever."""
        self.dead.append(self.heat.engines.pop(engine.id))

    def _engine(self, which):
        engines = list(self.heat.engines.values())
        return engines[which % len(engines)]

    def _step(self, engine, task, times):
        for _number in range(times):
            if not task.is_over:
                engine.step(task)
                self._assert_nothing_lost()

    def _tasks(self):
        return [(engine, task) for engine in self.heat.engines.values()
                for task in engine.tasks]

    def _send(self, number, times=1):
        body = {'id': 'm%d' % self.sent[number]}
        self.heat.queues[number].post([{'body': body}] * times)
        self.sent[number] += 1

    def _assert_nothing_lost(self):
        for number, queue in self.heat.queues.items():
            saved = self.heat.saved(number)
            assert saved >= self.saved[number]
            self.saved[number] = saved
            there = {each['body']['id'] for each in queue.page()}
            assert saved | there >= {
                'm%d' % each for each in range(self.sent[number])}
            assert self.heat.ended[number] <= 1

    def _settle(self):
        """All is sent; an engine is there that lives on; nothing dies."""
        for number, sent in self.sent.items():
            for _number in range(handover.COUNT - sent):
                self._send(number)
        survivor = self.heat.engines[self.heat.begin_engine()]
        for _round in range(60):
            for engine in list(self.heat.engines.values()):
                engine.is_heard = True
                if not engine.supervisor.is_ending:
                    engine.look(30)
                elif not engine.tasks:
                    del self.heat.engines[engine.id]
            while self.heat.messages:
                survivor.handlers.submit(survivor.check_message,
                                         self.heat.messages.pop())
            for engine in self.heat.engines.values():
                for each in engine.supervisor.parked():
                    engine.supervisor.ring(each.resource_id)
            for engine, task in self._tasks():
                while not task.is_over:
                    engine.step(task)
            self._assert_nothing_lost()
            if self._is_done():
                return
        pytest.fail('it does not come to an end: %s' % [
            (row.action, row.status, row.locked_by, row.stack, row.data())
            for number in self.sent
            for row in [handover.Row(self.heat, number, None)]])

    def _is_done(self):
        return all(self.heat.status(number) in (
            ('INIT', 'GONE', 'FAILED', 'COMPLETE')
            if number in self.cancelled else ('COMPLETE',))
            for number in self.sent)

    def _assert_done(self):
        for number, queue in self.heat.queues.items():
            is_over = self.heat.status(number) == 'COMPLETE'
            assert self.heat.ended[number] == is_over
            if is_over:
                assert self.heat.saved(number) == {
                    'm%d' % each for each in range(handover.COUNT)}
                assert not queue.page()
                assert not handover.Row(self.heat, number, None).data()


# A step takes some milliseconds: tables and HTTP are real. To find a smaller
# example for a failure would take minutes.
Engines.TestCase.settings = settings(
    max_examples=60 if 'HEAT_ZAQAR_LONG_TESTS' not in os.environ else 2000,
    stateful_step_count=60, deadline=None,
    phases=[each for each in Phase if each != Phase.shrink],
    suppress_health_check=list(HealthCheck))


class TestEngines(Engines.TestCase):
    def runTest(self):
        with checks.database():
            super().runTest()
