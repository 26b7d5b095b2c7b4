# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Messaging::Pipe, served by real programs on the real cloud."""
import collections
import itertools
import signal
import time

import pytest

from heat_plugins.localcloud import demo
from heat_plugins.pipes import definition
from heat_plugins.pipes.targets import answers
from heat_plugins.testing import receiver
from heat_plugins.zaqar import listing

ID = answers.ID.lower()


@pytest.fixture
def two(project):
    """The names of two queues that are there: a source and a target."""
    queues = [project.queue(project.name(kind)) for kind in (
        'source', 'target')]
    for each in queues:
        each.create({})
    yield [each.name for each in queues]
    for each in queues:
        each.delete()


@pytest.fixture
def pipe(project, two):
    """A stack with a pipe between the two."""
    return project.created('good/pipe.yaml', dict(zip(
        ('source', 'target'), two, strict=True)))


def all_of(queue):
    found, page = {}, queue.page()
    while any(each['id'] not in found for each in page):
        found.update((each['id'], each['body']) for each in page)
        page = queue.page(page[-1]['id'])
    return list(found.values())


def test_a_bad_property_is_refused_at_validation(bad_template,
                                                 assert_refused):
    assert_refused(bad_template)


def test_24_filtered_fan_out(project, serve, eventually):
    stack = project.created(demo.examples() / '24-filtered-fan-out.yaml')
    serve()

    for number in range(1, 7):
        project.post(stack.output('orders'), {
            'id': number, 'total': 400 * number, 'items': ['nut'] * number})

    store = eventually(lambda: (
        found := project.bodies(stack.output('store'))) and
        len(found) == 6 and found)
    assert [each['order'] for each in store] == list(range(1, 7))
    assert store[1]['items'] == ['nut', 'nut']
    assert store[1]['note'].startswith('Order 2, posted at 2')
    eventually(lambda: len(project.bodies(stack.output('accountants'))) == 4)
    assert sorted(each['id'] for each in project.bodies(
        stack.output('accountants'))) == [3, 4, 5, 6]
    eventually(lambda: not project.bodies(stack.output('orders')))


def test_25_webhook_without_loss(project, serve, eventually):
    file = demo.examples() / '25-webhook-without-loss.yaml'
    counted, is_mended = itertools.count(), []

    def status(request):
        if request.json == {'job': 'odd'}:
            return 204 if is_mended else 422
        return 500 if next(counted) < 5 else 204

    with receiver.Receiver(status) as hook:
        stack = project.created(file, {'webhook': hook.url})
        serve()
        jobs = [{'job': number} for number in range(20)]
        project.post(stack.output('jobs'), *jobs, {'job': 'odd'})

        eventually(lambda: stack.output('waiting') == 0 and
                   not project.bodies(stack.output('jobs')))
        [letter] = project.bodies(stack.output('failed_jobs'))
        assert letter['body'] == {'job': 'odd'}
        assert letter['reason'] == 'HTTP status 422'
        tries = collections.defaultdict(set)
        for each in hook.requests:
            tries[str(each.json)].add(each.headers[ID])
            assert each.headers['x-sender'] == stack.name
        assert len(tries) == 21
        assert {len(each) for each in tries.values()} == {1}

        is_mended.append(True)
        project.updated(stack, file, {'webhook': hook.url, 'redrive': True})
        eventually(lambda: not project.bodies(stack.output('failed_jobs')))
        eventually(lambda: hook.requests[-1].json == {'job': 'odd'} and
                   stack.output('waiting') == 0)


def test_a_signal_makes_a_group_larger(project, serve, eventually):
    stack = project.created('good/signal.yaml')
    serve()

    project.post(stack.output('alarms'), {'severity': 'low'},
                 {'severity': 'high'})

    eventually(lambda: stack.output('size') == 2)
    eventually(lambda: not project.bodies(stack.output('alarms')))
    stack.wait()


