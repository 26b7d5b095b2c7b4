# SPDX-License-Identifier: Apache-2.0
"""What the columns of Heat's tables in MariaDB hold, and what they do not."""
import json

import pytest

from heat_plugins.custom import reply as replies
from heat_plugins.messages import record as records
from heat_plugins.resources import custom_state
from tests import workers as worker_processes

FUNCTIONAL = '../functional/'
CONDITION = FUNCTIONAL + 'wait_condition/good/queue.yaml'
STOCK = FUNCTIONAL + 'wait_condition_handle/good/stock.yaml'
CUSTOM = FUNCTIONAL + 'custom_resource/good/one.yaml'

# The tables are of utf8mb3, which ends at U+FFFF.
EMOJI = '\U0001f600'
SHOWN = '\\U0001f600'
LAST = '\uffee'


@pytest.fixture
def queue(project, name):
    made = project.queue(name)
    made.create({})
    yield made
    made.delete()


@pytest.fixture
def stock(project, eventually):
    """Begins a stack with the stock condition; gives it and its mailbox."""
    def begin(**parameters):
        stack = project.create(STOCK, parameters)
        # before the handle is there, this is its name in the template
        return stack, project.queue(eventually(lambda: (
            stack.output('curl_cli') and stack.output('queue'))))
    return begin


@pytest.fixture
def hand(project, workers):
    """A worker that the test itself is."""
    return worker_processes.Hand(project.queue(workers.queue))


@pytest.fixture
def one(project, workers):
    """Begins a stack of one custom resource."""
    def begin(**parameters):
        return project.create(CUSTOM, {'queue': workers.queue, **parameters})
    return begin


def padded(size):
    """A map that has this size as JSON."""
    return {'x': 'y' * (size - len(json.dumps({'x': ''})))}


def reasons(project, stack, resource):
    """The reasons of a resource's events."""
    return [each.resource_status_reason for each in project.heat.events.list(
        stack.id, resource_name=resource)]


class TestEmoji:
    """One in a reason once left its stack in progress for ever."""

    FAILURE = {'status': 'FAILURE', 'reason': 'the disk is full ' + EMOJI,
               'id': EMOJI}

    def test_a_condition_fails_with_the_reason(self, project, queue):
        queue.post([{'body': self.FAILURE}])

        stack = project.create(CONDITION, {'queue': queue.name})

        assert stack.wait() == 'CREATE_FAILED'
        assert 'the disk is full %s (id %s)' % (SHOWN, SHOWN) in stack.reason

    def test_the_stock_condition_fails_with_the_reason(self, stock):
        stack, mailbox = stock()
        mailbox.post([{'body': self.FAILURE}])

        assert stack.wait() == 'CREATE_FAILED'
        assert 'the disk is full ' + SHOWN in stack.reason

    def test_a_custom_resource_fails_with_the_reason(self, one, hand,
                                                     eventually):
        stack = one()
        eventually(hand.claim)
        hand.reply(status='FAILED', reason='no space ' + EMOJI)

        assert stack.wait() == 'CREATE_FAILED'
        assert 'no space ' + SHOWN in stack.reason

    def test_a_value_that_is_known_later_is_refused(self, project):
        stack = project.create('good/named-later.yaml', {
            'name': EMOJI + 'x' * 300})

        assert stack.wait() == 'CREATE_FAILED'
        assert '"%sxxx' % SHOWN in stack.reason
        assert 'is not a valid queue name' in stack.reason

    def test_progress_is_told_and_all_data_is_kept(self, project, queue):
        bodies = [{'status': 'IN_PROGRESS', 'reason': 'half ' + EMOJI},
                  {'id': EMOJI, 'data': {EMOJI: EMOJI}}]
        queue.post([{'body': each} for each in bodies])

        stack = project.created(CONDITION, {'queue': queue.name})

        assert stack.output('message') == bodies[1]
        assert json.loads(stack.output('data')) == {EMOJI: {EMOJI: EMOJI}}
        assert 'in progress: half ' + SHOWN in reasons(project, stack,
                                                       'condition')

    def test_a_physical_id_with_one_is_ignored_and_told_of(
            self, project, one, hand, eventually):
        stack = one()
        eventually(hand.claim)

        hand.reply(physical_id=EMOJI)

        eventually(lambda: any(
            each.startswith('1 reply was ignored: reply.physical_id: ')
            for each in reasons(project, stack, 'thing')))
        hand.reply(physical_id='right')
        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert stack.output('physical_id') == 'right'


class TestLargest:

    def test_a_custom_resource(self, project, one, hand, eventually):
        properties = padded(custom_state.PROPERTIES_SIZE)
        data = padded(replies.DATA_SIZE)
        stack = one(properties=properties)
        eventually(hand.claim)
        assert hand.request['properties'] == properties

        hand.reply(physical_id=LAST * 255, reason=EMOJI * 5000, data=data)
        hand.forget()

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        outputs = stack.outputs()
        assert outputs['physical_id'] == outputs['id'] == LAST * 255
        assert outputs['data'] == data
        assert outputs['reason'] == EMOJI * 500

    def test_a_reason(self, project, queue):
        queue.post([{'body': {'status': 'FAILURE', 'reason': LAST * 40000}}])

        stack = project.create(CONDITION, {'queue': queue.name})

        assert stack.wait() == 'CREATE_FAILED'
        assert LAST * 497 + '... (id ' in stack.reason

    def test_a_record_of_a_condition(self, project, queue):
        # a character that JSON, and SQL again, writes as two
        body = '"' * 100000
        for _number in range(8):
            queue.post([{'body': body}])

        stack = project.created(CONDITION, {'queue': queue.name, 'count': 8})

        kept = stack.output('messages')
        assert kept == [body] * (records.LIMIT // len(json.dumps(
            [body, body])))
        assert stack.output('received') == 8

    def test_a_record_of_the_stock_condition(self, project, stock):
        """Twenty megabytes are more than MariaDB takes at once."""
        stack, mailbox = stock(count=80)
        for _number in range(80):
            mailbox.post([{'body': {'data': 'x' * 250000}}])

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        data = json.loads(stack.output('data'))
        assert sorted(map(len, filter(None, data.values()))) == [250000] * 4
        metadata = project.heat.resources.metadata(stack.id, 'handle')
        assert sum('data not kept' in each['reason']
                   for each in metadata.values()) == 76
