# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Workflow::CustomResource on the real cloud, with real workers."""
import datetime
import json
import time

from heatclient import exc
import pytest

from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options
from tests import workers as worker_processes


def test_a_bad_property_is_refused_at_validation(bad_template,
                                                 assert_refused):
    assert_refused(bad_template)


def test_properties_that_are_too_large_are_refused(project):
    with pytest.raises(exc.HTTPBadRequest, match='Property properties of '
                       'thing: 24589 bytes as JSON, at most 24576'):
        project.create('good/one.yaml', {
            'queue': 'q', 'properties': {'x': 'y' * 24580}})


@pytest.fixture
def one(project, workers):
    """Begins, or with ``update`` changes, the stack of one resource."""
    def begin(properties=None, update=None, template='good/one.yaml',
              **parameters):
        parameters.update(queue=workers.queue, properties=properties or {})
        if update is None:
            return project.create(template, parameters)
        update.update(project.folder / template, parameters)
        return update
    return begin


@pytest.fixture
def reasons(project):
    """The reasons of a resource's events, in their order."""
    def listed(stack, name='thing'):
        try:
            events = project.heat.events.list(
                stack.id, resource_name=name, sort_dir='asc')
        except exc.HTTPNotFound:  # none yet
            return []
        return [event.resource_status_reason for event in events]
    return listed


@pytest.fixture
def queues(project):
    """The names of all queues in the project."""
    def listed():
        names = set()
        marker = None
        while page := [each.name for each in project.zaqar.queues(
                           limit=20, marker=marker)[0]
                       if each.name not in names]:
            names.update(page)
            marker = page[-1]
        return names
    return listed


@pytest.fixture
def hand(project, workers):
    return worker_processes.Hand(project.queue(workers.queue))


def wait(stack, status):
    assert stack.wait() == status, stack.reason
    return stack


def delete(stack):
    """Delete again until a worker, which takes a while to start, answers."""
    for _try in range(10):
        stack.delete()
        if stack.wait() == 'DELETE_COMPLETE':
            return
    pytest.fail(stack.reason)


