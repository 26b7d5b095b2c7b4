# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Workflow::WaitConditionHandle on the real cloud."""
import json
import pathlib

import pytest
import requests

from heat_plugins.localcloud import clients
from heat_plugins.zaqar import ownership


@pytest.fixture
def handle(project):
    """A stack of a handle alone."""
    return project.created('good/handle.yaml')


@pytest.fixture
def stock(project, eventually):
    """Begins a stack with the stock condition; gives it and the command."""
    def begin(**parameters):
        stack = project.create('good/stock.yaml', parameters)
        return stack, eventually(lambda: stack.output('curl_cli'))
    return begin


def test_a_bad_property_is_refused_at_validation(bad_template,
                                                 assert_refused):
    assert_refused(bad_template)


def test_its_attributes_are_one_mailbox(project, handle):
    outputs = handle.outputs()

    assert outputs['id'] == outputs['queue']
    assert outputs['url'] == '%s/v2/queues/%s/messages' % (
        project.cloud.endpoints['zaqar'], outputs['queue'])
    assert outputs['signal_url'].startswith(project.cloud.endpoints['heat'])
    signal = json.loads(outputs['signal'])
    assert signal == {
        'queue': outputs['queue'], 'url': outputs['url'],
        'headers': outputs['headers'], 'curl_cli': outputs['curl_cli'],
        'expires': outputs['headers']['URL-Expires']}


def test_url_and_headers_are_all_that_a_post_needs(project, handle):
    outputs = handle.outputs()

    answer = requests.post(
        outputs['url'], headers=outputs['headers'],
        json={'messages': [{'body': 1}, {'body': {'two': 2}}]}, timeout=30)

    assert answer.status_code == 201
    assert project.bodies(outputs['queue']) == [1, {'two': 2}]


@pytest.mark.parametrize(('method', 'path'), [
    ('GET', '/messages'), ('DELETE', '/messages?ids=a'), ('POST', '/claims'),
    ('GET', ''), ('DELETE', ''), ('POST', '/subscriptions')])
def test_they_allow_nothing_else(handle, method, path):
    outputs = handle.outputs()

    answer = requests.request(
        method, outputs['url'].removesuffix('/messages') + path,
        headers=outputs['headers'], json={}, timeout=30)

    assert answer.status_code in (403, 404)


def test_show_tells_nothing_that_lets_a_reader_signal(project, handle):
    outputs = handle.outputs()

    shown = handle.resource('handle').attributes
    asked = project.heat.resources.get(handle.id, 'handle',
                                       with_attr=['curl_cli']).attributes

    assert shown == {'queue': outputs['queue'],
                     'expires': outputs['headers']['URL-Expires']}
    assert asked['curl_cli'] == outputs['curl_cli']


class TestStockCondition:
    """Under OS::Heat::WaitCondition."""

    def test_it_counts_signals_and_gives_their_data(self, stock, send,
                                                    project):
        stack, command = stock(count=3)

        for body in ({'id': 'a', 'data': 1}, {'id': 'b', 'data': {'x': 2}},
                     {'id': 'a', 'data': 'again'}, 'plain'):
            send(command, body)

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        data = json.loads(stack.output('data'))
        assert (data.pop('a'), data.pop('b')) == (1, {'x': 2})
        assert list(data.values()) == ['plain']
        assert project.bodies(stack.output('queue')) == []

    def test_a_failure_fails_it_with_its_reason(self, stock, send):
        stack, command = stock(count=2)

        send(command, {'status': 'FAILURE', 'reason': 'the disk is full'})

        assert stack.wait() == 'CREATE_FAILED'
        assert 'the disk is full' in stack.reason

    @pytest.mark.parametrize('body', [
        {'Status': 'FAILURE', 'Reason': 'no disk', 'UniqueId': 'w1',
         'Data': ''},
        {'deploy_status_code': 1, 'deploy_stderr': 'no disk',
         'deploy_stdout': ''}])
    def test_a_failure_in_other_words_fails_it(self, stock, send, body):
        stack, command = stock()

        send(command, body)

        assert stack.wait() == 'CREATE_FAILED'
        assert 'no disk' in stack.reason

    def test_what_cannot_be_judged_does_not_fail_it(self, stock, send):
        stack, command = stock()

        for body in ({'status': 'WELL'}, {'id': {}}, {'Status': 'failed'},
                     {'STATUS': 'FAILURE'}, {'deploy_stderr': 'no disk'},
                     {'status': 'IN_PROGRESS', 'reason': 'half'},
                     {'status': None, 'reason': 'no disk'},
                     {'id': None, 'reason': None, 'data': 'good'}):
            send(command, body)

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert list(json.loads(stack.output('data')).values()) == ['good']

    def test_it_times_out(self, stock):
        stack, _command = stock(timeout=1)

        assert stack.wait() == 'CREATE_FAILED'
        assert '0 of 1 received' in stack.reason


