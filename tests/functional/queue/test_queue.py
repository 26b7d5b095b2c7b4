# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Messaging::Queue on the real cloud."""
import json

from heatclient import exc
import pytest


@pytest.fixture
def names(project):
    return {'name': project.name(), 'dead_name': project.name()}


def stored(project, name):
    """What Zaqar has of a queue, our stamp left out."""
    metadata = project.queue(name).metadata()
    del metadata['_heat_owner']
    return metadata


def test_a_bad_property_is_refused_at_validation(bad_template,
                                                 assert_refused):
    assert_refused(bad_template)


def test_metadata_beyond_the_limit_is_refused_at_validation(project, names):
    with pytest.raises(exc.HTTPBadRequest) as refused:
        project.create('good/named.yaml', {
            'name': names['name'],
            'metadata': json.dumps({'much': 'm' * 65536})})

    assert ('Property metadata of queue: 65548 bytes as JSON, at most 65536 '
            'are allowed' in str(refused.value))


def test_without_properties_it_is_named_after_its_stack(project):
    stack = project.created('good/default.yaml')
    outputs = stack.outputs()

    assert outputs['name'].startswith(stack.name + '-queue-')
    assert outputs['id'] == outputs['name']
    assert outputs['href'] == '%s/v2/queues/%s' % (
        project.cloud.endpoints['zaqar'], outputs['name'])
    assert outputs['metadata'] == {}
    assert project.queue(outputs['name']).exists()


def test_a_stack_with_a_long_and_odd_name_gets_a_queue(project):
    stack = project.created('good/default.yaml',
                            name='s.' + 'long_name.' * 9)

    name = stack.output('name')
    assert len(name) <= 64
    assert '.' not in name
    assert project.queue(name).exists()


def test_every_property_reaches_zaqar(project, names):
    stack = project.created('good/everything.yaml', names)

    assert stored(project, names['name']) == {
        '_default_message_ttl': 120,
        '_default_message_delay': 5,
        '_max_messages_post_size': 1024,
        '_dead_letter_queue': names['dead_name'],
        '_dead_letter_queue_messages_ttl': 240,
        '_max_claim_count': 3,
        '_retry_policy': {
            'retries_with_no_delay': 1, 'minimum_delay': 2,
            'minimum_delay_retries': 3, 'maximum_delay': 40,
            'maximum_delay_retries': 5,
            'retry_backoff_function': 'exponential',
            'ignore_subscription_override': True},
        'owner': 'the-team',
        'a/b~c': {'nested': [1, 2.5, None, True]},
    }
    assert stack.output('metadata') == {
        'owner': 'the-team', 'a/b~c': {'nested': [1, 2.5, None, True]}}


def test_properties_are_changed_and_removed_in_place(project, names):
    stack = project.created('good/everything.yaml', names)
    project.queue(names['name']).update({'by_hand': 'stays'})
    project.post(names['name'], 'kept')

    project.updated(stack, 'good/everything-else.yaml', names)

    assert stored(project, names['name']) == {
        '_default_message_ttl': 180,
        '_dead_letter_queue': names['dead_name'],
        '_max_claim_count': 7,
        'a/b~c': 'changed',
        'by_hand': 'stays',
    }
    assert project.queue(names['name']).stats['total'] == 1


def test_stats_count_the_messages_as_they_are(project, names):
    stack = project.created('good/named.yaml', {'name': names['name']})
    project.post(names['name'], *range(3))
    project.queue(names['name']).claim(ttl=60, grace=60, limit=1)

    assert stack.output('stats') == {'free': 2, 'claimed': 1, 'total': 3}


def test_another_name_is_another_queue_and_the_old_one_goes(project):
    old, new = project.name(), project.name()
    stack = project.created('good/named.yaml', {'name': old})

    project.updated(stack, 'good/named.yaml', {'name': new})

    assert project.queue(new).exists()
    assert not project.queue(old).exists()


def test_a_rolled_back_replacement_keeps_queue_and_messages(project):
    old, new = project.name(), project.name()
    stack = project.created('good/named-and-needed.yaml', {'name': old})
    project.post(old, 'kept')

    stack.update(project.folder / 'good/named-and-needed.yaml',
                 {'name': new, 'fail': True}, disable_rollback=False)

    assert stack.wait() == 'ROLLBACK_COMPLETE', stack.reason
    assert project.bodies(old) == ['kept']
    assert not project.queue(new).exists()
    project.deleted(stack)
    assert not project.queue(old).exists()


def test_so_does_one_of_the_same_name(project):
    name = project.name()
    stack = project.created('good/named-and-needed.yaml', {'name': name})
    project.post(name, 'kept')
    project.heat.resources.mark_unhealthy(
        stack.id, 'queue', mark_unhealthy=True,
        resource_status_reason='a test')

    stack.update(project.folder / 'good/named-and-needed.yaml',
                 {'name': name, 'fail': True}, disable_rollback=False)

    assert stack.wait() == 'ROLLBACK_COMPLETE', stack.reason
    assert project.bodies(name) == ['kept']
    project.deleted(stack)
    assert not project.queue(name).exists()