class TestLife:

    def test_a_thing_is_created_updated_and_deleted(
            self, project, one, workers, queues):
        before = queues()
        workers.start()

        stack = wait(one({'id': 'it', 'data': {'ip': '192.0.2.7'}}),
                     'CREATE_COMPLETE')
        assert workers.things == {'it': {'id': 'it',
                                         'data': {'ip': '192.0.2.7'}}}
        outputs = stack.outputs()
        assert outputs['id'] == outputs['physical_id'] == 'it'
        assert outputs['data'] == {'ip': '192.0.2.7'}
        assert outputs['ip'] == '192.0.2.7'
        assert outputs['reason'].startswith('made by')
        shown = stack.resource('thing')
        assert shown.physical_resource_id == 'it'
        assert shown.attributes['data'] == {'ip': '192.0.2.7'}
        assert shown.attributes['pending'] is None

        wait(one({'n': 2}, update=stack), 'UPDATE_COMPLETE')
        assert workers.things == {'it': {'n': 2}}
        assert stack.output('data') == {}

        project.deleted(stack)
        assert workers.things == {}
        assert workers.acts == [('Create', 'thing'), ('Update', 'thing'),
                                ('Delete', 'thing')]
        assert queues() == before
        assert project.bodies(workers.queue) == []

    def test_what_did_not_change_asks_nobody(self, one, workers):
        workers.start()
        stack = wait(one({'n': 1}), 'CREATE_COMPLETE')

        wait(one({'n': 1}, update=stack), 'UPDATE_COMPLETE')
        wait(one({'n': 1}, update=stack, timeout=70), 'UPDATE_COMPLETE')

        assert workers.acts == [('Create', 'thing')]

    def test_the_request_says_all(self, project, one, hand, eventually):
        stack = one({'n': [1, {'x': None}]}, heartbeat=30)
        request = dict(eventually(hand.claim))
        reply_to = request.pop('reply')
        hand.reply(physical_id='it')

        wait(stack, 'CREATE_COMPLETE')
        assert request.pop('request_id')
        # A late reply is of use, for a day after the deadline.
        deadline, expires = map(datetime.datetime.fromisoformat, (
            request.pop('deadline'), reply_to['expires']))
        assert datetime.timedelta(hours=23) < expires - deadline
        assert request == {
            'request_type': 'Create', 'heartbeat': 30,
            'resource_type': 'Zaqar::Workflow::CustomResource',
            'resource_name': 'thing', 'stack_id': stack.id,
            'stack_name': stack.name, 'physical_id': None,
            'project_id': project.zaqar._adapter.session.get_project_id(),
            'properties': {'n': [1, {'x': None}]}, 'old_properties': None}
        assert set(reply_to) == {'url', 'headers', 'queue', 'expires'}

    def test_a_type_of_ones_own_is_told_to_the_worker(self, project, workers):
        workers.start()
        project.created('good/defaults.yaml', {'queue': workers.queue},
                        environment={'resource_registry': {
                            'Custom::Thing':
                                'Zaqar::Workflow::CustomResource'}})

        assert workers.resource_types == {'Custom::Thing'}

    def test_a_changed_queue_is_used_from_then_on(self, project, one, workers,
                                                  name):
        workers.start()
        stack = wait(one({'n': 1}), 'CREATE_COMPLETE')
        other = project.queue(name)
        other.create({})
        stack.update(project.folder / 'good/one.yaml', {
            'queue': name, 'properties': {'n': 2}})
        hand = worker_processes.Hand(other)
        while hand.claim() is None:
            pass
        hand.reply()

        wait(stack, 'UPDATE_COMPLETE')
        assert hand.request['request_type'] == 'Update'
        wait(one({'n': 2}, update=stack), 'UPDATE_COMPLETE')
        other.delete()

    def test_suspending_and_resuming_tells_nobody(self, project, one,
                                                  workers):
        workers.start()
        stack = wait(one(), 'CREATE_COMPLETE')
        project.heat.actions.suspend(stack.id)
        wait(stack, 'SUSPEND_COMPLETE')
        project.heat.actions.resume(stack.id)
        wait(stack, 'RESUME_COMPLETE')

        assert workers.acts == [('Create', 'thing')]

    def test_check_tells_of_a_queue_deleted_by_hand(self, project, one,
                                                    hand, workers,
                                                    eventually):
        stack = one()
        eventually(hand.claim)
        hand.reply()
        wait(stack, 'CREATE_COMPLETE')
        project.heat.actions.check(stack.id)
        wait(stack, 'CHECK_COMPLETE')

        project.queue(workers.queue).delete()
        project.heat.actions.check(stack.id)

        assert wait(stack, 'CHECK_FAILED')
        assert 'The queue "%s" is gone.' % workers.queue in stack.reason
        stack.delete()
        wait(stack, 'DELETE_FAILED')
        assert 'there is no queue "%s"' % workers.queue in stack.reason
        project.queue(workers.queue).create({})
        stack.delete()
        eventually(hand.claim)
        hand.reply()
        wait(stack, 'DELETE_COMPLETE')


