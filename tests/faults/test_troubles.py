# SPDX-License-Identifier: Apache-2.0
"""Zaqar, Redis and Keystone go wrong while a stack waits."""
import time

import pytest

from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options

from . import proxy as proxies

#: Seconds that a trouble lasts: several looks at the queue.
LONG = 4


@pytest.fixture
def stack(project, proxy, eventually):
    """Waits for two messages and has one."""
    stack = project.create('waiting.yaml', {'count': 2, 'timeout': 120})
    queue = eventually(lambda: stack.resource('condition').resource_status ==
                       'CREATE_IN_PROGRESS' and stack.output('queue'))
    project.post(queue, 'one')
    eventually(lambda: stack.output('received') == 1)
    return stack


def finish(project, stack):
    project.post(stack.output('queue'), 'two')
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('messages') == ['one', 'two']
    assert project.bodies(stack.output('queue')) == []


@pytest.mark.parametrize('trouble', [
    (500, b'{"title": "broken"}'), (502, b'<html>'), (503, b''),
    (200, b'<html>welcome</html>'), (200, b'{"messages": 5}'), (204, b''),
    proxies.Proxy.CUT, proxies.Proxy.HANG],
    ids=['500', '502', '503', 'garbage', 'wrong', 'empty', 'cut', 'hang'])
def test_a_trouble_that_passes_is_waited_out(project, proxy, stack, trouble,
                                             eventually):
    met = []
    lasts = proxies.during(LONG, trouble)

    def fault(method, path):
        met.append(path)
        return lasts(method, path)

    proxy.fault = fault
    eventually(lambda: met)

    finish(project, stack)


@pytest.mark.parametrize('service', ['zaqar', 'redis'])
def test_a_restart_is_waited_out(project, breakable, stack, service):
    breakable.services[service].kill()
    breakable.restart(service)

    finish(project, stack)


def test_a_queue_deleted_by_hand_is_a_clear_failure(project, stack):
    queue = stack.output('queue')
    project.queue(queue).delete()

    assert stack.wait() == 'CREATE_FAILED'
    assert ('The queue "%s" was deleted while condition waited on it, with 1 '
            'of 2 received' % queue) in stack.reason


class TestToken:
    @pytest.fixture(scope='class')
    def cloud(self):
        with clouds.Cloud.ephemeral(options=options.Options(
                token_expiration=12)) as running:
            yield running

    def test_that_expires_gives_way_to_the_trust(self, project, cloud,
                                                 eventually):
        stack = project.create('waiting.yaml', {'count': 2, 'timeout': 120})
        queue = eventually(
            lambda: stack.resource('condition').resource_status ==
            'CREATE_IN_PROGRESS' and stack.output('queue'))
        project.post(queue, 'one')
        time.sleep(20)

        finish(project, stack)
