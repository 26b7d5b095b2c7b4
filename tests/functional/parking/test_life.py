# SPDX-License-Identifier: Apache-2.0
"""What may happen to a condition while it is parked.

Each "Row" is one of the table in the documentation.
"""
import json

from heatclient import exc
import pytest


@pytest.fixture
def waiting(project, queue, parked, eventually):
    """Begins a stack, or an update, that has 1 of 2 messages and is parked."""
    def begin(update=None, template='good/condition.yaml', **parameters):
        create = {name: parameters.pop(name) for name in (
            'timeout_mins', 'environment', 'disable_rollback')
            if name in parameters}
        given = {'queue': queue.name, 'count': 2, **parameters}
        if update is None:
            if 'first' not in project.bodies(queue.name):
                project.post(queue.name, 'first')
            stack = project.create(template, given, **create)
        else:
            stack = update
            stack.update(project.folder / template, given, **create)
        parked(stack, action='CREATE' if update is None else 'UPDATE')
        eventually(lambda: stack.output('received') == 1)
        return stack
    return begin


@pytest.fixture
def complete(project, queue):
    """A stack whose condition has had one message."""
    project.post(queue.name, 'first')
    return project.created('good/condition.yaml', {'queue': queue.name})


def state(stack, name='condition'):
    return stack.resource(name).resource_status


def reason(stack, name='condition'):
    return stack.resource(name).resource_status_reason


def ended(project, queue, stack, status='CREATE_COMPLETE'):
    """Post what it waits for; it has all that came, each once."""
    project.post(queue.name, 'second')
    assert stack.wait() == status, stack.reason
    assert stack.output('messages') == ['first', 'second']


class TestUpdates:
    @pytest.mark.parametrize(('changed', 'messages'), [
        ({'count': 1}, ['first']), ({'timeout': 400}, ['first', 'second']),
        ({'heartbeat': 400}, ['first', 'second']),
        ({'match': {'n': 1}}, ['first', {'n': 1}]),
        ({'rearm': 'anew'}, ['second', {'n': 1}])],
        ids=['count', 'timeout', 'heartbeat', 'match', 'rearm'])
    def test_what_is_changed_holds_at_once(self, project, queue, waiting,
                                           changed, messages):
        """Row: update, during a create"""
        stack = waiting()
        stack.update(project.folder / 'good/condition.yaml',
                     {'queue': queue.name, 'count': 2, **changed})
        project.post(queue.name, *['second'] * ('count' not in changed),
                     {'n': 1})

        assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
        assert stack.output('messages') == messages

    def test_another_queue_is_waited_on_anew(self, project, queue, waiting):
        """Row: update to another queue"""
        stack = waiting()
        other = project.queue(project.name())
        other.create({})

        stack.update(project.folder / 'good/condition.yaml',
                     {'queue': other.name})
        project.post(other.name, 'there')

        assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
        assert stack.output('messages') == ['there']

    def test_one_during_an_update_takes_its_place(self, project, queue,
                                                  complete, waiting):
        """Row: update, during an update"""
        waiting(complete)
        stack = waiting(complete, timeout=400)

        ended(project, queue, stack, 'UPDATE_COMPLETE')

    def test_two_at_once_are_as_the_last(self, project, queue, waiting):
        """Row: update, twice at once"""
        stack = waiting()
        for timeout in (400, 500):
            stack.update(project.folder / 'good/condition.yaml',
                         {'queue': queue.name, 'count': 2,
                          'timeout': timeout})

        ended(project, queue, stack, 'UPDATE_COMPLETE')

    def test_another_type_takes_its_place(self, project, queue, waiting,
                                          parked):
        """Row: replacement"""
        stack = waiting()
        project.updated(stack, 'good/another.yaml', {'queue': queue.name})
        parked(stack, 0)
        stack.update(project.folder / 'good/condition.yaml',
                     {'queue': queue.name, 'count': 2})
        parked(stack)

        ended(project, queue, stack, 'UPDATE_COMPLETE')

    def test_what_takes_its_place_may_be_taken_back(self, project, queue,
                                                    parked):
        stack = project.created('good/another.yaml', {'queue': queue.name})
        stack.update(project.folder / 'good/condition.yaml',
                     {'queue': queue.name})
        parked(stack)
        project.heat.actions.cancel_update(stack.id)

        assert stack.wait() == 'ROLLBACK_COMPLETE', stack.reason
        assert stack.resource('condition').resource_type == 'OS::Heat::Value'
        parked(stack, 0)

    def test_the_queue_is_shown_meanwhile(self, project, parked):
        stack = project.create('good/mailbox.yaml')
        parked(stack)
        box = stack.output('queue')
        project.post(box, 'first')
        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        stack.update(project.folder / 'good/mailbox.yaml', {'count': 2})
        parked(stack)

        assert stack.resource('condition').attributes['queue'] == box


