# SPDX-License-Identifier: Apache-2.0
"""What may happen to a custom resource while it is parked.

Each "Row" is one of the table in the documentation.
"""
import json

import pytest

from tests import workers as worker_processes


@pytest.fixture
def hand(project, workers):
    """A worker that the test itself is."""
    return worker_processes.Hand(project.queue(workers.queue))


@pytest.fixture
def asked(hand, eventually):
    """Waits for the next request, and takes it; returns its type."""
    def take():
        eventually(hand.claim)
        return hand.request['request_type']
    return take


@pytest.fixture
def answered(hand):
    """Answers the request that was taken, as a good worker does."""
    def answer(**fields):
        hand.reply(**fields)
        hand.forget()
    return answer


@pytest.fixture
def one(project, workers, parked):
    """Begins a stack of one thing, or an update, and waits until it waits."""
    def begin(update=None, **parameters):
        given = {'queue': workers.queue, **parameters}
        if update is None:
            stack = project.create('good/thing.yaml', given)
        else:
            stack = update
            stack.update(project.folder / 'good/thing.yaml', given)
        return parked(stack)
    return begin


@pytest.fixture
def made(one, asked, answered):
    """A stack whose thing is there."""
    stack = one(properties={'n': 1})
    assert asked() == 'Create'
    answered(physical_id='it')
    return wait(stack, 'CREATE_COMPLETE')


def wait(stack, status):
    assert stack.wait() == status, stack.reason
    return stack


def state(stack):
    return stack.resource('thing').resource_status


class TestUpdates:
    def test_a_request_that_nobody_took_is_withdrawn(self, one, workers):
        """Row: update, during a create"""
        stack = one(properties={'n': 1})
        one(update=stack, properties={'n': 2})
        workers.start()

        wait(stack, 'UPDATE_COMPLETE')
        assert workers.acts == [('Create', 'thing')]
        assert list(workers.things.values()) == [{'n': 2}]

    def test_one_that_a_worker_has_is_settled_before(self, one, hand, asked,
                                                     answered):
        """Row: update, during an update"""
        stack = one(properties={'n': 1})
        assert asked() == 'Create'
        one(update=stack, properties={'n': 2})
        answered(physical_id='it')
        assert asked() == 'Update'
        one(update=stack, properties={'n': 3})
        answered(physical_id='it')
        assert asked() == 'Update'
        assert hand.request['properties'] == {'n': 3}
        assert hand.request['old_properties'] == {'n': 2}
        answered(physical_id='it')

        wait(stack, 'UPDATE_COMPLETE')

    def test_another_thing_takes_its_place(self, project, made, one, asked,
                                           hand, answered):
        """Row: replacement"""
        one(update=made, properties={'n': 2})
        assert asked() == 'Update'
        answered(physical_id='other')
        assert asked() == 'Delete'
        assert hand.request['physical_id'] == 'it'
        assert made.output('id') == 'other'
        answered()

        wait(made, 'UPDATE_COMPLETE')


class TestEnds:
    def test_a_delete_withdraws_what_nobody_took(self, project, one, workers):
        """Row: delete"""
        stack = one()

        project.deleted(stack)

        assert project.bodies(workers.queue) == []

    def test_a_delete_waits_for_the_answer(self, one, hand, asked, answered):
        stack = one()
        assert asked() == 'Create'
        stack.delete()
        answered(physical_id='it')
        assert asked() == 'Delete'
        assert hand.request['physical_id'] == 'it'
        answered()

        wait(stack, 'DELETE_COMPLETE')

    def test_a_delete_during_a_delete_asks_once(self, made, parked, workers):
        """Row: delete, during a delete"""
        for _time in range(2):
            made.delete()
            parked(made)
        workers.start()

        wait(made, 'DELETE_COMPLETE')
        assert workers.acts == [('Delete', 'thing')]

    def test_a_delete_ends_without_a_user(self, project, workers, parked,
                                          asked, answered):
        """Heat gives up a stack's rights, then deletes its project."""
        stack = parked(project.create('good/after_nothing.yaml',
                                      {'queue': workers.queue}))
        assert asked() == 'Create'
        answered(physical_id='it')
        wait(stack, 'CREATE_COMPLETE').delete()
        parked(stack)
        assert asked() == 'Delete'
        answered()

        wait(stack, 'DELETE_COMPLETE')

    def test_what_is_retained_is_not_waited_for(self, project, workers,
                                                parked, asked):
        """Row: delete, with the policy retain"""
        stack = parked(project.create(
            '../custom_resource/good/retained.yaml',
            {'queue': workers.queue}))
        assert asked() == 'Create'

        project.deleted(stack)

    def test_a_cancel_of_an_update_rolls_back(self, project, made, one, hand,
                                              asked, answered):
        """Row: cancel with rollback"""
        one(update=made, properties={'n': 2})
        assert asked() == 'Update'
        project.heat.actions.cancel_update(made.id)
        answered(physical_id='it')
        assert asked() == 'Update'
        assert hand.request['properties'] == {'n': 1}
        answered(physical_id='it')

        wait(made, 'ROLLBACK_COMPLETE')

    def test_a_cancel_without_rollback_fails_it(
            self, project, workers, one, parked, asked, hand, answered):
        """Row: cancel without rollback"""
        stack = one()
        assert asked() == 'Create'
        project.heat.actions.cancel_without_rollback(stack.id)
        wait(stack, 'CREATE_FAILED')
        parked(stack, 0)
        assert state(stack) == 'CREATE_FAILED'
        assert stack.resource('thing').resource_status_reason.startswith(
            'CREATE aborted (Stack CREATE cancelled; the request %s (Create) '
            'has not been answered' % hand.request['request_id'])

        answered(physical_id='it')
        stack.update(project.folder / 'good/thing.yaml',
                     {'queue': workers.queue})

        wait(stack, 'UPDATE_COMPLETE')
        assert stack.output('id') == 'it'

    @pytest.mark.parametrize(('patience', 'reason'), [
        ({'timeout': 6}, 'no reply within 6 seconds'),
        ({'heartbeat': 5}, 'no sign of life from the worker for 5 seconds; '
                           'last in progress: half')],
        ids=['timeout', 'heartbeat'])
    def test_its_time_is_up(self, one, hand, asked, patience, reason):
        """Row: timeout of its own"""
        stack = one(**patience)
        asked()
        hand.reply(status='IN_PROGRESS', reason='half')

        wait(stack, 'CREATE_FAILED')
        assert reason in stack.reason
        hand.reply(physical_id='it')


class TestActions:
    def test_a_check_ends_no_wait(self, one, asked, answered, checked):
        """Row: check"""
        stack = one()
        assert asked() == 'Create'
        assert_ended = checked(stack)
        answered(physical_id='it')

        assert_ended('thing')
        assert stack.output('id') == 'it'

    def test_nothing_in_progress_is_suspended(self, project, one, workers):
        """Row: suspend and resume"""
        stack = one()
        project.heat.actions.suspend(stack.id)

        wait(stack, 'SUSPEND_FAILED')
        assert 'invalid for suspend' in stack.reason

    def test_what_is_not_there_is_not_adopted(self, project, one, workers):
        """Row: abandon and adopt"""
        abandoned = project.heat.stacks.abandon(one().id)

        stack = project.create('good/thing.yaml', {'queue': workers.queue},
                               adopt_stack_data=json.dumps(abandoned))

        wait(stack, 'ADOPT_FAILED')
        assert 'Resource ID was not provided' in stack.reason
