# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar worker`` as an operator uses it."""
import json
import os
import signal
import socket
import subprocess

import pytest
import requests

from tests import workers as processes

HANDLER = 'things:AnyThing'


@pytest.fixture
def one(project, workers):
    """Begins the stack of one resource."""
    def begin(**properties):
        return project.create('good/one.yaml', {
            'queue': workers.queue, 'properties': properties})
    return begin


def run(*arguments, **variables):
    """Run the command to an end that is to come soon."""
    return subprocess.run([*processes.COMMAND, *arguments],
                          cwd=processes.FOLDER,
                          env={**os.environ, **variables},
                          capture_output=True, text=True, timeout=60)


def test_a_keystone_user_may_serve_a_queue(cloud, one, workers):
    workers.run([*processes.COMMAND, 'things:Things', '--queue',
                 workers.queue], processes.FOLDER, **cloud.environment())
    stack = one(id='it')

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert list(workers.things) == ['it']


def test_it_logs_where_oslo_log_is_told_to(one, workers, tmp_path,
                                           eventually):
    (tmp_path / 'worker.conf').write_text(
        '[DEFAULT]\nlog_file = %s\n' % (tmp_path / 'worker.log'))
    workers.run([*processes.COMMAND, 'things:Things', '--signed-url',
                 str(workers.signed_url), '--config-file',
                 str(tmp_path / 'worker.conf')], processes.FOLDER)
    stack = one(id='it')

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert 'Create of thing in the stack %s' % stack.name in (
        tmp_path / 'worker.log').read_text()


def test_sigterm_ends_it_after_what_it_holds(one, workers, eventually):
    [process] = workers.start()
    stack = one(id='it', wait_for='go')
    eventually(lambda: workers.acts)

    process.send_signal(signal.SIGTERM)
    eventually(lambda: 'no more requests are taken' in workers.log)
    assert process.poll() is None
    workers.let('go')

    assert process.wait(60) == 0
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason


def test_a_second_signal_ends_it_at_once(project, one, workers, eventually):
    [process] = workers.start()
    stack = one(wait_for='go')
    eventually(lambda: workers.acts)

    process.send_signal(signal.SIGTERM)
    eventually(lambda: 'no more requests are taken' in workers.log)
    process.send_signal(signal.SIGTERM)

    assert process.wait(60) == -signal.SIGTERM
    # the request comes back only when the claim has expired
    workers.let('go')
    [message] = project.queue(workers.queue).page()
    claim_id = message['href'].rpartition('=')[2]
    project.queue(workers.queue).claim(id=claim_id).delete()
    workers.forget_holders()
    workers.start()
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert any('begun again: an earlier worker did not finish' in
               each.resource_status_reason for each in
               project.heat.events.list(stack.id, resource_name='thing'))


@pytest.mark.parametrize(('handler', 'error'), [
    ('no_such_module:It', "No module named 'no_such_module'"),
    ('nonsense', 'should have the form MODULE:OBJECT'),
    ('json:loads', 'has no method "create"'),
    ('things:NotAll', 'has no method "delete"')])
def test_a_handler_that_is_not_there_is_named(workers, handler, error):
    ended = run(handler, '--signed-url', str(workers.signed_url))

    assert ended.returncode == 1
    assert error in ended.stderr


def test_a_signed_url_that_zaqar_does_not_take_ends_it(workers):
    signed = json.loads(workers.signed_url.read_text())
    signed['headers']['URL-Signature'] = '0' * 64
    workers.signed_url.write_text(json.dumps(signed))

    ended = run(HANDLER, '--signed-url', str(workers.signed_url))

    assert ended.returncode == 1
    assert 'Zaqar refuses the signed URL' in ended.stderr
    assert 'Serving the queue' not in ended.stderr


def test_a_queue_that_does_not_exist_ends_it(cloud):
    ended = run(HANDLER, '--queue', 'nowhere', **cloud.environment())

    assert ended.returncode == 1
    assert 'The queue "nowhere" does not exist' in ended.stderr
    assert 'Serving the queue' not in ended.stderr


