# SPDX-License-Identifier: Apache-2.0
"""The threads of a stack's events, in the groups of the real Heat.

Heat 24 is on eventlet and has no such groups.
"""
import concurrent.futures
import threading
import types

from heat.engine import service
import pytest

from heat_plugins.engine import threads

pytestmark = pytest.mark.filterwarnings(
    'ignore:ThreadGroup.max_threads:DeprecationWarning')


@pytest.fixture
def manager():
    return service.ThreadGroupManager()


@pytest.fixture
def stack(manager):
    return types.SimpleNamespace(id='stack', thread_group_mgr=manager)


def start(manager, count, act=lambda: None):
    for _number in range(count):
        manager.start('stack', act)


def test_heat_needs_it_still(manager):
    """When this fails, ``threads`` says for which releases it is kept."""
    with pytest.raises(RuntimeError, match='Maximum number of threads'):
        start(manager, 1001)


def test_there_is_room_for_any_number_of_events(manager, stack):
    for _number in range(2500):
        threads.forget_finished(stack)
        start(manager, 1)

    assert len(manager.groups['stack'].threads) < 1000


def test_threads_that_work_still_are_kept(manager, stack):
    go_on = threading.Event()
    try:
        start(manager, 3, go_on.wait)
        start(manager, 100)
        group = manager.groups['stack']
        for each in group.threads[3:]:
            each.join()

        threads.forget_finished(stack)

        assert len(group.threads) == 3
    finally:
        go_on.set()


def test_several_threads_may_do_so_at_once(manager, stack):
    done = []

    def tell(_number):
        threads.forget_finished(stack)
        manager.start('stack', done.append, 1)

    with concurrent.futures.ThreadPoolExecutor(16) as telling:
        list(telling.map(tell, range(3000)))

    manager.groups['stack'].wait()
    assert len(done) == 3000


@pytest.mark.parametrize('group', [
    None, types.SimpleNamespace(threads=['green']),
    types.SimpleNamespace(threads=['green'], _lock=threading.Lock())],
    ids=['none', 'eventlet', 'eventlet with a lock'])
def test_other_groups_are_left_alone(group):
    manager = types.SimpleNamespace(groups={'stack': group} if group else {})

    threads.forget_finished(types.SimpleNamespace(
        id='stack', thread_group_mgr=manager))

    assert group is None or group.threads == ['green']


def test_a_stack_that_nobody_works_on_has_none():
    threads.forget_finished(types.SimpleNamespace(
        id='stack', thread_group_mgr=None))
