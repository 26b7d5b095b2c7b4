# SPDX-License-Identifier: Apache-2.0
"""What the base of all resources adds to an action of Heat."""
from heat.common import exception
from heat.engine import resource
from keystoneauth1 import exceptions as ksa_errors
from oslo_db import exception as db_errors
import pytest

from heat_plugins.resources import base
from heat_plugins.zaqar import errors

AWAY = errors.ServerError('away', 503)


class Heat:
    """What Heat's own class does for an action."""
    CREATE, UPDATE, DELETE, SUSPEND = 'CREATE', 'UPDATE', 'DELETE', 'SUSPEND'
    name = 'thing'
    properties_schema = context = None

    action_handler_task = resource.Resource.action_handler_task


class Thing(base.ZaqarResource, Heat):
    properties = {}

    def __init__(self, *troubles):
        self._troubles = list(troubles)
        self.told = []
        self.done = 0
        self.is_taken = False
        self.leave = lambda: None

    def put_off(self):
        self.leave()

    def problems(self, props):
        if 'wrong' in props:
            yield 'wrong', 'is wrong'

    def report(self, line):
        self.told.append(line)

    def make_sure_it_is_held(self):
        if self.is_taken:
            raise exception.UpdateInProgress(self.name)

    def _do(self, *_args):
        if self._troubles:
            raise self._troubles.pop(0)
        self.done += 1

    handle_create = handle_update = handle_delete = handle_suspend = _do


class Definition:
    """What an update is given."""

    def __init__(self, **props):
        self._props = props

    def properties(self, _schema, _context):
        return self._props


def run(thing, action, *args):
    """Do an action; gives the pauses of Heat's steps."""
    return [each for each in thing.action_handler_task(action, args)
            if each is not None]


@pytest.mark.parametrize('error', [
    AWAY, errors.Unreachable('no answer'),
    errors.UnexpectedAnswer('no JSON', 200),
    ksa_errors.ConnectFailure(), ksa_errors.ServiceUnavailable(),
    ksa_errors.DiscoveryFailure(), db_errors.DBConnectionError(),
    db_errors.DBDeadlock()])
@pytest.mark.parametrize('action', ['CREATE', 'DELETE'])
def test_a_trouble_that_passes_is_waited_out(action, error):
    thing = Thing(error)

    assert run(thing, action) == [1]
    assert thing.done == 1


def test_it_pauses_longer_and_longer_and_tells_once():
    thing = Thing(*[AWAY] * 7)

    assert run(thing, 'UPDATE', Definition()) == [1, 2, 4, 8, 16, 16, 16]
    assert thing.told == ['trying again until it succeeds: away']


@pytest.mark.parametrize('error', [
    errors.NotFound('gone', 404), errors.Conflict('there', 409),
    errors.BadRequest('wrong', 400), errors.ServerError('a bug', 500),
    resource.UpdateReplace('thing')])
def test_another_error_is_raised_at_once(error):
    with pytest.raises(type(error)):
        run(Thing(error), 'CREATE')


def test_other_actions_are_not_tried_again():
    with pytest.raises(errors.ServerError):
        run(Thing(AWAY), 'SUSPEND')


def test_it_is_not_tried_again_once_another_engine_has_taken_it():
    thing = Thing(AWAY)
    thing.is_taken = True

    with pytest.raises(exception.UpdateInProgress):
        run(thing, 'CREATE')

    assert thing.done == 0


def test_its_thread_is_left_when_somebody_else_will_try():
    class Left(BaseException):
        pass

    def leave():
        raise Left

    thing = Thing(AWAY)
    thing.leave = leave

    with pytest.raises(Left):
        run(thing, 'CREATE')

    assert thing.told == []


def test_it_can_be_cancelled_meanwhile():
    thing = Thing(AWAY)
    task = thing.action_handler_task('DELETE')
    assert next(task) == 1

    task.close()

    assert thing.done == 0


@pytest.mark.parametrize('action', ['CREATE', 'UPDATE'])
def test_values_that_are_known_by_now_are_looked_at(action):
    thing = Thing()
    thing.properties = {'wrong': 1} if action == 'CREATE' else {}

    with pytest.raises(exception.StackValidationFailed) as refused:
        run(thing, action, *[Definition(wrong=1)] * (action == 'UPDATE'))

    assert str(refused.value) == 'Property wrong of thing: is wrong'
    assert thing.done == 0


def test_what_is_deleted_may_be_wrong():
    thing = Thing()
    thing.properties = {'wrong': 1}

    run(thing, 'DELETE')

    assert thing.done == 1
