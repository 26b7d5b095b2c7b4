# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Workflow::WaitCondition on the real cloud."""
import json

from heatclient import exc
import pytest


@pytest.fixture
def waiting(project, eventually):
    """Begins a stack whose condition waits on a queue."""
    def begin(queue, template='good/queue.yaml', **parameters):
        stack = project.create(template, {'queue': queue.name, **parameters})
        eventually(lambda: 'condition' in str(stack.news()))
        return stack
    return begin


@pytest.fixture
def mailbox(project, eventually):
    """Begins a stack of a mailbox and a condition; gives its command."""
    def begin(**parameters):
        stack = project.create('good/mailbox.yaml', parameters)
        return stack, eventually(lambda: stack.output('curl_cli'))
    return begin


def reasons(project, stack):
    """The reasons of the condition's events, in their order."""
    return [event.resource_status_reason for event in
            project.heat.events.list(stack.id, resource_name='condition',
                                     sort_dir='asc')]


def test_a_bad_property_is_refused_at_validation(bad_template,
                                                 assert_refused):
    assert_refused(bad_template)


@pytest.mark.parametrize('line', [
    """%s -k --data-binary '{"status": "FAILURE", "reason": "no disk"}'""",
    """%s --insecure -d'{"Status": "FAILURE", "Reason": "no disk"}'""",
    """%s --json '{"deploy_status_code": 3, "deploy_stderr": "no disk"}'"""])
def test_a_failure_fails_it_however_it_is_told(mailbox, shell, line):
    stack, command = mailbox()

    assert shell(line % command).returncode == 0

    assert stack.wait() == 'CREATE_FAILED'
    assert 'no disk' in stack.reason


def test_messages_of_any_kind_are_handed_on_as_attributes(
        project, queue, waiting):
    bodies = ['text', 5, None, True, [1, [2]], {'id': 'k', 'data': {'x': 1}},
              {'status': 'SUCCESS', 'reason': 'fine', 'free': 3}, {}]
    stack = waiting(queue, count=len(bodies))

    project.post(queue.name, *bodies)

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    outputs = stack.outputs()
    assert outputs['messages'] == bodies
    assert outputs['message'] == {}
    assert outputs['received'] == len(bodies)
    assert outputs['failures'] == []
    assert outputs['timed_out'] is False
    data = json.loads(outputs['data'])
    assert list(data.values()) == [
        'text', 5, None, True, [1, [2]], {'x': 1}, {'free': 3}, None]
    assert data['k'] == {'x': 1}


def test_messages_that_were_there_before_count(project, queue):
    project.post(queue.name, *range(45))

    stack = project.created('good/queue.yaml',
                            {'queue': queue.name, 'count': 45})

    assert stack.output('messages') == list(range(45))


def test_a_message_as_large_as_zaqar_takes_counts(project, queue):
    body = 'm' * (262144 - len('{"messages": [{"body": ""}]}'))
    project.post(queue.name, body)

    stack = project.created('good/queue.yaml', {'queue': queue.name})

    assert stack.output('message') == body


def test_a_key_counts_once_and_its_first_message_stays(
        project, queue, waiting):
    stack = waiting(queue, count=2)

    project.post(queue.name, *({'id': 'a', 'data': n} for n in range(4)))
    project.post(queue.name, {'id': 'b', 'data': 'b'})

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert json.loads(stack.output('data')) == {'a': 0, 'b': 'b'}


def test_what_cannot_be_judged_is_skipped_and_shown(project, queue, waiting):
    stack = waiting(queue)

    project.post(queue.name, {'status': 'WELL'}, {'id': [1]}, 'good')

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('messages') == ['good']
    told = reasons(project, stack)[-2]
    assert told.startswith('1 of 1 received, 2 skipped: ')
    assert '"id" must be a string or a number, not [1] (1)' in told
    assert '"status" must be one of' in told


