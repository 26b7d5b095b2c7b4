# SPDX-License-Identifier: Apache-2.0
"""Zaqar or Keystone is away while a resource is made, changed or deleted."""
import threading

import pytest

from heat_plugins.zaqar import subscriptions

from . import proxy as proxies


def away(proxy, answer):
    """Zaqar is away from now on; gives what tells that it was missed."""
    missed = threading.Event()

    def fault(_method, _path):
        missed.set()
        return answer

    proxy.fault = fault
    return missed


def told(stack):
    """The events that tell of the trouble, by resource."""
    return [line.split()[1] for line in stack.news()
            if 'trying again until it succeeds' in line]


@pytest.mark.parametrize('trouble', [(503, b''), proxies.Proxy.CUT],
                         ids=['503', 'cut'])
def test_zaqar_is_waited_for(project, proxy, trouble):
    missed = away(proxy, trouble)
    stack = project.create('away.yaml')
    assert missed.wait(60)
    proxy.fault = None
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason

    missed = away(proxy, trouble)
    stack.update(project.folder / 'away.yaml', {'ttl': 700})
    assert missed.wait(60)
    proxy.fault = None
    assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
    queue = project.queue(stack.output('queue'))
    [found] = subscriptions.Subscriptions(queue)
    assert queue.metadata()['_default_message_ttl'] == 700
    assert found.options['post_data'] == '{"ttl": 700}'

    missed = away(proxy, trouble)
    stack.delete()
    assert missed.wait(60)
    proxy.fault = None
    assert stack.wait() == 'DELETE_COMPLETE', stack.reason
    assert not queue.exists()


def test_it_is_told_once(project, proxy, eventually):
    away(proxy, (503, b''))
    stack = project.create('away.yaml')
    eventually(lambda: told(stack))
    asked = []
    proxy.fault = lambda method, path: asked.append(path) or (503, b'')
    eventually(lambda: len(asked) > 4)
    proxy.fault = None

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert told(stack) == []


def test_a_stack_can_be_deleted_meanwhile(project, proxy):
    missed = away(proxy, (503, b''))
    stack = project.create('away.yaml')
    assert missed.wait(60)
    stack.delete()
    proxy.fault = None

    assert stack.wait() == 'DELETE_COMPLETE', stack.reason


@pytest.mark.parametrize('service', ['zaqar', 'keystone'])
def test_a_delete_waits_for_a_service_that_is_restarted(
        project, breakable, proxy, trusts, service):
    before = trusts()
    stack = project.created('away.yaml')
    queue = project.queue(stack.output('queue'))
    killed = threading.Event()

    def kill():
        breakable.services[service].kill()
        killed.set()
        proxy.fault = None

    proxy.fault = lambda _method, _path: kill()
    stack.delete()
    assert killed.wait(60)
    breakable.restart(service)

    assert stack.wait() == 'DELETE_COMPLETE', stack.reason
    assert not queue.exists()
    assert trusts() <= before


@pytest.mark.parametrize('ending', ['create', 'delete'])
def test_a_trust_that_no_subscription_names_is_deleted(
        project, proxy, trusts, ending):
    before = trusts()

    def lose(method, path):
        """Zaqar makes the trust, and does not store the subscription."""
        if method != 'POST' or not path.endswith('/subscriptions'):
            return None
        queue = project.queue(path.split('/')[-2])

        def forget():
            subscribed = subscriptions.Subscriptions(queue)
            for each in subscribed:
                subscribed.delete(each.id)
            proxy.fault = None
        return forget

    proxy.fault = lose
    stack = project.create('away.yaml')
    assert stack.wait() == 'CREATE_FAILED'
    if ending == 'create':
        project.updated(stack, 'away.yaml')
        [found] = subscriptions.Subscriptions(
            project.queue(stack.output('queue')))
        # the other is the stack's own
        assert len(trusts() - before) == 2
        assert found.trust_id in trusts()
    project.deleted(stack)

    assert trusts() <= before


@pytest.mark.parametrize('moment', ['before', 'with'])
def test_a_guest_may_post_before_the_mailbox_is_made(project, proxy, moment):
    names = []

    def first(method, path):
        if method != 'PUT':
            return None
        proxy.fault = None
        names.append(path.rpartition('/')[2])
        project.post(names[0], 'early')
        if moment == 'before':
            return None
        # what the two leave at the same moment: no metadata
        return (201, b'')

    proxy.fault = first
    stack = project.created('waiting.yaml')

    assert stack.output('queue') == names[0]
    assert stack.output('messages') == ['early']
    assert project.bodies(names[0]) == []
    project.deleted(stack)
    assert not project.queue(names[0]).exists()