class TestReplacement:

    @pytest.fixture
    def two(self, project, workers):
        """A stack of two resources, the second of which needs the first."""
        workers.start()
        return project.created('good/two.yaml', {
            'queue': workers.queue, 'of_first': {'id': 'old'},
            'of_second': {'id': 'second'}})

    def update(self, project, workers, stack, **parameters):
        stack.update(project.folder / 'good/two.yaml', {
            'queue': workers.queue, 'of_second': {'id': 'second'},
            **parameters}, disable_rollback=False)

    def test_what_depends_on_it_is_updated_before_the_old_is_deleted(
            self, project, two, workers):
        self.update(project, workers, two, of_first={'new': 1})

        wait(two, 'UPDATE_COMPLETE')
        assert workers.acts[2:] == [('Update', 'first'), ('Update', 'second'),
                                    ('Delete', 'first')]
        new = two.output('id')
        assert workers.things == {
            new: {'new': 1}, 'second': {'id': 'second', 'of': new}}
        project.deleted(two)
        assert workers.things == {}

    def test_a_rollback_goes_back_to_the_old_and_deletes_the_new(
            self, project, two, workers):
        self.update(project, workers, two, of_first={'new': 1},
                    of_second={'id': 'second', 'fail': 'no'})

        wait(two, 'ROLLBACK_COMPLETE')
        assert two.output('id') == 'old'
        assert workers.things == {
            'old': {'id': 'old'}, 'second': {'id': 'second', 'of': 'old'}}
        assert sorted(workers.acts[2:]) == [
            ('Delete', 'first'), ('Update', 'first'), ('Update', 'second'),
            ('Update', 'second')]
        project.deleted(two)
        assert workers.things == {}

    def test_what_was_updated_in_place_is_updated_back(self, project, two,
                                                       workers):
        self.update(project, workers, two, of_first={'n': 2},
                    of_second={'id': 'second', 'fail': 'no'})

        wait(two, 'ROLLBACK_COMPLETE')
        assert workers.things == {
            'old': {'id': 'old'}, 'second': {'id': 'second', 'of': 'old'}}
        assert workers.acts.count(('Update', 'first')) == 2

    def test_what_is_marked_unhealthy_is_made_anew(self, project, one,
                                                   workers):
        workers.start()
        stack = wait(one({'n': 1}), 'CREATE_COMPLETE')
        old = stack.output('id')
        project.heat.resources.mark_unhealthy(stack.id, 'thing', True, 'ill')

        wait(one({'n': 1}, update=stack), 'UPDATE_COMPLETE')

        assert stack.output('id') != old
        assert workers.things == {stack.output('id'): {'n': 1}}

    def test_twice_in_a_row(self, project, two, workers):
        for number in (1, 2):
            self.update(project, workers, two, of_first={'new': number})
            wait(two, 'UPDATE_COMPLETE')

        new = two.output('id')
        assert workers.things == {
            new: {'new': 2}, 'second': {'id': 'second', 'of': new}}


class TestFailure:

    def test_its_reason_is_the_stacks_and_nothing_is_left(
            self, project, one, workers):
        workers.start()
        stack = wait(one({'fail': 'no space'}), 'CREATE_FAILED')

        assert '(Create) failed: no space' in stack.reason
        project.deleted(stack)
        assert workers.acts == [('Create', 'thing')]

    def test_an_exception_of_the_handler_is_one(self, one, workers):
        workers.start()
        stack = wait(one({'id': 'no/such/folder'}), 'CREATE_FAILED')

        assert 'FileNotFoundError' in stack.reason
        assert 'Traceback' in workers.log

    def test_what_it_left_behind_is_deleted(self, project, one, workers):
        workers.start()
        stack = wait(one({'fail': 'no space', 'leave': 'half'}),
                     'CREATE_FAILED')
        assert 'half' in workers.things

        project.deleted(stack)

        assert workers.things == {}

    def test_an_update_after_it_creates_anew(self, one, workers):
        workers.start()
        stack = wait(one({'fail': 'no space', 'leave': 'half'}),
                     'CREATE_FAILED')

        wait(one({'id': 'whole'}, update=stack), 'UPDATE_COMPLETE')

        assert workers.things == {'whole': {'id': 'whole'}}
        assert workers.acts == [('Create', 'thing'), ('Delete', 'thing'),
                                ('Create', 'thing')]

    def test_a_rollback_of_the_create_deletes_what_was_made(
            self, project, workers):
        workers.start()
        stack = project.create('good/two.yaml', {
            'queue': workers.queue, 'of_first': {'id': 'first'},
            'of_second': {'fail': 'no'}}, disable_rollback=False)

        wait(stack, 'ROLLBACK_COMPLETE')
        assert workers.things == {}
        assert ('Delete', 'second') not in workers.acts