class TestConsume:
    """What stays in the queue."""

    def test_a_mailbox_is_emptied_of_what_counted(self, project, mailbox,
                                                  send):
        stack, command = mailbox(count=2)

        for body in ({'id': 'a'}, {'id': 'a'}, {'id': 'b'}):
            send(command, body)

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert project.bodies(stack.output('queue')) == []
        shown = stack.resource('condition').attributes
        assert shown['queue'] == stack.output('queue')

    def test_more_than_were_needed_stay(self, project):
        handle = project.created('good/handle.yaml').output('queue')
        project.post(handle, *range(5))

        stack = project.created('good/queue.yaml',
                                {'queue': handle, 'count': 2})

        assert stack.output('messages') == [0, 1]
        assert project.bodies(handle) == [2, 3, 4]

    def test_another_queue_is_left_as_it_is(self, project, queue):
        project.post(queue.name, 'a', 'b')

        for _condition in range(2):
            project.created('good/queue.yaml',
                            {'queue': queue.name, 'count': 2})

        assert project.bodies(queue.name) == ['a', 'b']

    @pytest.mark.parametrize(('consume', 'left'), [
        (True, []), (False, ['a'])])
    def test_the_property_decides_where_it_is_set(self, project, queue,
                                                  consume, left):
        handle = project.created('good/handle.yaml').output('queue')
        for name in (queue.name, handle):
            project.post(name, 'a')

            project.created('good/consume.yaml',
                            {'queue': name, 'consume': consume})

            assert project.bodies(name) == left

    def test_claimed_messages_count_and_are_removed(self, project):
        handle = project.created('good/handle.yaml').output('queue')
        project.post(handle, *range(30))
        project.queue(handle).claim(ttl=300, grace=60, limit=20)

        stack = project.created('good/queue.yaml',
                                {'queue': handle, 'count': 30})

        assert stack.output('messages') == list(range(30))
        assert project.queue(handle).stats['total'] == 0


def test_the_handle_of_another_stack_is_consumed_too(project, send):
    handle = project.created('good/handle.yaml').outputs()
    stack = project.create('good/queue.yaml', {'queue': handle['queue']})

    send(handle['curl_cli'], 'from far')

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('message') == 'from far'
    assert project.bodies(handle['queue']) == []


def test_progress_shows_as_events_and_metadata(project, mailbox, send,
                                               eventually):
    stack, command = mailbox(count=3)
    for number in (1, 2):
        send(command, {'id': 'w%d' % number})
        summary = '%d of 3 received' % number
        eventually(lambda summary=summary: summary in reasons(project, stack))
        metadata = project.heat.resources.metadata(stack.id, 'condition')
        assert metadata['summary'] == summary
        assert stack.output('received') == number
    send(command, {'status': 'IN_PROGRESS', 'reason': 'formatting'})
    eventually(
        lambda: 'in progress: formatting' in reasons(project, stack))

    send(command, {'id': 'w3'})

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    metadata = project.heat.resources.metadata(stack.id, 'condition')
    assert list(metadata['signals']) == ['w1', 'w2', 'w3']


def test_a_failure_fails_it_with_what_was_received(mailbox, send):
    stack, command = mailbox(count=3)
    send(command, {'id': 'good'})

    send(command, {'id': 'bad', 'status': 'FAILURE',
                    'reason': 'the disk is full'})

    assert stack.wait() == 'CREATE_FAILED'
    assert '1 of 3 received, 1 failed: the disk is full (id bad)' in (
        stack.reason)
    assert stack.output('failures') == ['the disk is full']


def test_a_timeout_tells_what_was_received(project, queue):
    project.post(queue.name, {'id': 'early'}, {'status': 'DONE'})

    stack = project.create('good/queue.yaml', {
        'queue': queue.name, 'count': 2, 'timeout': 2})

    assert stack.wait() == 'CREATE_FAILED'
    assert ('1 of 2 received after 2 seconds; received from: early; 1 '
            'skipped: "status" must be one of SUCCESS, FAILURE, IN_PROGRESS, '
            'not "DONE" (1)') in stack.reason
    assert stack.output('timed_out') is True
    assert stack.output('messages') == [{'id': 'early'}]


def test_after_a_timeout_an_update_goes_on_with_what_was_received(
        project, queue):
    project.post(queue.name, {'id': 'early'})
    parameters = {'queue': queue.name, 'count': 2}
    stack = project.create('good/queue.yaml', {**parameters, 'timeout': 1})
    assert stack.wait() == 'CREATE_FAILED'
    project.post(queue.name, {'id': 'early'}, {'id': 'late'})

    project.updated(stack, 'good/queue.yaml', parameters)

    assert list(json.loads(stack.output('data'))) == ['early', 'late']
    assert stack.output('timed_out') is False


def test_an_update_without_a_change_goes_on_after_a_timeout(
        project, queue):
    parameters = {'queue': queue.name, 'count': 2, 'timeout': 2}
    project.post(queue.name, 'early')
    stack = project.create('good/queue.yaml', parameters)
    assert stack.wait() == 'CREATE_FAILED'

    stack.update(project.folder / 'good/queue.yaml', parameters)
    assert stack.wait() == 'UPDATE_FAILED'
    project.post(queue.name, 'late')
    project.updated(stack, 'good/queue.yaml', parameters)

    assert stack.output('messages') == ['early', 'late']