def test_a_replacement_of_the_same_name_keeps_queue_and_messages(project):
    name = project.name()
    stack = project.created('good/named.yaml', {'name': name})
    project.post(name, 'kept')
    project.heat.resources.mark_unhealthy(
        stack.id, 'queue', mark_unhealthy=True,
        resource_status_reason='a test')

    project.updated(stack, 'good/named.yaml', {'name': name})

    assert project.bodies(name) == ['kept']
    project.deleted(stack)
    assert not project.queue(name).exists()


def test_a_create_after_a_failure_goes_on_with_the_same_queue(project):
    name = project.name()
    stack = project.create('good/named-and-failing.yaml', {'name': name})
    assert stack.wait() == 'CREATE_FAILED'
    project.post(name, 'kept')

    project.updated(stack, 'good/named.yaml',
                    {'name': name, 'if_exists': 'fail'})

    assert project.bodies(name) == ['kept']


class TestForeignQueue:
    """A queue of that name was there before."""

    @pytest.fixture
    def foreign(self, project):
        queue = project.queue(project.name())
        queue.create({'whose': 'theirs'})
        yield queue
        queue.delete()

    def test_what_is_set_on_it_is_taken_back(self, project, foreign):
        stack = project.created('good/named.yaml', {
            'name': foreign.name, 'metadata': '{"whose": "ours", "more": 1}'})
        assert stack.output('metadata') == {'whose': 'ours', 'more': 1}

        project.updated(stack, 'good/named.yaml', {
            'name': foreign.name, 'metadata': '{"more": 2}'})
        assert stack.output('metadata') == {'whose': 'theirs', 'more': 2}

        project.deleted(stack)
        assert foreign.metadata() == {'whose': 'theirs'}

    def test_a_replacement_does_not_take_back_what_it_set(self, project,
                                                          foreign):
        parameters = {'name': foreign.name, 'metadata': '{"more": 1}'}
        stack = project.created('good/named.yaml', parameters)
        project.heat.resources.mark_unhealthy(
            stack.id, 'queue', mark_unhealthy=True,
            resource_status_reason='a test')

        project.updated(stack, 'good/named.yaml', parameters)
        assert stack.output('metadata') == {'whose': 'theirs', 'more': 1}

        project.deleted(stack)
        assert foreign.metadata() == {'whose': 'theirs'}

    def test_it_is_taken_over_when_the_template_says_so(self, project,
                                                        foreign):
        foreign.post([{'body': 'early'}])
        parameters = {'name': foreign.name, 'metadata': '{"more": 1}'}
        stack = project.created('good/named.yaml', {
            **parameters, 'if_exists': 'own'})
        assert project.bodies(foreign.name) == ['early']

        project.deleted(stack)

        assert not foreign.exists()

    def test_so_it_is_by_an_update(self, project, foreign):
        stack = project.created('good/named.yaml', {'name': foreign.name})
        project.updated(stack, 'good/named.yaml', {
            'name': foreign.name, 'if_exists': 'own'})

        project.deleted(stack)

        assert not foreign.exists()

    def test_it_is_refused_when_the_template_says_so(self, project, foreign):
        stack = project.create('good/named.yaml', {
            'name': foreign.name, 'if_exists': 'fail',
            'metadata': '{"more": 1}'})

        assert stack.wait() == 'CREATE_FAILED'
        assert ('Property if_exists of queue is "fail", but there is already '
                'a queue "%s", which belongs to no stack.' % foreign.name
                ) in stack.reason
        project.deleted(stack)
        assert foreign.metadata() == {'whose': 'theirs'}


class TestQueueOfAnotherStack:
    """Another stack has made a queue of that name."""

    @pytest.fixture
    def owner(self, project, name):
        return project.created('good/named.yaml', {
            'name': name, 'metadata': '{"a": 1}'})

    def test_it_is_used_and_left_alone(self, project, name, owner):
        before = project.queue(name).metadata()
        other = project.created('good/named.yaml', {
            'name': name, 'metadata': '{"a": 1}'})
        assert project.queue(name).metadata() == before

        project.deleted(other)

        assert project.queue(name).metadata() == before

    @pytest.mark.parametrize('action', ['create', 'update'])
    def test_it_is_not_changed(self, project, name, owner, action):
        before = project.queue(name).metadata()
        other = project.create('good/named.yaml', {
            'name': name, 'metadata': '{"a": %d}' % (action == 'update')})
        other.wait()
        if action == 'update':
            other.update(project.folder / 'good/named.yaml', {
                'name': name, 'metadata': '{"a": 2}'})

        assert other.wait() == action.upper() + '_FAILED'
        assert ('Property metadata of queue: the queue "%s" has other '
                'values, and belongs to the resource "queue" of the stack '
                '%s.' % (name, owner.id)) in other.reason
        project.deleted(other)
        assert project.queue(name).metadata() == before

    def test_it_is_not_taken_over(self, project, name, owner):
        other = project.create('good/named.yaml', {
            'name': name, 'if_exists': 'own'})

        assert other.wait() == 'CREATE_FAILED'
        assert ('is "own", but there is already a queue "%s", which belongs '
                'to the resource "queue" of the stack %s' % (name, owner.id)
                ) in other.reason
        project.deleted(other)
        assert project.queue(name).exists()