def test_programs_that_are_killed_lose_nothing(project, two, pipe, serve,
                                               eventually):
    """Ten are killed in turn, while two others work on."""
    source, target = map(project.queue, two)
    running = [serve() for _number in range(3)]
    wanted = 0
    for _kill in range(10):
        for _batch in range(5):
            source.post([{'body': wanted + each} for each in range(20)])
            wanted += 20
        time.sleep(0.2)
        running[0].send_signal(signal.SIGKILL)
        running = [*running[1:], serve()]

    found = eventually(lambda: (
        bodies := all_of(target)) and len(set(bodies)) == wanted and bodies)
    assert set(found) == set(range(wanted))
    eventually(lambda: pipe.output('waiting') == 0)


def test_order_outlasts_a_kill(project, two, serve, eventually):
    project.created('good/pipe.yaml', {
        'source': two[0], 'target': two[1], 'ordered': True})
    source, target = map(project.queue, two)
    first = serve()
    source.post([{'body': each} for each in range(20)])
    eventually(lambda: all_of(target))

    first.kill()
    serve()
    source.post([{'body': each} for each in range(20, 40)])

    found = eventually(lambda: (
        bodies := all_of(target)) and 39 in bodies and bodies)
    # what was posted twice begins anew, in order
    first_ones = list(dict.fromkeys(found))
    assert first_ones == list(range(40))


def test_what_is_pushed_is_delivered_at_once(project, two, pipe, serve,
                                             eventually):
    program = serve('--websocket', 'on')
    eventually(lambda: 'Zaqar pushes' in program.log.read_text())

    project.post(two[0], 'it')

    eventually(lambda: all_of(project.queue(two[1])) == ['it'])
    assert pipe.status == 'CREATE_COMPLETE'


def test_updates_and_deletes_leave_nothing(project, two, pipe, serve,
                                           eventually):
    program = serve()
    project.post(two[0], {'a': 1})
    eventually(lambda: all_of(project.queue(two[1])) == [{'a': 1}])
    queue = pipe.output('queue')

    project.updated(pipe, 'good/pipe.yaml', {
        'source': two[0], 'target': two[1], 'match': {'a': [2]}})
    assert pipe.output('queue') == queue
    project.post(two[0], {'a': 1}, {'a': 2})
    eventually(lambda: all_of(project.queue(two[1])) == [{'a': 1}, {'a': 2}])

    project.deleted(pipe)
    eventually(lambda: 'has gone' in program.log.read_text())
    eventually(lambda: not listing.queues(project.zaqar, queue))
    assert not listing.queues(project.zaqar, 'heat-zaqar-lease-')


@pytest.mark.parametrize('which', [0, 1])
def test_a_queue_that_is_not_there_is_refused(project, two, which):
    names = dict(zip(('source', 'target'), two, strict=True))
    key = ['source', 'target'][which]

    stack = project.create('good/pipe.yaml', {**names, key: 'nowhere'})

    assert stack.wait() == 'CREATE_FAILED'
    assert ('Property %s of pipe: there is no queue "nowhere"' % (
        'forward_to' if which else 'source')) in stack.reason


def test_one_that_was_deleted_by_hand_is_found_and_made_anew(
        project, two, pipe):
    project.queue(pipe.output('queue')).delete()
    project.heat.actions.check(pipe.id)
    assert pipe.wait() == 'CHECK_FAILED'
    assert 'is gone' in pipe.reason

    project.updated(pipe, 'good/pipe.yaml', {
        'source': two[0], 'target': two[1]})

    assert definition.is_one(
        project.queue(pipe.output('queue')).metadata())


def test_show_tells_no_secrets(project, two, webhook):
    stack = project.created(
        demo.examples() / '25-webhook-without-loss.yaml',
        {'webhook': webhook.url + '/?token=secret'})

    shown = project.heat.resources.get(
        stack.id, 'to_webhook', with_attr=['show']).attributes

    assert shown['show']['waiting'] == 0
    assert 'secret' not in str(shown)
