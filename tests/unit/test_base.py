# SPDX-License-Identifier: Apache-2.0
"""What every resource of ours is to Heat."""
import contextlib
import types

from heat.common import exception
from heat.engine import check_resource
from heat.engine import resource
from heat.engine import scheduler
import pytest

from heat_plugins.resources import base
from heat_plugins.resources import waiter
from heat_plugins.waiting import patience


class Heat:
    """Stands for Heat's class below ours: its events fail, or are kept."""
    LOCK_ACQUIRE = resource.Resource.LOCK_ACQUIRE
    action, status, name = 'CREATE', 'IN_PROGRESS', 'thing'
    stack = types.SimpleNamespace(id='stack', thread_group_mgr=None)

    def __init__(self):
        self.events = []
        self.error = None

    @contextlib.contextmanager
    def _action_recorder(self, action):
        yield

    def state_set(self, action, status, reason, lock):
        self.state = action, status, reason, lock

    def _add_event(self, action, status, reason):
        if self.error is not None:
            raise self.error
        self.events.append(reason)


class Thing(base.ZaqarResource, Heat):
    pass


def test_a_line_of_progress_is_an_event_that_fits():
    thing = Thing()

    thing.report('half\n' + 'x' * 1000)

    [event] = thing.events
    assert event.startswith('half\\n')
    assert len(event) == 255


def test_an_event_that_fails_is_logged_once_a_kind_and_fails_nothing(caplog):
    thing = Thing()
    for thing.error in (RuntimeError('no threads'), OSError('no database'),
                        None):
        for number in range(3):
            thing.report('%d of 3' % number)

    assert thing.events == ['0 of 3', '1 of 3', '2 of 3']
    assert [each.message for each in caplog.records] == [
        'An event of thing is lost, and perhaps others like it: 0 of 3'] * 2


@pytest.mark.parametrize(('text', 'told'), [
    ('disk\nfull', 'disk\nfull'),
    ('disk \U0001f600 full', 'disk \\U0001f600 full'),
    ('x' * 70000, 'x' * 19997 + '...')])
class TestFailures:
    """They are told in what a database can hold."""

    def test_in_the_state_of_the_resource(self, text, told):
        thing = Thing()

        thing.state_set('CREATE', 'FAILED', text,
                        lock=resource.Resource.LOCK_RELEASE)

        assert thing.state == ('CREATE', 'FAILED', told,
                               resource.Resource.LOCK_RELEASE)

    def test_in_the_error_that_the_stack_tells_of(self, text, told):
        with pytest.raises(exception.ResourceFailure) as raised, Thing(
                )._action_recorder('CREATE'):
            raise exception.ResourceFailure(text, None, 'CREATE')

        assert str(raised.value) == told

    def test_in_the_error_that_heat_makes_of_a_refused_value(self, text,
                                                             told):
        refused = exception.StackValidationFailed(message=text)
        with pytest.raises(exception.ResourceFailure) as raised, Thing(
                )._action_recorder('CREATE'):
            raise exception.ResourceFailure(refused, None, 'CREATE')

        assert raised.value.exc.error_message == told


@pytest.mark.parametrize(('name', 'shown'), [
    (None, None), ('queue', 'queue'),
    ('queue \U0001f600', 'queue \\U0001f600'),
    ('x' * 256, 'x' * 252 + '...')])
def test_a_name_that_is_refused_fits_an_event(name, shown):
    thing = Thing()
    thing.properties = {'name': name}

    assert thing.wanted_name('name') == shown


class Waiting(Thing):
    """Waits for ever, and is given up."""

    def handle_create(self):
        return self

    def check_create_complete(self, _self):
        return False

    def handle_create_cancel(self, _self):
        self.aborted('1 of 3 received')

    def create(self):
        yield from resource.Resource.action_handler_task(self, 'CREATE')


@pytest.mark.parametrize(('end', 'reason'), [
    (lambda runner: runner._timeout.trigger(runner._runner),
     'Task create Timed out; 1 of 3 received'),
    (lambda runner: runner._runner.throw(check_resource.CancelOperation()),
     'user triggered cancel; 1 of 3 received'),
    # Python makes another one of these on its way
    (lambda runner: runner._runner.throw(GeneratorExit()), '')],
    ids=['timeout', 'cancel', 'close'])
def test_a_wait_that_heat_gives_up_says_what_had_come(end, reason):
    thing = Waiting()
    runner = scheduler.TaskRunner(thing.create)
    runner.name = 'create'
    runner.start(timeout=60)
    runner.step()

    with pytest.raises(BaseException, match='^%s$' % reason):
        end(runner)

    assert thing.events == ['given up: 1 of 3 received']


@pytest.mark.parametrize(('pause', 'looks'), [(0, 12), (1, 12), (3, 4)])
def test_heat_takes_the_pauses_of_an_exchange(pause, looks):
    seen = []

    def look():
        seen.append(1)
        return False

    class Thing(waiter.Waiter):
        def handle_create(self):
            return types.SimpleNamespace(
                poll=look, pause=pause, patience=patience.Patience(60))

    runner = scheduler.TaskRunner(resource.Resource.action_handler_task,
                                  Thing(), 'CREATE')
    runner.start()

    for _second in range(12):
        runner.step()

    assert len(seen) == looks