def test_a_mailbox_is_not_silenced(project):
    handle = project.created('good/mailbox.yaml')
    other = project.create('good/mailbox-of-another.yaml', {
        'name': handle.output('queue')})

    assert other.wait() == 'CREATE_FAILED'
    assert ('Property max_message_size of queue: the queue "%s" has other '
            'values, and belongs to the resource "handle" of the stack' %
            handle.output('queue')) in other.reason


def test_an_update_without_a_change_mends_a_failed_queue(project):
    queue = project.queue(project.name())
    queue.create({'whose': 'theirs'})
    parameters = {'name': queue.name, 'if_exists': 'fail'}
    stack = project.create('good/named.yaml', parameters)
    assert stack.wait() == 'CREATE_FAILED'

    stack.update(project.folder / 'good/named.yaml', parameters)
    assert stack.wait() == 'UPDATE_FAILED', 'it is still theirs'
    queue.delete()
    project.updated(stack, 'good/named.yaml', parameters)

    assert project.queue(queue.name).metadata()['_heat_owner']


def test_delete_takes_all_subscriptions_with_it(project):
    stack = project.created('good/default.yaml')
    queue = project.queue(stack.output('name'))
    for number in range(25):
        project.zaqar.subscription(
            queue.name, subscriber='http://127.0.0.1:9/%d' % number,
            ttl=600, options={})

    project.deleted(stack)

    assert not queue.exists()
    assert list(project.zaqar.subscriptions(queue.name)) == []


def test_delete_of_a_queue_that_is_gone_is_fine(project):
    stack = project.created('good/default.yaml')
    project.queue(stack.output('name')).delete()

    project.deleted(stack)


def test_an_update_makes_a_queue_deleted_by_hand_anew(project):
    name = project.name()
    stack = project.created('good/named.yaml', {'name': name})
    project.queue(name).delete()

    project.updated(stack, 'good/named.yaml',
                    {'name': name, 'metadata': '{"a": 1}'})

    assert stored(project, name) == {'a': 1}


def test_check_tells_of_a_queue_deleted_by_hand(project):
    name = project.name()
    stack = project.created('good/named.yaml', {'name': name})
    project.heat.actions.check(stack.id)
    assert stack.wait() == 'CHECK_COMPLETE', stack.reason

    project.queue(name).delete()
    project.heat.actions.check(stack.id)

    assert stack.wait() == 'CHECK_FAILED'
    assert 'The queue "%s" is gone.' % name in (
        stack.resource('queue').resource_status_reason)


def test_suspend_and_resume_change_nothing(project):
    name = project.name()
    stack = project.created('good/named.yaml', {'name': name})
    before = project.queue(name).metadata()

    project.heat.actions.suspend(stack.id)
    assert stack.wait() == 'SUSPEND_COMPLETE', stack.reason
    project.heat.actions.resume(stack.id)
    assert stack.wait() == 'RESUME_COMPLETE', stack.reason

    assert project.queue(name).metadata() == before


class TestConverge:
    """An update that first looks at what is really there."""

    @pytest.fixture
    def stack(self, project, names):
        return project.created('good/everything.yaml', names)

    @pytest.fixture
    def converged(self, project, names, stack):
        """Updates with the same template; gives how many queues changed."""
        def run():
            stack.news()
            project.updated(stack, 'good/everything.yaml', names,
                            converge=True)
            return len([line for line in stack.news()
                        if ' queue ' in line and 'UPDATE_COMPLETE' in line])
        return run

    def test_nothing_is_done_when_nothing_changed(self, converged):
        assert converged() == 0

    def test_what_was_changed_by_hand_is_set_again(self, project, names,
                                                   converged):
        before = stored(project, names['name'])
        project.queue(names['name']).update({
            '_default_message_ttl': 999, '_dead_letter_queue': None,
            'owner': 'another', 'by_hand': 1})

        assert converged() == 1
        assert stored(project, names['name']) == before

    def test_what_was_deleted_by_hand_is_made_anew(self, project, names,
                                                   converged):
        before = stored(project, names['name'])
        project.queue(names['name']).delete()

        converged()

        assert stored(project, names['name']) == before

    def test_nothing_is_done_for_what_is_the_servers_default(self, project):
        stack = project.created('good/servers-defaults.yaml')
        stack.news()

        project.updated(stack, 'good/servers-defaults.yaml', converge=True)

        assert ' queue ' not in '\n'.join(stack.news())