def test_a_forged_request_makes_it_post_nowhere(project, one, workers,
                                                webhook):
    project.post(workers.queue, {'reply': {'url': 5}}, {
        'request_id': 'forged', 'request_type': 'Create',
        'resource_type': 'T', 'resource_name': 'forged', 'stack_id': 'id',
        'stack_name': 'forged', 'project_id': 'id', 'physical_id': None,
        'heartbeat': None, 'properties': {}, 'old_properties': None,
        'reply': {'url': webhook.url + '/v2/queues/q/messages',
                  'headers': {}, 'queue': 'q',
                  'expires': '2099-01-01T00:00:00'}})
    workers.start()
    stack = one(id='it')

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert workers.acts == [('Create', 'thing')]
    assert webhook.requests == []
    assert '--reply-to' in workers.log
    assert 'Traceback' not in workers.log
    assert len(project.bodies(workers.queue)) == 2


@pytest.mark.parametrize(('request_body', 'code', 'reply'), [
    ({'request_type': 'Create', 'properties': {'id': 'it'}}, 0,
     {'status': 'SUCCESS', 'physical_id': 'it'}),
    ({'request_type': 'Create', 'properties': {'fail': 'no room'}}, 1,
     {'status': 'FAILED', 'reason': 'no room'})])
def test_a_handler_is_tried_with_a_request_in_a_file(tmp_path, request_body,
                                                     code, reply):
    (tmp_path / 'request.json').write_text(json.dumps(request_body))
    (tmp_path / 'made').mkdir()
    ended = run('things:Things', '--try', str(tmp_path / 'request.json'),
                THINGS=str(tmp_path))

    assert ended.returncode == code, ended.stderr
    assert reply.items() <= json.loads(ended.stdout).items()


@pytest.mark.parametrize(('text', 'error'), [
    ('no JSON', 'Expecting value'), ('[]', 'it is no JSON map'),
    ('{}', "'request_type' is missing"),
    ('{"request_type": "Make", "properties": {}}', 'Create, Update or Delete'),
    ('{"request_type": "Create", "properties": 5}', 'request.properties')])
def test_a_file_that_holds_no_request_is_named(tmp_path, text, error):
    path = tmp_path / 'request.json'
    path.write_text(text)
    ended = run(HANDLER, '--try', str(path), THINGS=str(tmp_path))

    assert ended.returncode == 1
    assert str(path) in ended.stderr
    assert error in ended.stderr
    assert 'Traceback' not in ended.stderr


@pytest.mark.parametrize(('arguments', 'error'), [
    ([], '--queue --signed-url --try is required'),
    (['--queue', 'q', '--threads', '0'],
     '0 is not a whole number from 1 to 1000'),
    (['--queue', 'q', '--threads', 'x'], 'x is not a whole number'),
    (['--queue', 'q', '--claim-ttl', '59'],
     '59 is not a whole number from 60 to 43200'),
    (['--queue', 'q', '--claim-ttl', '43201'], 'from 60 to 43200'),
    (['--queue', 'q', '--poll', 'x'], 'x is not a number from 0.05 to 3600'),
    (['--queue', 'q', '--poll', 'nan'], 'nan is not a number'),
    (['--queue', 'q', '--poll', 'inf'], 'inf is not a number'),
    (['--queue', 'q', '--poll', '0'], '0 is not a number from 0.05 to 3600'),
    (['--queue', 'q', '--reply-to', 'zaqar'],
     '"zaqar" is not a URL that begins with http')])
def test_a_wrong_option_is_named(arguments, error):
    ended = run(HANDLER, *arguments)

    assert ended.returncode == 2
    assert error in ended.stderr


def test_prometheus_may_ask_it_for_figures(one, workers, eventually):
    with socket.create_server(('127.0.0.1', 0)) as free:
        port = free.getsockname()[1]
    workers.run([*processes.COMMAND, 'things:Things', '--signed-url',
                 str(workers.signed_url), '--metrics', str(port)],
                processes.FOLDER)
    stack = one(id='it')
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason

    text = requests.get('http://127.0.0.1:%d/metrics' % port, timeout=10).text
    assert ('heat_zaqar_worker_seconds_count{request_type="Create",'
            'status="SUCCESS"} 1.0') in text
    assert 'heat_zaqar_requests_total{method="POST",status="201"}' in text


@pytest.mark.parametrize(('address', 'error'), [
    ('x', 'x is not a whole number from 1 to 65535'),
    ('192.0.2.1:9100', 'Cannot listen at 192.0.2.1:9100 for Prometheus')])
def test_an_address_for_prometheus_that_is_none_is_told(workers, address,
                                                        error):
    ended = run(HANDLER, '--signed-url', str(workers.signed_url),
                '--metrics', address)

    assert ended.returncode
    assert error in ended.stderr
