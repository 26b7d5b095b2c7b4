# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar explain`` on the real cloud."""
import datetime
import json
import os
import subprocess
import sys

import pytest

from tests import workers


@pytest.fixture
def explain(cloud):
    """Runs the command as the user that the variables name."""
    def run(*arguments, code=0):
        ended = subprocess.run(
            [sys.executable, '-W', 'ignore', '-m', 'heat_plugins.cli.app',
             'explain', *arguments],
            env={**os.environ, **cloud.environment()},
            capture_output=True, text=True, timeout=60)
        assert ended.returncode == code, ended.stderr
        return ended.stderr if code else ended.stdout
    return run


@pytest.fixture
def queues(project):
    """A queue that is watched, and one of requests."""
    made = [project.queue(project.name()) for _number in range(2)]
    for each in made:
        each.create({})
    return made


@pytest.fixture
def waiting(project, queues, eventually, explain):
    """Begins a stack that waits for all there is; gives it."""
    watched, requests = queues
    stacks = []

    def begin(**parameters):
        stack = project.create('good/waiting.yaml', {
            'queue': watched.name, 'requests': requests.name, **parameters})
        stacks.append(stack)
        eventually(lambda: len(list(requests.page())) == 1)
        eventually(lambda: explain(stack.name).count(' received\n') == 2)
        return stack
    yield begin
    with workers.undertaker(requests):
        for each in stacks:
            project.deleted(each)


@pytest.fixture
def found(explain):
    """What it says of a resource, as a map."""
    def finding(stack, name):
        shown = json.loads(explain(stack.name, name, '-f', 'json'))
        [only] = shown['resources']
        return only['wait']
    return finding


def test_all_that_waits_is_explained(project, waiting, explain, queues,
                                     eventually):
    watched, requests = queues
    stack = waiting()
    project.post(watched.name, {'id': 'a', 'state': 'done'},
                 {'state': 'begun'}, {'state': 'begun'}, 'text\x1b[2J')
    eventually(lambda: '1 of 2' in str(stack.news()))

    text = explain(stack.name)

    assert text.startswith('%s: CREATE_IN_PROGRESS' % stack.name)
    for line in ('watched (Zaqar::Workflow::WaitCondition): '
                 'CREATE_IN_PROGRESS\n  1 of 2 received',
                 'received from: a\n',
                 'it holds 4 messages; one message counted already; '
                 '2 messages do not count: state is "begun"; one message '
                 'does not count: the body is a string',
                 'nested/0 (Zaqar::Workflow::WaitCondition)',
                 'nothing has come to it: has a sender run the command of '
                 'box?',
                 'has been in the queue %s for' % requests.name,
                 'times out at', 'without a sign of life it fails at'):
        assert line in text
    assert '\x1b' not in text


def test_moments_are_when_it_is_over(waiting, found, eventually):
    stack = waiting()
    eventually(lambda: found(stack, 'watched')['silent_until'])

    shown = found(stack, 'watched')

    now = datetime.datetime.now(datetime.UTC)
    left = {key: (datetime.datetime.fromisoformat(shown[key]) -
                  now).total_seconds()
            for key in ('times_out', 'silent_until')}
    assert 3500 < left['times_out'] < 3600
    assert 500 < left['silent_until'] < 600


def test_when_the_url_of_a_sender_ends_is_told(waiting, explain):
    stack = waiting(ttl=60)
    shown = json.loads(explain(stack.name, 'nested/0', '-f', 'json'))
    [sender] = shown['resources'][0]['wait']['queues'][0]['senders']

    assert sender['resource'] == 'box'
    assert not sender['has_ended']
    ends = datetime.datetime.fromisoformat(sender['expires'])
    assert ends - datetime.datetime.now() < datetime.timedelta(seconds=60)


def test_a_queue_that_is_gone_is_told(waiting, found, queues):
    stack = waiting()
    queues[0].delete()

    assert found(stack, 'watched')['queues'][0]['exists'] is False


def test_what_a_worker_does_is_told(waiting, found, queues):
    stack = waiting()
    asked = found(stack, 'served')['request']
    assert asked['request_type'] == 'Create'
    assert asked['is_claimed'] is False

    hand = workers.Hand(queues[1])
    assert hand.claim()['request_id'] == asked['request_id']
    assert found(stack, 'served')['request']['is_claimed'] is True

    hand.forget()
    assert found(stack, 'served')['request'] is None


def test_a_failure_is_told_with_its_reason(project, waiting, explain, queues):
    stack = waiting()
    project.post(queues[0].name, {'state': 'done', 'status': 'FAILURE',
                                  'reason': 'no disk'})
    stack.wait()

    text = explain(stack.name)
    assert 'watched (Zaqar::Workflow::WaitCondition): CREATE_FAILED' in text
    assert 'no disk' in text


def test_a_stack_that_is_complete_has_nothing_to_explain(project, explain,
                                                         queues):
    project.post(queues[0].name, 'x')
    stack = project.created(
        project.folder.parent / 'wait_condition/good/queue.yaml',
        {'queue': queues[0].name})

    assert 'nothing in it waits or has failed' in explain(stack.name)


@pytest.mark.parametrize(('arguments', 'words'), [
    (['no-such-stack'], 'There is no stack "no-such-stack"'),
    (['STACK', 'none'], 'has no resource "none"; it has box, ')])
def test_what_is_not_there_is_told(waiting, explain, arguments, words):
    stack = waiting()

    told = explain(*(stack.name if each == 'STACK' else each
                     for each in arguments), code=1)
    assert told.startswith('heat-zaqar explain: ')
    assert words in told
