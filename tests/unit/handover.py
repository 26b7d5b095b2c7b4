# SPDX-License-Identifier: Apache-2.0
"""Engines of a model, which stop wherever they are told to.

What looks after waits is real, and so are the waits themselves, Heat's tables
and the in-memory Zaqar. Heat's way through a check is played here, in the same
steps, and so are threads: each thing that an engine does is a task that goes
on from one pause to the next, in whatever order a test wants.
"""
import contextlib
import types

import greenlet
from heat.common import context as contexts
from heat.common import exception
from heat.db import api as db_api
from heat.db import models
from heat.engine import sync_point

from heat_plugins.engine import interior
from heat_plugins.engine import parking
from heat_plugins.engine import search
from heat_plugins.engine import takeover
from heat_plugins.engine import waits
from heat_plugins.messages import criteria
from heat_plugins.messages import record as records
from heat_plugins.resources import held
from heat_plugins.waiting import patience
from heat_plugins.waiting import progress
from heat_plugins.waiting import reader as readers
from heat_plugins.waiting import wait

#: Messages that each condition waits for.
COUNT = 3


def pause():
    """A point at which a task may stand still, for ever if its engine dies."""
    greenlet.getcurrent().parent.switch()


class Task:
    """What an engine is doing."""

    def __init__(self, act, *args):
        self._let = greenlet.greenlet(lambda: act(*args))

    def step(self):
        """Go on to the next pause."""
        self._let.switch()

    @property
    def is_over(self):
        return self._let.dead


class Pool:
    """In the place of a pool of threads: what it is given are tasks."""

    def __init__(self, *_size):
        self.tasks = []

    def submit(self, act, *args):
        self.tasks.append(Task(act, *args))

    def shutdown(self, **_how):
        """Tasks that have begun go on."""


class Bell:
    """Rings when the test wants it to."""

    def __init__(self, ring, _client, _schedule, _doorbells):
        self.ring = ring

    def moment(self):
        return 0

    def hang(self, key, project, sights, since, quiet):
        """Whoever hangs there may be rung at any time."""

    def take_down(self, key):
        """As little."""


class Lookers:
    """Nobody looks at queues by itself."""

    def __init__(self, bell, count):
        pass

    def end(self):
        """Nobody did."""


class Row(held.Held):
    """A resource, as a check of it has read its row."""

    replaces = None
    is_resumed = True

    def __init__(self, heat, number, engine):
        self.heat, self.id = heat, number
        self.context = contexts.get_admin_context()
        self.name = 'r%d' % number
        self.is_parked = False
        self._calling_engine_id = engine
        self._data = None
        with db_api.context_manager.reader.using(self.context) as session:
            row = session.get(models.Resource, number)
            self.action, self.status = row.action, row.status
            self.locked_by, self._atomic_key = row.engine_id, row.atomic_key
            self.metadata = row.rsrc_metadata or {}
            self.stack = types.SimpleNamespace(
                id=row.stack_id, tenant_id='p',
                current_traversal=row.stack.current_traversal,
                is_wanted=row.stack.status == 'IN_PROGRESS',
                time_remaining=lambda: 3600)

    def type(self):
        return 'Zaqar::Workflow::WaitCondition'

    def data(self):
        if self._data is None:
            try:
                self._data = db_api.resource_data_get_all(
                    self.context, self.id)
            except exception.NotFound:
                self._data = {}
        return self._data

    def data_set(self, key, value):
        db_api.resource_data_set(self.context, self.id, key, value)
        self._data = None

    def data_delete(self, key):
        db_api.resource_data_delete(self.context, self.id, key)
        self._data = None

    def lock(self):
        """As Heat does: only who has read it last, and nobody else."""
        engine, self._calling_engine_id = self._calling_engine_id, None
        try:
            self.write(engine_id=engine, status='IN_PROGRESS')
        finally:
            self._calling_engine_id = engine

    def end(self, status):
        with self.held(engine_id=None, status=status):
            waits.forget(self)


class Heat:
    """Heat, of all engines.

    :ivar ended: how many times each resource has become complete.
    :ivar messages: of RabbitMQ: numbers of resources that are to be checked.
    """

    def __init__(self, rows, queues):
        self.rows = rows
        self.queues = queues  # number of the resource → its queue
        self.ended = dict.fromkeys(queues, 0)
        self.messages = []
        self.engines = {}
        self._begun = 0

    def begin_engine(self):
        self._begun += 1
        name = 'e%d' % self._begun
        self.engines[name] = Engine(self, name)
        return name

    def saved(self, number):
        """The keys of what is on record."""
        return set(Row(self, number, None).metadata.get('signals', {}))

    def status(self, number):
        return Row(self, number, None).status


