# SPDX-License-Identifier: Apache-2.0
"""Work that is spread over engines: each message and request exactly once."""
import collections
import functools
import itertools
import re
import time
import uuid

import pytest
import yaml

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import heat_engine
from heat_plugins.localcloud import mariadb

# Of each of these resources there is one in every lane.
KINDS = MAILBOX, CONDITION, INBOX, TOPIC, FORWARDED, THING = (
    'mailbox', 'condition', 'inbox', 'topic', 'forwarded', 'thing')
LANES = range(8)
# What waits for messages, which are sent when all of it does.
WAITING = (CONDITION, FORWARDED)
#: Messages that each condition waits for.
COUNT = 4


@pytest.fixture
def four(cloud, eventually):
    """Two more engines, until the end of the test."""
    deployment = cloud.services['heat-engine-1'].deployment
    more = [heat_engine.HeatEngine(
        deployment, mariadb.Database(deployment, 'heat'), number)
        for number in (3, 4)]
    for each in more:
        each.start()
    eventually(lambda: all(each.ready() for each in more))
    yield
    for each in more:
        each.kill()  # there is nothing left for them to do


@pytest.fixture
def post(cloud):
    """Posts a message, by turns through each of Zaqar's processes."""
    user = clients.session(cloud)
    processes = itertools.cycle(['zaqar', 'zaqar-2'])

    def posted(queue, body):
        answer = user.post(
            '%s/v2/queues/%s/messages' % (
                cloud.endpoints[next(processes)], queue),
            headers={'Client-ID': str(uuid.uuid4())},
            json={'messages': [{'body': body}]})
        assert answer.status_code == 201
    return posted


@pytest.fixture
def lanes(project, workers, tmp_path):
    """Begins a stack of all lanes, and waits until all that can is made."""
    template = tmp_path / 'lanes.yaml'
    template.write_text(yaml.safe_dump(_template()))

    def begin():
        stack = project.create(template, {'requests': workers.queue})
        while (states := _states(project, stack)) != {
                **dict.fromkeys(_names(*KINDS), 'CREATE_COMPLETE'),
                **dict.fromkeys(_names(*WAITING), 'CREATE_IN_PROGRESS'),
                'first': 'CREATE_COMPLETE', 'last': 'INIT_COMPLETE'}:
            assert 'CREATE_FAILED' not in states.values(), states
            time.sleep(0.2)
        return stack
    return begin


class Spread:
    """What each engine has done to the resources of a stack.

    :param folder: of the engines' logs
    :param stack: the stack
    """

    def __init__(self, folder, stack):
        self._done = {
            log.stem: re.findall(
                r'INFO heat\.engine\.resource .* (creating|deleting) \w+ '
                r'"(\w+)" .*Stack "%s"' % stack.name, log.read_text())
            for log in folder.glob('heat-engine-*.log')}

    def engines(self, *kinds):
        """The engines that made or deleted a resource of these kinds."""
        return {engine for engine, done in self._done.items()
                if any(name.startswith(kinds) for _act, name in done)}

    def times(self, act):
        """How often this was done to each resource, by whomever."""
        return collections.Counter(
            name for done in self._done.values()
            for each, name in done if each == act)


@pytest.mark.parametrize(('engines', 'setup'), [(2, 'cloud'), (4, 'four')])
def test_work_is_spread_and_done_once(
        engines, setup, request, cloud, project, workers, lanes, post):
    request.getfixturevalue(setup)
    workers.start(2)
    stack = lanes()
    mailboxes, topics, inboxes = map(stack.output, (
        'mailboxes', 'topics', 'inboxes'))

    for number in range(COUNT):
        for queue in mailboxes:
            # what is sent again counts once
            post(queue, {'id': 'm%d' % max(number - 1, 0)})
            post(queue, {'id': 'm%d' % number})
        for queue in topics:
            post(queue, {'number': number})

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    for received in stack.output('received'):
        assert sorted(received) == ['m%d' % each for each in range(COUNT)]
    for messages in stack.output('forwarded'):
        assert sorted(each['number'] for each in messages) == list(
            range(COUNT))
    left = {queue: project.bodies(queue) for queue in mailboxes + inboxes}
    assert not any(left.values()), left
    assert sorted(workers.things) == sorted(stack.output('things'))

    created = collections.Counter(
        each.resource_name for each in project.heat.events.list(stack.id)
        if each.resource_status == 'CREATE_COMPLETE')
    assert created == dict.fromkeys(
        [stack.name, 'first', *_names(*KINDS), 'last'], 1)

    project.deleted(stack)

    assert workers.things == {}
    assert sorted(workers.acts) == sorted(
        (act, name) for act in ('Create', 'Delete')
        for name in _names(THING))
    done = Spread(cloud.log('heat-engine-1').parent, stack)
    for act in 'creating', 'deleting':
        times = done.times(act)
        assert set(times) == {'first', *_names(*KINDS), 'last'}
        # What waits is said to do so again each time that it goes on.
        assert {times[name] for name in (
            'first', *_names(MAILBOX, INBOX, TOPIC), 'last')} == {1}
    assert len(done.engines(*KINDS)) == engines
    # RabbitMQ gives each engine its turn, but does not look at the kinds
    for kind in CONDITION, TOPIC, THING:
        assert len(done.engines(kind)) > 1, kind


def _names(*kinds):
    return [kind + str(lane) for lane in LANES for kind in kinds]


def _states(project, stack):
    return {each.resource_name: each.resource_status
            for each in project.heat.resources.list(stack.id)}


def _template():
    lanes = {}
    for lane in LANES:
        lanes.update(_lane(lane))

    def of(kind, *attribute):
        return {'value': [
            {'get_attr': [kind + str(lane), *attribute]} if attribute else
            {'get_resource': kind + str(lane)} for lane in LANES]}

    return {
        'heat_template_version': '2021-04-16',
        'parameters': {'requests': {'type': 'string'}},
        'resources': {
            # Heat begins with one leaf a second, at a delete too.
            'first': {'type': 'OS::Heat::None'},
            'last': {'type': 'OS::Heat::None', 'depends_on': [*lanes]},
            **lanes},
        'outputs': {
            'mailboxes': of(MAILBOX), 'inboxes': of(INBOX),
            'topics': of(TOPIC), 'received': of(CONDITION, 'by_key'),
            'forwarded': of(FORWARDED, 'messages'), 'things': of(THING)}}


def _lane(number):
    named = {kind: kind + str(number) for kind in KINDS}

    def the(kind):
        return {'get_resource': named[kind]}

    wait = functools.partial(_resource, 'Zaqar::Workflow::WaitCondition',
                             count=COUNT, timeout=900)
    return {
        named[MAILBOX]: _resource('Zaqar::Workflow::WaitConditionHandle'),
        named[CONDITION]: wait(queue=the(MAILBOX)),
        named[INBOX]: _resource('Zaqar::Messaging::Queue'),
        named[TOPIC]: _resource('Zaqar::Messaging::Topic', subscribers=[
            {'forward_to': the(INBOX)}]),
        named[FORWARDED]: wait(queue=the(INBOX), consume=True),
        named[THING]: _resource(
            'Zaqar::Workflow::CustomResource', timeout=900,
            queue={'get_param': 'requests'}, properties={'lane': number})}


def _resource(of_type, **properties):
    return {'type': of_type, 'depends_on': 'first', 'properties': properties}
