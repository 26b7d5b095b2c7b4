# SPDX-License-Identifier: Apache-2.0
"""One condition that waits on several queues."""
import pytest

from heat_plugins.zaqar import mailbox


@pytest.fixture
def names(project):
    """The names of two queues, the second of which is a mailbox."""
    queues = [project.queue(project.name()),
              project.queue(mailbox.name(project.name() + '-abcdefghijkl'))]
    for each in queues:
        each.create({})
    yield [each.name for each in queues]
    for each in queues:
        each.delete()


@pytest.fixture
def waiting(project, names, eventually):
    """Begins a stack that waits on both, or as many as there are entries."""
    def begin(*entries, **parameters):
        stack = project.create('good/queues.yaml', {**parameters, 'queues': [
            {'queue': name, **entry}
            for name, entry in zip(names, entries or ({}, {}),
                                   strict=False)]})
        eventually(lambda: stack.resource('condition').resource_status
                   .startswith('CREATE'))
        return stack
    return begin


def test_all_need_what_is_theirs(project, names, waiting, eventually):
    first, second = names
    stack = waiting({'match': {'state': ['done']}, 'count': 2}, {})
    project.post(first, {'id': 'a', 'state': 'done'}, {'state': 'begun'})
    project.post(second, {'id': 'a'}, {'id': 'surplus'})
    eventually(lambda: stack.output('received') == 2)
    assert stack.status == 'CREATE_IN_PROGRESS'

    project.post(first, {'id': 'a', 'state': 'done'},
                 {'id': 'b', 'state': 'done'})

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('by_queue') == [
        [{'id': 'a', 'state': 'done'}, {'id': 'b', 'state': 'done'}],
        [{'id': 'a'}]]
    assert set(stack.output('by_key')) == {
        first + '/a', first + '/b', second + '/a'}
    # Of a mailbox what counted is removed, and nothing else anywhere.
    assert len(project.bodies(first)) == 4
    assert project.bodies(second) == [{'id': 'surplus'}]


def test_any_needs_so_many_from_whichever(project, names, waiting):
    first, second = names
    stack = waiting(wait_for='any', count=3)
    project.post(second, 'x', 'y')
    project.post(first, 'z')

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('by_queue') == [['z'], ['x', 'y']]


def test_a_timeout_tells_which_has_too_few(project, names, waiting):
    first, second = names
    project.post(first, 'x')
    stack = waiting(timeout=2)

    assert stack.wait() == 'CREATE_FAILED'
    assert '1 of 2 received (%s: 1 of 1, %s: 0 of 1)' % (
        first, second) in stack.reason


def test_a_failure_in_one_fails_it(project, names, waiting):
    stack = waiting()
    project.post(names[1], {'status': 'FAILURE', 'reason': 'no disk'})

    assert stack.wait() == 'CREATE_FAILED'
    assert 'no disk' in stack.reason


def test_an_order_and_a_pattern_are_changed_in_place(project, names, waiting,
                                                     eventually):
    first, second = names
    stack = waiting()
    project.post(first, 'x')
    eventually(lambda: stack.output('received') == 1)

    stack.update(project.folder / 'good/queues.yaml', {'queues': [
        {'queue': second, 'match': {'ok': [True]}}, {'queue': first}]})
    project.post(second, 'y', {'ok': True})

    assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
    assert stack.output('by_queue') == [[{'ok': True}], ['x']]


def test_another_queue_begins_a_new_wait(project, names, waiting):
    first, second = names
    project.post(first, 'x')
    project.post(second, 'y')
    stack = waiting({})
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason

    stack.update(project.folder / 'good/queues.yaml', {'queues': [
        {'queue': first}, {'queue': second}], 'timeout': 2})
    assert stack.wait() == 'UPDATE_FAILED'
    assert '%s: 0 of 1, %s: 1 of 1' % (first, second) in stack.reason


def test_a_queue_that_is_not_there_is_named(project, names):
    stack = project.create('good/queues.yaml', {'queues': [
        {'queue': names[0]}, {'queue': 'no-such-queue'}]})

    assert stack.wait() == 'CREATE_FAILED'
    assert 'there is no queue "no-such-queue"' in stack.reason


def test_a_queue_that_is_deleted_is_named(project, names, waiting):
    stack = waiting()
    project.queue(names[0]).delete()
    project.post(names[1], 'x')

    assert stack.wait() == 'CREATE_FAILED'
    assert 'The queue "%s" was deleted while condition waited' % (
        names[0]) in stack.reason
