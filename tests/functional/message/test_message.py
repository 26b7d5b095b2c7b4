# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Messaging::Message on the real cloud."""
import json

from cloudevents.core.formats import json as json_format
import pytest


def test_a_bad_property_is_refused_at_validation(bad_template,
                                                 assert_refused):
    assert_refused(bad_template)


@pytest.fixture
def queue(project, name):
    """A queue of the stack's name; gives its messages' bodies."""
    project.queue(name).create({})
    return lambda: project.bodies(name)


@pytest.fixture
def run(project, name, queue):
    """Creates the stack, or updates it, with parameters."""
    stacks = []

    def act(**parameters):
        parameters = {key: json.dumps(value) if isinstance(value, dict | list)
                      else value for key, value in parameters.items()}
        if stacks:
            return project.updated(stacks[0], 'good/message.yaml', parameters)
        stacks.append(project.created('good/message.yaml', parameters,
                                      name=name))
        return stacks[0]
    return act


BODY = {'n': [1, 2.5, None, True], 'text': 'a"b\\\u20ac\U0001f600',
        'deep': [[{}]]}


def test_the_body_arrives_as_it_is(project, name, run, queue):
    stack = run(body=BODY)

    [message] = project.queue(name).page()
    assert (message['body'], message['ttl']) == (BODY, 600)
    assert stack.output('id') == stack.output('message_id') == message['id']
    assert stack.output('href').endswith('/v2/queues/%s/messages/%s' % (
        name, message['id']))


def test_each_update_of_the_stack_posts_again(run, queue):
    run(body={'n': 1})
    run(body={'n': 1})
    run(body={'n': 2})

    assert queue() == [{'n': 1}, {'n': 1}, {'n': 2}]


def test_only_the_actions_asked_for_post(project, run, queue):
    stack = run(body={'n': 1}, actions=['DELETE'])
    run(body={'n': 2}, actions=['DELETE'])
    assert queue() == []

    project.deleted(stack)

    assert queue() == [{'n': 2}]


def test_suspend_and_resume_post(project, run, queue):
    stack = run(actions=['SUSPEND', 'RESUME'], envelope='cloudevents')
    for act in project.heat.actions.suspend, project.heat.actions.resume:
        act(stack.id)
        stack.wait()

    assert [each['type'] for each in queue()] == [
        'org.openstack.heat.stack.suspend',
        'org.openstack.heat.stack.resume']


def test_an_event_is_one_of_cloudevents(project, name, run, queue):
    stack = run(body=BODY, envelope='cloudevents',
                actions=['CREATE', 'UPDATE', 'DELETE'])
    run(body=BODY, envelope='cloudevents',
        actions=['CREATE', 'UPDATE', 'DELETE'])
    project.deleted(stack)

    events = [json_format.JSONFormat().read(None, json.dumps(each))
              for each in queue()]
    assert [each.get_type() for each in events] == [
        'org.openstack.heat.stack.' + action
        for action in ('create', 'update', 'delete')]
    assert {each.get_source() for each in events} == {
        '/stacks/%s/%s/resources/message' % (name, stack.id)}
    assert {each.get_subject() for each in events} == {name}
    assert len({each.get_id() for each in events}) == 3
    assert all(each.get_time().tzinfo for each in events)
    assert all(each.get_data() == BODY for each in events)


def test_the_type_of_an_event_can_be_given(project, name, queue):
    project.created('good/typed.yaml', name=name)

    [event] = queue()
    assert event['type'] == 'com.example.deployed'
    assert 'data' not in event


def test_a_failure_elsewhere_does_not_undo_what_was_posted(
        project, name, queue):
    stack = project.create('good/message.yaml', {'fail': True}, name=name)
    assert stack.wait() == 'CREATE_FAILED'

    project.updated(stack, 'good/message.yaml', {'actions': '["CREATE"]'})

    assert queue() == [{}]


def test_an_event_that_was_not_posted_is_posted_under_its_first_id(
        project, name, queue):
    parameters = {'envelope': 'cloudevents', 'ttl': 120,
                  'actions': '["CREATE"]'}
    project.queue(name).update({'_max_messages_post_size': 10})
    stack = project.create('good/message.yaml', parameters, name=name)
    assert stack.wait() == 'CREATE_FAILED'
    assert 'message' in stack.reason
    first = pending(stack)

    stack.update(project.folder / 'good/message.yaml', parameters)
    assert stack.wait() == 'UPDATE_FAILED'
    assert pending(stack) == first
    project.queue(name).update({'_max_messages_post_size': None})
    project.updated(stack, 'good/message.yaml', parameters)

    [event] = queue()
    assert event['id'] == first
    assert event['type'] == 'org.openstack.heat.stack.create'


def pending(stack):
    """The id of the event that is to be posted."""
    return stack.resource('message').attributes['pending']


def test_a_queue_that_is_not_there_is_an_error(project, name):
    stack = project.create('good/message.yaml', name=name)

    assert stack.wait() == 'CREATE_FAILED'
    assert ('Property queue of message: there is no queue "%s". Create it '
            'first' % name) in stack.reason
    assert not project.queue(name).exists()
    project.deleted(stack)


def test_a_queue_that_is_gone_does_not_hold_the_deletion(project, name, run):
    stack = run(actions=['DELETE'])
    project.queue(name).delete()

    project.deleted(stack)

    assert not project.queue(name).exists()


def test_check_tells_that_the_queue_is_gone(project, name, run):
    stack = run()
    project.queue(name).delete()

    project.heat.actions.check(stack.id)

    assert stack.wait() == 'CHECK_FAILED'
    assert ('The queue "%s" is gone.' % name) in (
        stack.resource('message').resource_status_reason)


def test_a_delay_hides_the_message(project):
    stack = project.created('good/delayed.yaml')

    assert project.bodies(stack.output('queue')) == []
