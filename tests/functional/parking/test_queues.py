# SPDX-License-Identifier: Apache-2.0
"""Queues that go away, or hide what came, while a resource is parked."""
import pytest

from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options

OPTIONS = options.Options(heat={
    'heat_zaqar': {'takeover_interval': 3600, 'rescan_interval': 2,
                   'safety_interval': 2}})


@pytest.fixture(scope='module')
def cloud():
    with clouds.Cloud.ephemeral(options=OPTIONS) as running:
        yield running


@pytest.fixture
def waiting(project, queue, eventually):
    """Begins a stack that waits."""
    def begin(template):
        stack = project.create('good/%s.yaml' % template,
                               {'queue': queue.name})
        eventually(lambda: 'IN_PROGRESS' in str(stack.news()))
        return stack
    return begin


def test_the_queue_of_a_worker_is_deleted(waiting, queue, eventually):
    stack = waiting('asking')
    eventually(queue.page)
    queue.delete()

    assert stack.wait() == 'CREATE_FAILED'
    assert 'the queue "%s" was deleted, with the request' % (
        queue.name) in stack.reason


def test_a_message_comes_late(waiting, queue):
    queue.update({'_default_message_delay': 3})
    stack = waiting('condition')
    queue.post([{'body': 'late'}])

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