class TestDeadWorker:

    def test_a_create_fails_at_its_timeout_and_leaves_nothing(
            self, project, one, workers):
        project.post(workers.queue, 'something else')
        stack = wait(one(timeout=1), 'CREATE_FAILED')

        assert ('unclaimed requests in the queue "%s": 2, and this one was '
                'withdrawn' % workers.queue) in stack.reason
        assert project.bodies(workers.queue) == ['something else']
        project.deleted(stack)

    def test_a_delete_fails_at_its_timeout_and_can_be_tried_again(
            self, project, one, workers):
        workers.start()
        stack = wait(one({'id': 'it'}), 'CREATE_COMPLETE')
        workers.stop()
        # A shorter timeout asks nothing of a worker.
        wait(one({'id': 'it'}, update=stack, timeout=2), 'UPDATE_COMPLETE')

        for _try in range(2):
            stack.delete()
            wait(stack, 'DELETE_FAILED')
            assert 'Fix this and delete again' in stack.reason
            assert project.bodies(workers.queue) == []

        workers.start()
        delete(stack)
        assert workers.things == {}

    def test_what_nobody_serves_any_more_is_let_go(self, one, workers):
        workers.start()
        stack = wait(one({'id': 'it'}), 'CREATE_COMPLETE')
        workers.stop()
        # A shorter timeout asks nothing of a worker.
        wait(one({'id': 'it'}, update=stack, timeout=2), 'UPDATE_COMPLETE')
        stack.delete()
        wait(stack, 'DELETE_FAILED')
        assert 'heat_plugins.worker.abandon:Abandon' in stack.reason

        workers.start(handler='heat_plugins.worker.abandon:Abandon')
        delete(stack)

        assert list(workers.things) == ['it']

    def test_a_queue_deleted_while_a_request_waits_is_told_of(
            self, project, one, workers, eventually):
        stack = one()
        eventually(lambda: project.bodies(workers.queue))
        project.queue(workers.queue).delete()

        wait(stack, 'CREATE_FAILED')
        assert 'the queue "%s" was deleted' % workers.queue in stack.reason
        project.queue(workers.queue).create({})
        workers.start()
        project.deleted(stack)

    def test_what_is_retained_is_not_asked_for(self, project, one, workers):
        workers.start()
        stack = wait(one({'id': 'it'}, template='good/retained.yaml'),
                     'CREATE_COMPLETE')
        workers.stop()

        project.deleted(stack)

        assert list(workers.things) == ['it']

    def test_silence_after_a_sign_of_life_is_a_failure(self, one, hand,
                                                       eventually):
        stack = one(heartbeat=2)
        eventually(hand.claim)
        hand.reply(status='IN_PROGRESS', reason='40 %')

        wait(stack, 'CREATE_FAILED')
        assert ('no sign of life from the worker for 2 seconds; last in '
                'progress: 40 %') in stack.reason
        hand.reply()
        hand.forget()
        stack.delete()
        eventually(hand.claim)
        assert hand.request['request_type'] == 'Delete'
        hand.reply()
        wait(stack, 'DELETE_COMPLETE')

    def test_a_worker_that_works_shows_that_it_lives(self, one, workers,
                                                     reasons, eventually):
        workers.start()
        stack = one({'wait_for': 'go', 'say': 'half of it'}, heartbeat=1.5)
        eventually(lambda: 'in progress: half of it' in reasons(stack))
        # twice the heartbeat passes
        time.sleep(3)
        workers.let('go')

        wait(stack, 'CREATE_COMPLETE')


class TestReplies:

    def test_one_that_breaks_the_schema_is_told_of_and_ignored(
            self, one, hand, reasons, eventually):
        stack = one()
        eventually(hand.claim)
        hand.reply('nonsense', {
            'request_id': hand.request['request_id'], 'status': 'DONE'})
        eventually(lambda: any(
            'ignored: ' in each and
            'reply.status: expected: SUCCESS or FAILED' in each
            for each in reasons(stack)))
        hand.reply(physical_id='it')

        wait(stack, 'CREATE_COMPLETE')

    def test_one_to_another_request_is_ignored(self, one, hand, eventually):
        stack = one()
        eventually(hand.claim)
        hand.reply({'request_id': 'of old', 'status': 'FAILED'})
        hand.reply(physical_id='it')

        wait(stack, 'CREATE_COMPLETE')

    def test_one_that_comes_twice_counts_once(self, one, hand, eventually):
        stack = one({'n': 1})
        eventually(hand.claim)
        for _time in range(2):
            hand.reply(physical_id='it')
        wait(stack, 'CREATE_COMPLETE')
        hand.forget()
        first = hand.request['request_id']
        hand.reply(physical_id='it')

        one({'n': 2}, update=stack)
        eventually(hand.claim)
        assert hand.request['request_type'] == 'Update'
        assert hand.request['request_id'] != first
        hand.reply(data={'n': 2})

        wait(stack, 'UPDATE_COMPLETE')
        assert stack.output('data') == {'n': 2}

    def test_one_after_the_timeout_tells_what_is_to_be_deleted(
            self, one, hand, eventually):
        stack = one(timeout=2)
        eventually(hand.claim)
        wait(stack, 'CREATE_FAILED')
        assert 'and this one is with a worker' in stack.reason
        hand.reply(physical_id='late')
        hand.forget()

        stack.delete()
        eventually(hand.claim)

        assert hand.request['request_type'] == 'Delete'
        assert hand.request['physical_id'] == 'late'
        hand.reply()
        wait(stack, 'DELETE_COMPLETE')