def test_after_a_failure_an_update_waits_anew(project):
    handle = project.created('good/handle.yaml').output('queue')
    project.post(handle, {'status': 'FAILURE', 'reason': 'first try'})
    stack = project.create('good/queue.yaml', {'queue': handle})
    assert stack.wait() == 'CREATE_FAILED'
    project.post(handle, 'second try')

    project.updated(stack, 'good/queue.yaml', {'queue': handle})

    assert stack.output('messages') == ['second try']
    assert stack.output('failures') == []


def test_a_larger_count_waits_for_more(project, queue):
    project.post(queue.name, 'a')
    stack = project.created('good/queue.yaml', {'queue': queue.name})
    stack.update(project.folder / 'good/queue.yaml',
                 {'queue': queue.name, 'count': 2})

    project.post(queue.name, 'b')

    assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
    assert stack.output('messages') == ['a', 'b']


def test_a_queue_that_is_not_there_is_named(project):
    name = project.name()

    stack = project.create('good/queue.yaml', {'queue': name})

    assert stack.wait() == 'CREATE_FAILED'
    assert ('Property queue of condition: there is no queue "%s". Create it '
            'first' % name) in stack.reason


def test_a_queue_deleted_by_hand_ends_the_wait(project, queue, waiting,
                                               eventually):
    project.post(queue.name, 'one')
    stack = waiting(queue, count=2)
    eventually(lambda: stack.output('received') == 1)

    queue.delete()

    assert stack.wait() == 'CREATE_FAILED'
    assert ('The queue "%s" was deleted while condition waited on it, with '
            '1 of 2 received' % queue.name) in stack.reason


def test_a_stack_that_waits_can_be_deleted(project, queue, waiting):
    stack = waiting(queue)

    project.deleted(stack)

    assert queue.exists()


def test_an_update_that_waits_can_be_cancelled(project, queue, waiting,
                                               eventually):
    project.post(queue.name, {'id': 'a'})
    stack = project.created('good/queue.yaml', {'queue': queue.name})
    stack.update(project.folder / 'good/queue.yaml',
                 {'queue': queue.name, 'count': 2})
    eventually(lambda: 'UPDATE_IN_PROGRESS' in str(
        project.heat.resources.get(stack.id, 'condition').to_dict()))

    project.heat.actions.cancel_without_rollback(stack.id)

    assert stack.wait() == 'UPDATE_FAILED'
    assert stack.output('messages') == [{'id': 'a'}]
    assert stack.resource('condition').attributes['summary'] == (
        '1 of 2 received')


def test_check_tells_of_a_queue_deleted_by_hand(project, queue):
    project.post(queue.name, 'a')
    stack = project.created('good/queue.yaml', {'queue': queue.name})
    project.heat.actions.check(stack.id)
    assert stack.wait() == 'CHECK_COMPLETE', stack.reason

    queue.delete()
    project.heat.actions.check(stack.id)

    assert stack.wait() == 'CHECK_FAILED'
    assert 'The queue "%s" is gone.' % queue.name in stack.reason


def test_a_second_delete_finds_nothing(project, queue):
    project.post(queue.name, 'a')
    stack = project.created('good/queue.yaml', {'queue': queue.name})
    project.deleted(stack)

    with pytest.raises(exc.HTTPNotFound):
        stack.delete()


class TestBroken:
    """Parts of the cloud break while a stack waits."""

    @pytest.fixture
    def project(self, breakable, project_on):
        return project_on(breakable)

    def test_an_engine_killed_and_started_again_counts_each_once(
            self, project, mailbox, send, eventually):
        stack, command = mailbox(count=3)
        send(command, {'id': 'before'})
        eventually(lambda: stack.output('received') == 1)

        project.cloud.services['heat'].kill()
        send(command, {'id': 'between'})
        send(command, {'id': 'before', 'data': 'again'})
        project.cloud.restart('heat')
        # Nobody works on the stack now; an update takes the resource over.
        stack.update(project.folder / 'good/mailbox.yaml', {'count': 3})
        send(command, {'id': 'after'})

        assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
        assert json.loads(stack.output('data')) == {
            'before': None, 'between': None, 'after': None}
        assert project.bodies(stack.output('queue')) == []

    def test_zaqar_gone_and_back_is_waited_for(self, project, queue,
                                               waiting):
        stack = waiting(queue)

        project.cloud.services['zaqar'].kill()
        project.cloud.restart('zaqar')
        project.post(queue.name, 'after')

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert stack.output('messages') == ['after']
