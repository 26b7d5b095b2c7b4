# SPDX-License-Identifier: Apache-2.0
"""Waits that hold no thread: with the option ``park_waits``."""
import pytest

from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options

THREADS = 4
OPTIONS = options.Options(heat={
    'DEFAULT': {'executor_thread_pool_size': THREADS},
    'heat_zaqar': {'park_waits': True, 'takeover_interval': 1,
                   'rescan_interval': 2,
                   'safety_interval': 2}})


@pytest.fixture(scope='module')
def cloud():
    with clouds.Cloud.ephemeral(options=OPTIONS) as running:
        yield running


@pytest.fixture
def waiting(project, eventually):
    """Begins a stack whose condition waits on a queue of its own."""
    def begin(queue=None, template='good/condition.yaml', options=None,
              **parameters):
        queue = queue or project.queue(project.name())
        queue.create({})
        stack = project.create(template, {'queue': queue.name, **parameters},
                               **options or {})
        return stack, queue
    return begin


@pytest.fixture
def parked(waiting, project, eventually):
    """Begins one, and waits until its first message was taken."""
    def begin(template='good/condition.yaml', options=None, **parameters):
        stack, queue = waiting(template=template, options=options, count=2,
                               **parameters)
        project.post(queue.name, 'first')
        eventually(lambda: stack.output('received') == 1)
        return stack, queue
    return begin


def test_more_wait_than_the_engine_has_threads(project, waiting):
    begun = [waiting() for _number in range(3 * THREADS)]
    last, queue = waiting()
    project.post(queue.name, 'go')
    assert last.wait() == 'CREATE_COMPLETE', last.reason

    for _stack, queue in begun:
        project.post(queue.name, 'go')

    for stack, _queue in begun:
        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert stack.output('messages') == ['go']


def test_many_on_one_queue_all_see_what_comes(project, waiting):
    queue = project.queue(project.name())
    stacks = [waiting(queue, count=3)[0] for _number in range(2 * THREADS)]

    project.post(queue.name, *'abc')

    for stack in stacks:
        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert stack.output('messages') == [*'abc']


def test_it_tells_once_what_it_has_told(project, parked):
    stack, queue = parked()
    project.post(queue.name, 'second')
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason

    told = [event.resource_status_reason for event in
            project.heat.events.list(stack.id, resource_name='condition',
                                     sort_dir='asc')]

    assert told == ['state changed', '1 of 2 received', '2 of 2 received',
                    'state changed']


@pytest.mark.parametrize('disable_rollback', [True, False])
def test_another_resource_fails(project, parked, eventually,
                                disable_rollback):
    """Row: failure of another resource"""
    other = project.queue(project.name())
    other.create({})
    stack, queue = parked('good/failing.yaml', {
        'disable_rollback': disable_rollback}, other=other.name)
    project.post(other.name, {'status': 'FAILURE', 'reason': 'no disk'})

    if not disable_rollback:
        assert stack.wait() == 'ROLLBACK_COMPLETE', stack.reason
        return
    assert stack.wait() == 'CREATE_FAILED'
    eventually(lambda: stack.resource('condition').resource_status ==
               'CREATE_FAILED')
    assert stack.resource('condition').resource_status_reason.startswith(
        'CREATE aborted (Resource CREATE failed: WaitFailed')
    stack.update(project.folder / 'good/condition.yaml',
                 {'queue': queue.name, 'count': 1})
    assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
    assert stack.output('messages') == ['first']


def test_an_update_acts_at_once(project, parked):
    stack, queue = parked()

    stack.update(project.folder / 'good/condition.yaml', {
        'queue': queue.name, 'count': 1})

    assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
    assert stack.output('messages') == ['first']


def test_a_delete_acts_at_once(project, parked):
    stack, _queue = parked()

    project.deleted(stack)


def test_its_own_timeout_ends_it(parked):
    stack, _queue = parked(timeout=5)

    assert stack.wait() == 'CREATE_FAILED'
    assert '1 of 2 received after 5 seconds' in stack.reason


def test_an_engine_killed_and_started_again_goes_on_by_itself(
        project, cloud, parked, waiting):
    begun = [parked() for _number in range(3)]
    cloud.services['heat'].kill()
    for _stack, queue in begun:
        project.post(queue.name, 'second')

    cloud.restart('heat')

    for stack, _queue in begun:
        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert stack.output('messages') == ['first', 'second']