@pytest.mark.parametrize(('details', 'body'), [
    ({'id': 'x', 'data': [1]}, {'id': 'x', 'data': [1]}), (None, {})])
def test_heats_signal_api_posts_to_the_mailbox(project, handle, eventually,
                                               details, body):
    queue = handle.output('queue')

    project.heat.resources.signal(handle.id, 'handle', data=details)

    assert eventually(lambda: project.bodies(queue)) == [body]


def test_its_signal_url_takes_a_token_of_the_project(project, handle,
                                                     eventually):
    queue = handle.output('queue')

    answer = clients.session(project.cloud).post(
        handle.output('signal_url'), json={'id': 'y'})

    assert answer.status_code == 200
    assert eventually(lambda: project.bodies(queue)) == [{'id': 'y'}]


@pytest.mark.parametrize('change', [{'rearm': 'second'}, {'ttl': 600}])
def test_an_update_signs_anew_and_keeps_the_mailbox(project, handle, send,
                                                    change):
    before = handle.outputs()
    send(before['curl_cli'], 'kept')

    project.updated(handle, 'good/handle.yaml', change)

    after = handle.outputs()
    assert after['queue'] == before['queue']
    # A signature tells seconds: two of one second are alike, their ids not.
    assert after['headers']['Client-ID'] != before['headers']['Client-ID']
    send(after['curl_cli'], 'new')
    send(before['curl_cli'], 'old')
    assert project.bodies(after['queue']) == ['kept', 'new', 'old']


def test_an_update_makes_a_mailbox_deleted_by_hand_anew(project, handle):
    queue = project.queue(handle.output('queue'))
    stamped = queue.metadata()
    queue.delete()

    project.updated(handle, 'good/handle.yaml', {'rearm': 'second'})

    assert queue.metadata() == stamped


def test_it_needs_no_user(project, handle):
    users = clients.session(project.cloud, admin=True).get(
        '/users', endpoint_filter={'service_type': 'identity'}).json()

    names = [user['name'] for user in users['users']]
    assert 'demo' in names
    assert not [name for name in names if handle.name in name]


def test_its_credentials_are_stored_and_logged_nowhere(project, handle):
    signature = handle.output('headers')['URL-Signature'].encode()
    directory = pathlib.Path(project.cloud.directory)

    stored = list((directory / 'heat').glob('heat.sqlite*'))
    assert stored
    for file in [*stored, project.cloud.log('heat')]:
        assert signature not in file.read_bytes()


def test_check_tells_of_a_mailbox_deleted_by_hand(project, handle):
    project.heat.actions.check(handle.id)
    assert handle.wait() == 'CHECK_COMPLETE', handle.reason
    name = handle.output('queue')

    project.queue(name).delete()
    project.heat.actions.check(handle.id)

    assert handle.wait() == 'CHECK_FAILED'
    assert 'The queue "%s" is gone.' % name in handle.reason


def test_suspend_and_resume_leave_it_usable(project, handle, shell):
    project.heat.actions.suspend(handle.id)
    assert handle.wait() == 'SUSPEND_COMPLETE', handle.reason
    project.heat.actions.resume(handle.id)
    assert handle.wait() == 'RESUME_COMPLETE', handle.reason

    assert shell(handle.output('curl_cli')).returncode == 0


@pytest.mark.parametrize('by_hand', [False, True])
def test_delete_leaves_no_queue(project, handle, by_hand):
    queue = project.queue(handle.output('queue'))
    if by_hand:
        queue.delete()

    project.deleted(handle)

    assert not queue.exists()


def test_one_that_a_late_signal_made_again_is_deleted(project, handle):
    queue = project.queue(handle.output('queue'))
    queue.delete()
    queue.post([{'body': 'late'}])

    project.deleted(handle)

    assert not queue.exists()


def test_another_resources_queue_of_its_name_is_not_deleted(project, handle):
    queue = project.queue(handle.output('queue'))
    theirs = ownership.Stamp('stack', 'queue', 'uuid').as_metadata()
    queue.delete()
    queue.create(theirs)

    project.deleted(handle)

    assert queue.metadata() == theirs
    queue.delete()
