# SPDX-License-Identifier: Apache-2.0
"""What Zaqar pushes over its websocket, and what happens without that."""
import time

import pytest

from heat_plugins.localcloud import access_log
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options
from heat_plugins.zaqar import subscriptions
from tests import workers as processes

# Seconds in which a queue that is asked every second would be asked.
SOME_TIME = 4
BEGUN = 'Zaqar pushes what comes to the queues of the project'
ENDED = 'Zaqar pushes nothing of the queues of the project'


def cloud_with(**more):
    return clouds.Cloud.ephemeral(options=options.Options(**more))


@pytest.fixture(scope='module')
def cloud():
    """Nothing is looked at without a reason for an hour."""
    with cloud_with(heat={'heat_zaqar': {
            'safety_interval': 3600, 'takeover_interval': 3600}}) as running:
        yield running


@pytest.fixture
def log(cloud):
    """What heat-engine has logged since the test began."""
    path = cloud.log('heat')
    before = len(path.read_text())
    return lambda: path.read_text()[before:]


@pytest.fixture
def begin(project, eventually):
    """A stack that waits on a queue; Zaqar pushes what comes there."""
    def make(queue=None, count=1, metadata=None):
        queue = queue or project.queue(project.name())
        queue.create(metadata or {})
        stack = project.create('good/condition.yaml', {
            'queue': queue.name, 'count': count})
        eventually(lambda: is_quiet(project.cloud, queue.name))
        return stack, queue
    return make


def asked(cloud, name, what='/messages', method='GET'):
    """How often somebody has asked for what is on a queue."""
    return sum('/queues/%s%s' % (name, what) in each.path and
               each.method == method
               for each in access_log.read(cloud.access_log('zaqar')))


def is_quiet(cloud, name, *what):
    """Whether a queue is not asked any more."""
    before = asked(cloud, name, *what)
    time.sleep(SOME_TIME)
    return before and asked(cloud, name, *what) == before


def subscribed(queue):
    return list(subscriptions.Subscriptions(queue))


def test_nothing_is_asked_before_something_comes(project, begin):
    stack, queue = begin()

    project.post(queue.name, 'it')

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('messages') == ['it']


def test_all_that_comes_counts_once(project, begin):
    stack, queue = begin(count=50)

    for number in range(50):
        project.post(queue.name, number)

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('messages') == list(range(50))


def test_all_who_wait_on_a_queue_are_told(project, begin):
    one, queue = begin()
    other, _queue = begin(queue)

    project.post(queue.name, 'it')

    for stack in (one, other):
        assert stack.wait() == 'CREATE_COMPLETE', stack.reason


def test_a_delayed_message_is_waited_for(project, begin):
    stack, queue = begin()

    queue.post([{'body': 'late', 'delay': 3}])

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason


def test_two_projects_hear_their_own(project_on, cloud, begin, project):
    stack, queue = begin()
    other = project_on(cloud, admin=True)
    other.queue(queue.name).create({})
    other.post(queue.name, 'foreign')
    time.sleep(SOME_TIME)
    assert stack.status == 'CREATE_IN_PROGRESS'

    project.post(queue.name, 'own')

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('messages') == ['own']


def test_without_the_server_queues_are_asked(project, cloud, begin, log,
                                             eventually):
    stack, queue = begin(count=2)
    server = cloud.services['zaqar-websocket']
    server.kill()
    try:
        eventually(lambda: log().count(ENDED) == 1)
        project.post(queue.name, 'first')
        eventually(lambda: stack.output('received') == 1)
        time.sleep(SOME_TIME)
        assert log().count(ENDED) == 1
    finally:
        cloud.restart(server.name)
    eventually(lambda: log().count(BEGUN) == 1)
    eventually(lambda: is_quiet(cloud, queue.name))

    project.post(queue.name, 'second')

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('messages') == ['first', 'second']


def test_what_came_while_the_server_was_restarted_counts(project, cloud,
                                                         begin):
    stack, queue = begin(count=3)
    project.post(queue.name, 'before')
    cloud.services['zaqar-websocket'].kill()
    project.post(queue.name, 'meanwhile')
    cloud.restart('zaqar-websocket')
    project.post(queue.name, 'after')

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('messages') == ['before', 'meanwhile', 'after']


def test_a_deleted_queue_is_told_from_one_without_metadata(project):
    queue = project.queue(project.name())
    connection = queue.client.connection()
    try:
        connection.authenticate(queue.client.token()[0])
        assert not connection.has(queue.name)
        assert connection.metadata(queue.name) == {}

        connection.subscribe(queue.name, 60)
        assert connection.has(queue.name)
        assert connection.metadata(queue.name) == {}

        project.post(queue.name, 'it')
        assert not connection.delete_if_empty(queue.name)
        queue.update({'a': 1})
        assert connection.metadata(queue.name) == {'a': 1}
        queue.delete_messages(*[each['id'] for each in queue.page()])
        assert connection.delete_if_empty(queue.name)
        assert not connection.has(queue.name)
    finally:
        connection.close()


def test_after_the_end_nothing_is_subscribed(project, begin, eventually):
    stack, queue = begin()
    assert len(subscribed(queue)) == 1
    project.post(queue.name, 'it')
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason

    eventually(lambda: not subscribed(queue))


def test_a_worker_s_answer_is_pushed(project, workers, eventually):
    workers.start()
    stack = project.created('good/thing.yaml', {'queue': workers.queue})

    assert stack.output('id') in workers.things


def test_a_worker_with_a_keystone_user_is_told(project, cloud, workers,
                                               eventually):
    workers.run([*processes.COMMAND, 'things:Things', '--queue',
                 workers.queue, '--poll', '3600'], processes.FOLDER,
                **cloud.environment())
    eventually(lambda: 'Zaqar pushes what comes' in workers.log)
    eventually(lambda: is_quiet(cloud, workers.queue, '/claims', 'POST'))

    stack = project.created('good/thing.yaml', {'queue': workers.queue})

    assert stack.output('id') in workers.things


class TestConfirmation:
    @pytest.fixture(scope='class')
    def cloud(self):
        with cloud_with(zaqar_require_confirmation=True, heat={
                'heat_zaqar': {'safety_interval': 3600}}) as running:
            yield running

    def test_a_cloud_that_requires_it_pushes(self, project, begin):
        stack, queue = begin()

        project.post(queue.name, 'it')

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason


class TestShortTokens:
    @pytest.fixture(scope='class')
    def cloud(self):
        """Less than two minutes before its end a token is renewed."""
        with cloud_with(token_expiration=130, heat={
                'heat_zaqar': {'safety_interval': 3600}}) as running:
            yield running

    def test_pushes_go_on_when_a_token_ends(self, project, cloud, begin):
        stack, queue = begin(count=2)
        time.sleep(140)
        assert is_quiet(cloud, queue.name)
        assert ENDED not in cloud.log('heat').read_text()

        project.post(queue.name, 'first')
        project.post(queue.name, 'second')

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason


class TestOff:
    @pytest.fixture(scope='class')
    def cloud(self):
        with cloud_with(heat={'heat_zaqar': {'websocket': 'off'}}) as running:
            yield running

    def test_queues_are_asked(self, project, cloud, eventually):
        queue = project.queue(project.name())
        queue.create({})
        stack = project.create('good/condition.yaml', {'queue': queue.name})
        eventually(lambda: asked(cloud, queue.name) > 5)
        assert not subscribed(queue)

        project.post(queue.name, 'it')

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
