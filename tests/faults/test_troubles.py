# SPDX-License-Identifier: Apache-2.0
"""Zaqar, Redis and Keystone go wrong while a stack waits."""
import json
import time

import pytest

from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options

from . import proxy as proxies

#: Seconds that a trouble lasts: several looks at the queue.
LONG = 4


OURS, STOCK = 'waiting.yaml', 'stock.yaml'


@pytest.fixture
def begin(project, eventually):
    """Begins a stack that waits for two messages and has one."""
    def beginning(template):
        stack = project.create(template, {'count': 2, 'timeout': 120})
        queue = eventually(
            lambda: stack.resource('condition').resource_status ==
            'CREATE_IN_PROGRESS' and stack.output('queue'))
        project.post(queue, {'id': 'one'})
        # it is removed once it is on record
        eventually(lambda: project.bodies(queue) == [])
        return stack
    return beginning


@pytest.fixture
def stack(begin):
    return begin(OURS)


def finish(project, stack):
    project.post(stack.output('queue'), {'id': 'two'})
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert list(json.loads(stack.output('data'))) == ['one', 'two']
    assert project.bodies(stack.output('queue')) == []


@pytest.mark.parametrize('trouble', [
    (500, b'{"title": "broken"}'), (502, b'<html>'), (503, b''),
    (200, b'<html>welcome</html>'), (200, b'{"messages": 5}'), (204, b''),
    proxies.Proxy.CUT, proxies.Proxy.HANG],
    ids=['500', '502', '503', 'garbage', 'wrong', 'empty', 'cut', 'hang'])
def test_a_trouble_that_passes_is_waited_out(project, proxy, begin, trouble,
                                             eventually):
    stacks = [begin(OURS), begin(STOCK)]
    met = []
    lasts = proxies.during(LONG, trouble)

    def fault(method, path):
        met.append(path)
        return lasts(method, path)

    proxy.fault = fault
    eventually(lambda: met)

    for each in stacks:
        finish(project, each)


@pytest.mark.parametrize('service', ['zaqar', 'redis'])
def test_a_restart_is_waited_out(project, breakable, begin, service):
    stacks = [begin(OURS), begin(STOCK)]
    breakable.services[service].kill()
    breakable.restart(service)

    for each in stacks:
        finish(project, each)


@pytest.mark.parametrize(('template', 'words'), [
    (OURS, 'was deleted while condition waited on it, with 1 of 2 received'),
    (STOCK, 'of handle was deleted while a condition waited on it')],
    ids=['ours', 'stock'])
def test_a_queue_deleted_by_hand_is_a_clear_failure(project, begin, template,
                                                    words):
    stack = begin(template)
    queue = stack.output('queue')
    project.queue(queue).delete()

    assert stack.wait() == 'CREATE_FAILED'
    assert 'The queue "%s" %s' % (queue, words) in stack.reason


class TestToken:
    #: Seconds a token is good for.
    LIFE = 12

    @pytest.fixture(scope='class')
    @classmethod
    def cloud(cls):
        with clouds.Cloud.ephemeral(options=options.Options(
                token_expiration=cls.LIFE)) as running:
            yield running

    def test_that_expires_gives_way_to_the_trust(self, project, begin):
        """Row: end of the token"""
        stacks = [begin(OURS), begin(STOCK)]
        time.sleep(self.LIFE + 1)

        for each in stacks:
            finish(project, each)