class TestInProgress:
    """Something else is wanted while a worker works."""

    def test_an_update_during_the_create_follows_it(self, one, workers,
                                                    eventually):
        workers.start()
        stack = one({'wait_for': 'go', 'id': 'it'})
        eventually(lambda: workers.acts)
        one({'n': 2}, update=stack)
        workers.let('go')

        wait(stack, 'UPDATE_COMPLETE')
        assert workers.things == {'it': {'n': 2}}
        assert workers.acts == [('Create', 'thing'), ('Update', 'thing')]

    def test_a_delete_during_the_create_waits_for_it(self, one, workers,
                                                     eventually):
        workers.start()
        stack = one({'wait_for': 'go', 'id': 'it'})
        eventually(lambda: workers.acts)
        stack.delete()
        eventually(lambda: stack.status == 'DELETE_IN_PROGRESS')
        workers.let('go')

        wait(stack, 'DELETE_COMPLETE')
        assert workers.things == {}
        assert workers.acts == [('Create', 'thing'), ('Delete', 'thing')]

    def test_a_delete_before_anybody_begins_withdraws_the_create(
            self, project, one, workers, eventually):
        stack = one()
        eventually(lambda: project.bodies(workers.queue))
        project.deleted(stack)

        assert project.bodies(workers.queue) == []

    def test_a_cancelled_update_is_settled_by_the_next(self, project, one,
                                                       workers, eventually):
        workers.start()
        stack = wait(one({'id': 'it'}), 'CREATE_COMPLETE')
        one({'wait_for': 'go', 'n': 2}, update=stack)
        eventually(lambda: ('Update', 'thing') in workers.acts)
        project.heat.actions.cancel_without_rollback(stack.id)
        wait(stack, 'UPDATE_FAILED')
        workers.let('go')

        wait(one({'n': 3}, update=stack), 'UPDATE_COMPLETE')

        assert workers.things == {'it': {'n': 3}}


class TestSensitive:
    SECRET = 'hush-hush-8d1f'

    @pytest.fixture(scope='class')
    @classmethod
    def cloud(cls):
        with clouds.Cloud.ephemeral(options=options.Options(heat={
                'DEFAULT': {'debug': True}})) as running:
            yield running

    def test_its_data_is_for_templates_only(self, project, cloud, one, hand,
                                            reasons, eventually):
        stack = one(sensitive=True)
        eventually(hand.claim)
        hand.reply(physical_id='it', data={'ip': self.SECRET})
        wait(stack, 'CREATE_COMPLETE')

        assert stack.output('ip') == self.SECRET
        shown = stack.resource('thing')
        assert shown.attributes['physical_id'] == 'it'
        assert self.SECRET not in json.dumps(shown.to_dict())
        assert self.SECRET not in json.dumps([
            each.to_dict() for each in project.heat.events.list(stack.id)])
        assert project.heat.resources.get(
            stack.id, 'thing', with_attr=['data']).attributes['data'] == {
                'ip': self.SECRET}
        log = (cloud.directory / 'log' / 'heat.log').read_text()
        assert 'DEBUG' in log
        assert hand.request['request_id'] in log
        assert self.SECRET not in log
        assert hand.request['reply']['headers']['URL-Signature'] not in log
