# SPDX-License-Identifier: Apache-2.0
"""What a resource that can be parked adds to Heat's own class."""
import types

from heat.common import exception
from heat.engine import resource
from oslo_db import exception as db_errors
import pytest

from heat_plugins.engine import parking
from heat_plugins.engine import waits
from heat_plugins.messages import record as records
from heat_plugins.messages import signal
from heat_plugins.resources import awaited
from heat_plugins.resources import wait_condition
from heat_plugins.resources import waiter
from heat_plugins.waiting import patience

from . import waiting

WAIT = waiting.a_wait(7, traversal='t1')


class Heat:
    """What Heat's own class has, as far as it matters here."""
    CREATE, UPDATE, DELETE, CHECK = 'CREATE', 'UPDATE', 'DELETE', 'CHECK'
    IN_PROGRESS, COMPLETE, FAILED = 'IN_PROGRESS', 'COMPLETE', 'FAILED'
    LOCK_RESPECT = 'respect'
    name = 'it'

    def __init__(self):
        self.stack = types.SimpleNamespace(
            current_traversal='t1', action='CREATE')
        self.action, self.status = 'CREATE', 'IN_PROGRESS'
        self.rows = {waits.KEY: WAIT.to_text(), waits.OWNER_KEY: 'me',
                     'other': 'row'}
        self.hooks = []
        self.states = []

    def data(self):
        return self.rows

    def data_delete(self, key):
        del self.rows[key]

    def state_set(self, action, status, reason='', lock=None):
        self.action, self.status = action, status
        self.states.append((action, status, reason, lock))

    def lock(self, engine_id):
        raise AssertionError('it is locked')

    def _break_if_required(self, action, hook):
        self.hooks.append(hook)
        yield

    def prepare_abandon(self):
        return {'name': 'it', 'resource_data': self.rows}


class Thing(waiter.Waiter, Heat):
    pass


@pytest.fixture
def thing():
    return Thing()


@pytest.mark.parametrize(('traversal', 'action', 'goes_on'), [
    ('t1', 'CREATE', True), ('t2', 'CREATE', False), ('t1', 'UPDATE', False),
    ('t2', 'CHECK', True)])
def test_it_goes_on_within_the_action_that_it_was_parked_in(
        thing, traversal, action, goes_on):
    thing.stack.current_traversal = traversal
    if action == 'CHECK':
        thing.stack.action = action
    else:
        thing.action = action

    assert thing.parked() == (WAIT if goes_on else None)


def test_what_is_parked_writes_no_state(thing):
    thing.is_parked = True
    thing.state_set('CREATE', 'FAILED')

    assert thing.states == []
    assert thing.is_waiting


def test_its_row_goes_when_it_is_over(thing):
    thing.state_set('CREATE', 'COMPLETE')

    assert thing.rows == {'other': 'row'}


def test_a_trouble_with_the_row_does_not_undo_its_end(thing, monkeypatch):
    def fail(_key):
        raise db_errors.DBConnectionError

    monkeypatch.setattr(thing, 'data_delete', fail)
    thing.state_set('CREATE', 'COMPLETE')

    assert thing.states == [('CREATE', 'COMPLETE', '', None)]
    assert not thing.is_waiting
    assert thing.parked() is None


def test_it_fails_without_a_lock_when_its_stack_waits_no_longer(thing):
    thing.give_up('Stack CREATE cancelled', WAIT.account)

    assert thing.states == [(
        'CREATE', 'FAILED', 'CREATE aborted (Stack CREATE cancelled; 1 of 2 '
        'received)', 'respect')]


def test_it_is_in_progress_for_who_wants_to_lock_it(thing):
    with pytest.raises(exception.UpdateInProgress), thing.lock('engine'):
        pass


def test_it_is_not_abandoned_with_what_waits(thing):
    assert thing.prepare_abandon() == {
        'name': 'it', 'resource_data': {'other': 'row'}}


@pytest.mark.parametrize(('is_resumed', 'hooks'), [
    (False, ['pre-create', 'post-create']), (True, ['post-create'])])
def test_a_hook_before_the_action_is_met_once(thing, is_resumed, hooks):
    thing.is_resumed = is_resumed
    for hook in ('pre-create', 'post-create'):
        list(thing._break_if_required('CREATE', hook))

    assert thing.hooks == hooks


class Waiting:
    """What waits; it is never over."""
    pause = 0

    def __init__(self):
        self.patience = patience.Patience(10)

    def poll(self):
        return False


class TestStep:
    @pytest.fixture
    def left(self, monkeypatch):
        """How the thread was left."""
        ways = []
        monkeypatch.setattr(parking, 'park',
                            lambda *_args: ways.append('until news'))
        monkeypatch.setattr(parking, 'put_off',
                            lambda *_args: ways.append('for a while'))
        monkeypatch.setattr(parking, 'put_off_again',
                            lambda *_args: ways.append('for a while'))
        return ways

    def test_when_all_was_looked_at_it_is_parked(self, thing, left):
        thing.step(Waiting())

        assert left == ['until news']

    def test_when_it_could_not_look_it_tries_again(self, thing, left):
        waiting = Waiting()
        waiting.patience.could_not_look('no answer')
        thing.step(waiting)

        assert left == ['for a while']

    def test_while_there_is_more_to_look_at_it_holds_its_thread(self, thing,
                                                                left):
        waiting = Waiting()
        waiting.patience.could_not_look()
        thing.step(waiting)

        assert left == []

    def test_only_what_was_parked_is_put_off_before_it_waits(self, thing,
                                                             left):
        thing.put_off()
        assert left == []
        thing.is_resumed = True
        thing.put_off()

        assert left == ['for a while']

    def test_without_the_database_it_is_not(self, thing, left, monkeypatch):
        def fail():
            raise db_errors.DBConnectionError

        thing.is_resumed = True
        monkeypatch.setattr(thing, 'data', fail)
        thing.put_off()

        assert left == []


class Condition(awaited.Awaited):
    """As much of a wait condition as has a record.

    :ivar is_resumed: whether it goes on with what was parked.
    """
    CREATE, REARM = 'CREATE', 'rearm'
    action = 'UPDATE'
    properties = {'queue': 'q', 'queues': None, 'rearm': None}

    def __init__(self, is_resumed):
        self.is_resumed = is_resumed
        self.kept = records.Record(2)
        self.kept.round = {'queue': 'q', 'rearm': None}
        self.kept.restore(signal.Signal(
            'id', 'FAILURE', 'no disk', None, None))
        self.saved = []

    def _record(self):
        return self.kept

    def _save(self, record):
        self.saved.append(record)

    begin = wait_condition.WaitCondition._record_to_go_on_from


def test_a_failure_that_is_on_record_is_not_forgotten_by_who_goes_on():
    """Its message could not be deleted, or its engine died."""
    assert Condition(is_resumed=True).begin().is_failed
    assert not Condition(is_resumed=False).begin().is_failed


def test_heat_has_what_it_is_parked_by():
    for name in ('check', 'create', 'delete_convergence', 'lock',
                 'prepare_abandon', 'state_set', 'update_convergence',
                 '_break_if_required'):
        assert callable(getattr(resource.Resource, name))