class TestEnds:
    def test_a_delete_acts_at_once(self, project, queue, complete, waiting):
        """Row: delete"""
        project.deleted(waiting())
        waiting(complete)
        project.deleted(complete)
        assert queue.exists()

    def test_a_cancel_of_an_update_rolls_back(self, project, complete,
                                              waiting):
        """Row: cancel with rollback"""
        stack = waiting(complete)

        project.heat.actions.cancel_update(stack.id)

        assert stack.wait() == 'ROLLBACK_COMPLETE', stack.reason
        assert stack.output('messages') == ['first']

    def test_a_cancel_without_rollback_fails_it(self, project, queue,
                                                complete, waiting, parked):
        """Row: cancel without rollback"""
        created, updated = waiting(), waiting(complete)
        for stack, action in ((created, 'CREATE'), (updated, 'UPDATE')):
            project.heat.actions.cancel_without_rollback(stack.id)
            assert stack.wait() == action + '_FAILED'
            parked(stack, 0)
            assert state(stack) == action + '_FAILED'
            assert reason(stack).startswith(
                '%s aborted (Stack %s cancelled; 1 of 2 received' % (
                    action, action))
            stack.update(project.folder / 'good/condition.yaml',
                         {'queue': queue.name, 'count': 2})
        for stack in (created, updated):
            ended(project, queue, stack, 'UPDATE_COMPLETE')

    def test_the_time_of_the_stack_is_up(self, queue, waiting):
        """Row: timeout of the stack"""
        stack = waiting(timeout_mins=1)

        assert stack.wait() == 'CREATE_FAILED'
        assert stack.reason == 'Timed out'
        assert 'CREATE aborted (Timed out; 1 of 2 received' in reason(stack)

    def test_its_own_time_is_up(self, waiting):
        """Row: timeout of its own"""
        stack = waiting(timeout=8)

        assert stack.wait() == 'CREATE_FAILED'
        assert '1 of 2 received after 8 seconds' in stack.reason

    def test_nobody_is_heard_of(self, project, queue, waiting):
        """Row: heartbeat"""
        project.post(queue.name, {'status': 'IN_PROGRESS', 'reason': 'half'})
        stack = waiting(heartbeat=5)

        assert stack.wait() == 'CREATE_FAILED'
        assert 'no sign of life for 5 seconds; 1 of 2 received' in stack.reason
        assert 'last in progress: half' in stack.reason

    def test_a_message_fails_it(self, project, queue, waiting):
        """Row: failure that is reported"""
        stack = waiting()
        project.post(queue.name, {'status': 'FAILURE', 'reason': 'no disk'})

        assert stack.wait() == 'CREATE_FAILED'
        assert 'no disk' in stack.reason

    def test_its_queue_is_deleted_by_hand(self, queue, waiting):
        """Row: queue deleted by hand"""
        stack = waiting()
        queue.delete()

        assert stack.wait() == 'CREATE_FAILED'
        assert ('The queue "%s" was deleted while condition waited on it, '
                'with 1 of 2 received' % queue.name) in stack.reason


class TestNesting:
    def test_in_a_nested_stack(self, project, queue, parked):
        """Row: nested stack"""
        project.post(queue.name, 'first')
        stack = project.create('good/nested.yaml',
                               {'queue': queue.name, 'count': 2})
        parked(stack)
        stack.update(project.folder / 'good/nested.yaml',
                     {'queue': queue.name, 'count': 3})
        parked(stack, action='UPDATE')
        project.post(queue.name, 'second', 'third')

        assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
        assert stack.output('messages') == ['first', 'second', 'third']

    def test_a_cancel_reaches_what_is_nested(self, project, queue, parked):
        stack = project.create('good/nested.yaml', {'queue': queue.name})
        parked(stack)

        project.heat.actions.cancel_without_rollback(stack.id)

        assert stack.wait() == 'CREATE_FAILED'
        parked(stack, 0)

    def test_the_time_of_the_outer_stack_is_up(self, project, queue, parked):
        stack = project.create('good/nested.yaml', {'queue': queue.name},
                               timeout_mins=1)

        assert stack.wait() == 'CREATE_FAILED'
        assert 'Timed out' in stack.reason
        parked(stack, 0)

    def test_in_a_group_that_shrinks(self, project, queue, parked):
        """Row: member of a group"""
        stack = project.create('good/group.yaml',
                               {'queue': queue.name, 'members': 3})
        parked(stack, 3)
        stack.update(project.folder / 'good/group.yaml',
                     {'queue': queue.name, 'members': 1})
        parked(stack)
        project.post(queue.name, {'member': '0'})

        assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
        assert stack.output('messages') == [{'member': '0'}]

    def test_in_a_group_that_scales(self, project, queue, parked):
        stack = project.create('good/scaling.yaml',
                               {'queue': queue.name, 'members': 1})
        parked(stack)
        project.post(queue.name, 'go')
        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        stack.update(project.folder / 'good/scaling.yaml',
                     {'queue': queue.name, 'members': 3})

        assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
        assert stack.output('messages') == ['go'] * 3

    def test_one_after_the_other(self, project, queue, parked):
        """Row: dependencies"""
        stack = project.create('good/chain.yaml', {'queue': queue.name})
        for step in (1, 2):
            parked(stack)
            assert state(stack, 'second') == (
                'INIT_COMPLETE' if step == 1 else 'CREATE_IN_PROGRESS')
            project.post(queue.name, {'step': step})
            if step == 1:
                parked(stack, 0)

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason


class TestHooks:
    @pytest.fixture
    def hooked(self, project, eventually):
        """Begins a stack with a hook, and clears it when it was reached."""
        def environment(hook):
            return {'resource_registry': {'resources': {
                'condition': {'hooks': hook}}}}

        def clear(stack, hook):
            eventually(lambda: any(
                'paused until Hook %s is cleared' % hook in
                event.resource_status_reason
                for event in project.heat.events.list(stack.id)))
            project.heat.resources.signal(stack.id, 'condition',
                                          data={'unset_hook': hook})
        return environment, clear

    @pytest.mark.parametrize('hook', ['pre-create', 'post-create'])
    def test_one_of_a_create_is_met_once(self, project, queue, hooked, hook):
        """Row: hooks"""
        environment, clear = hooked
        stack = project.create(
            'good/condition.yaml', {'queue': queue.name, 'count': 2},
            environment=environment(hook))
        if hook == 'pre-create':
            clear(stack, hook)
        project.post(queue.name, 'first', 'second')
        if hook == 'post-create':
            clear(stack, hook)

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert stack.output('messages') == ['first', 'second']

    def test_one_before_an_update_is_met_once(self, project, queue, waiting,
                                              hooked, parked):
        environment, clear = hooked
        stack = waiting()
        stack.update(project.folder / 'good/condition.yaml',
                     {'queue': queue.name, 'count': 2},
                     environment=environment('pre-update'))
        clear(stack, 'pre-update')
        parked(stack)

        ended(project, queue, stack, 'UPDATE_COMPLETE')

    def test_one_before_a_delete(self, project, queue, waiting, hooked):
        environment, clear = hooked
        stack = waiting(environment=environment('pre-delete'))
        stack.delete()
        clear(stack, 'pre-delete')

        assert stack.wait() == 'DELETE_COMPLETE', stack.reason


class TestActions:
    def test_a_check_ends_no_wait(self, project, queue, complete, waiting,
                                  parked, checked):
        """Row: check"""
        created, updated = waiting(), waiting(complete)
        assert_created, assert_updated = map(checked, (created, updated))
        for stack in (created, updated):
            parked(stack)
        project.post(queue.name, 'second')

        assert_created('condition')
        assert_updated('condition')
        for stack in (created, updated):
            assert stack.output('messages') == ['first', 'second']

    @pytest.mark.parametrize('action', ['suspend', 'resume'])
    def test_nothing_in_progress_is_suspended(self, project, queue, waiting,
                                              action):
        """Row: suspend and resume"""
        stack = waiting()
        getattr(project.heat.actions, action)(stack.id)

        assert stack.wait() == action.upper() + '_FAILED'
        assert 'invalid for %s' % action in stack.reason
        if action == 'suspend':
            project.heat.actions.resume(stack.id)
            assert stack.wait() == 'RESUME_FAILED'
        stack.update(project.folder / 'good/condition.yaml',
                     {'queue': queue.name, 'count': 2})
        ended(project, queue, stack, 'UPDATE_COMPLETE')

    def test_no_snapshot_is_taken(self, project, waiting):
        """Row: snapshot"""
        stack = waiting()
        with pytest.raises(exc.HTTPConflict):
            project.heat.stacks.snapshot(stack.id)

    def test_it_is_not_marked_as_unhealthy(self, project, queue, waiting):
        """Row: marking as unhealthy"""
        stack = waiting()
        with pytest.raises(exc.HTTPConflict):
            project.heat.resources.mark_unhealthy(
                stack.id, 'condition', True, 'it looks ill')

        ended(project, queue, stack)

    def test_it_takes_no_signal(self, project, queue, waiting):
        """Row: signal"""
        stack = waiting()
        with pytest.raises(exc.HTTPBadRequest):
            project.heat.resources.signal(stack.id, 'condition')

        ended(project, queue, stack)

    def test_what_was_abandoned_may_be_adopted(self, project, queue, waiting):
        """Row: abandon and adopt"""
        abandoned = project.heat.stacks.abandon(waiting().id)
        assert 'wait' not in (
            abandoned['resources']['condition']['resource_data'])

        stack = project.create(
            'good/condition.yaml', {'queue': queue.name, 'count': 2},
            adopt_stack_data=json.dumps(abandoned))

        assert stack.wait() == 'ADOPT_COMPLETE', stack.reason
        assert stack.output('messages') == ['first']
