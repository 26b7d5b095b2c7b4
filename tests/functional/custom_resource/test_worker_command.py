# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar worker`` as an operator uses it."""
import json
import signal
import subprocess

import pytest

from tests import workers as processes


@pytest.fixture
def one(project, workers):
    """Begins the stack of one resource."""
    def begin(**properties):
        return project.create('good/one.yaml', {
            'queue': workers.queue, 'properties': properties})
    return begin


def run(*arguments):
    """Run the command to an end that is to come soon."""
    return subprocess.run([*processes.COMMAND, *arguments],
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
    eventually(lambda: 'what has been begun is finished' in workers.log)
    assert process.poll() is None
    workers.let('go')

    assert process.wait(60) == 0
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason


def test_a_second_signal_ends_it_at_once(project, one, workers, eventually):
    [process] = workers.start()
    stack = one(wait_for='go')
    eventually(lambda: workers.acts)

    process.send_signal(signal.SIGTERM)
    eventually(lambda: 'what has been begun is finished' in workers.log)
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


@pytest.mark.parametrize(('handler', 'error'), [
    ('no_such_module:It', "No module named 'no_such_module'"),
    ('nonsense', 'MODULE:OBJECT is due')])
def test_a_handler_that_is_not_there_is_named(workers, handler, error):
    ended = run(handler, '--signed-url', str(workers.signed_url))

    assert ended.returncode == 1
    assert error in ended.stderr


def test_a_signed_url_that_zaqar_does_not_take_ends_it(workers):
    signed = json.loads(workers.signed_url.read_text())
    signed['headers']['URL-Signature'] = '0' * 64
    workers.signed_url.write_text(json.dumps(signed))

    ended = run('json:loads', '--signed-url', str(workers.signed_url))

    assert ended.returncode == 1
    assert 'Zaqar does not take the signed URL' in ended.stderr


@pytest.mark.parametrize(('arguments', 'error'), [
    ([], '--queue --signed-url is required'),
    (['--queue', 'q', '--threads', '0'], 'no whole number from 1 on'),
    (['--queue', 'q', '--threads', 'x'], 'no whole number from 1 on'),
    (['--queue', 'q', '--claim-ttl', '59'], 'no whole number from 60 on'),
    (['--queue', 'q', '--poll', 'x'], 'no number of seconds from 0.05 on'),
    (['--queue', 'q', '--poll', 'nan'], 'no number of seconds from 0.05'),
    (['--queue', 'q', '--poll', '0'], 'no number of seconds from 0.05 on')])
def test_a_wrong_option_is_named(arguments, error):
    ended = run('json:loads', *arguments)

    assert ended.returncode == 2
    assert error in ended.stderr