class Engine:
    """An engine: what the supervisor sees of Heat, and the supervisor itself.

    :ivar is_heard: whether it answers others; it may be at work if not.
    """

    def __init__(self, heat, name):
        self.heat, self.id = heat, name
        self.is_heard = True
        self.handlers = Pool()
        self.now = 0
        self.supervisor = parking.Supervisor(self)
        self.checks = self.supervisor._pool
        self.supervisor.search = search.Search(self, lambda: self.now)
        self.supervisor._takeover = takeover.Takeover(
            self, self.supervisor, lambda: self.now)

    @property
    def tasks(self):
        return [each for each in (*self.checks.tasks, *self.handlers.tasks)
                if not each.is_over]

    def step(self, task):
        """Let a task of this engine go on, in this engine."""
        parking._current = self.supervisor
        task.step()

    def look(self, seconds=takeover._ASKED_AGAIN):
        """Begin with a look for what others have left behind.

        :param seconds: that have passed since the last one.
        """
        self.now += seconds
        self.handlers.submit(self.supervisor.scan)

    # What the supervisor calls.

    def is_alive(self, engine):
        pause()
        if not self.is_heard:
            return False
        other = self.heat.engines.get(engine)
        return other is not None and other.is_heard

    def check(self, parked):
        """As ``interior.Engine.check``."""
        row = Row(self.heat, parked.resource_id, self.id)
        if row.stack.current_traversal != parked.traversal:
            pause()
            return False
        self._check(row)
        return True

    def check_message(self, number):
        """What a message of RabbitMQ asks for; it is sent again until then."""
        row = Row(self.heat, number, self.id)
        pause()
        if row.status == 'COMPLETE':
            self._go_on_from(row)
        elif row.status != 'GONE' and row.stack.is_wanted:
            if row.locked_by is None:
                self._check(row)
            else:
                # The other asks for it when it has ended, or is found dead.
                self.heat.messages.append(number)

    def give_up(self, parked, reason=None):
        pause()
        row = Row(self.heat, parked.resource_id, self.id)
        pause()
        with contextlib.suppress(exception.UpdateInProgress):
            row.lock()
            pause()
            row.end('GONE')

    def fail(self, lock):
        row = Row(self.heat, lock.resource_id, lock.engine)
        pause()
        with contextlib.suppress(exception.UpdateInProgress):
            row.end('FAILED')
            return True
        return False

    def ask_again(self, traversal, node):
        """As ``interior.Engine.ask_again``."""
        pause()
        if sync_point.update_input_data(
                contexts.get_admin_context(), node.resource_id, traversal.id,
                node.is_update, traversal.points[node].key,
                sync_point.serialize_input_data({})):
            self.heat.messages.append(node.resource_id)
            return True
        return False

    # Heat's way.

    def _check(self, row):
        pause()
        try:
            row.lock()
            pause()
            self._wait(row)
        except exception.UpdateInProgress:
            pass
        except interior.Leave:
            pause()

    def _wait(self, row):
        waiting = self._waiting(row)
        while not waiting.poll():
            parking.park(row, waiting, 0)
        pause()
        row.end('COMPLETE')
        self.heat.ended[row.id] += 1
        pause()
        self._go_on_from(row)

    def _go_on_from(self, row):
        """Note that it is done, and with that, that the stack is."""
        with contextlib.suppress(exception.EntityNotFound):
            self.heat.rows.done(row.stack.current_traversal,
                                (row.stack.id, True), (row.id, True))
            pause()
            self.heat.rows.change_stack(row.stack.id, status='COMPLETE')

    def _waiting(self, row):
        def save(record):
            pause()
            row.write(rsrc_metadata=record.to_metadata())
            pause()

        return wait.Wait(
            Reader(self.heat.queues[row.id]), criteria.Criteria(),
            records.Record.from_metadata(row.metadata, COUNT), save,
            progress.Progress(lambda text: None, 10),
            [self.heat.queues[row.id].name],
            patience.Patience(3600))


class Reader(readers.Reader):
    """Pauses before and after what it does."""

    def __init__(self, queue):
        super().__init__(queue, rescan=0.001)

    def read(self):
        found = super().read()
        pause()
        return found

    def delete(self, messages):
        pause()
        super().delete(messages)
        pause()


class NoThread:
    """In the place of a thread."""

    def __init__(self, **_how):
        pass

    def start(self):
        """The test does what it would do."""


@contextlib.contextmanager
def playing(patch):
    """Have supervisors made without threads.

    :param patch: a ``pytest.MonkeyPatch``.
    """
    real = parking.threading
    patch.setattr(parking, 'threading', types.SimpleNamespace(
        Lock=real.Lock, Event=real.Event, Thread=NoThread))
    patch.setattr(parking, 'futures', types.SimpleNamespace(
        ThreadPoolExecutor=Pool))
    patch.setattr(takeover, 'futures', types.SimpleNamespace(
        ThreadPoolExecutor=_Asking))
    patch.setattr(parking.bell, 'Bell', Bell)
    patch.setattr(parking.lookers, 'Lookers', Lookers)
    patch.setattr(interior, 'can_leave', lambda row: True)
    patch.setattr(interior, 'is_ours', lambda stack_id: True)
    for name in ('owners', 'take', 'load', 'owned_by', 'unwanted',
                 'unwanted_in', 'is_owned_by', 'is_wanted'):
        patch.setattr(waits, name, _after_pause(getattr(waits, name)))
    for name in ('holders', 'held_by', 'release'):
        patch.setattr(takeover.locks, name,
                      _after_pause(getattr(takeover.locks, name)))
    before = parking._current
    yield
    parking._current = before


def _after_pause(act):
    def paused(*args):
        pause()
        return act(*args)
    return paused


class _Asking:
    """Asks one after the other."""

    def __init__(self, *_size):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        pass

    def submit(self, act, *args):
        answer = act(*args)
        return types.SimpleNamespace(result=lambda: answer)
