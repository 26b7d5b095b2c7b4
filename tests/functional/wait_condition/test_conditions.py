# SPDX-License-Identifier: Apache-2.0
"""What counts for Zaqar::Workflow::WaitCondition, on the real cloud."""
from heatclient import exc
import pytest
import yaml

OUTPUTS = ('data', 'data_map', 'messages', 'message', 'by_key', 'received',
           'failures', 'timed_out')


@pytest.fixture
def queue(project):
    """The name of a queue that is no mailbox."""
    queue = project.queue(project.name())
    queue.create({})
    yield queue.name
    queue.delete()


@pytest.fixture
def template(tmp_path, queue):
    """Writes a template of conditions that wait on the queue."""
    def write(**conditions):
        path = tmp_path / 'template.yaml'
        path.write_text(yaml.safe_dump({
            'heat_template_version': '2021-04-16',
            'resources': {
                name: {'type': 'Zaqar::Workflow::WaitCondition',
                       'properties': {'queue': queue, 'timeout': 300,
                                      **properties}}
                for name, properties in conditions.items()},
            'outputs': {
                '%s_%s' % (name, output): {
                    'value': {'get_attr': [name, output]}}
                for name in conditions for output in OUTPUTS}}))
        return path
    return write


@pytest.fixture
def waiting(project, template, eventually):
    """Begins a stack of one condition, or goes on with an update of it."""
    stacks = []

    def begin(**properties):
        path = template(it=properties)
        if stacks:
            stacks[0].update(path)
            action = 'UPDATE'
        else:
            stacks.append(project.create(path))
            action = 'CREATE'
        eventually(lambda: stacks[0].resource('it').resource_status
                   .startswith(action))
        return stacks[0]
    return begin


def reasons(project, stack):
    return [event.resource_status_reason for event in
            project.heat.events.list(stack.id, resource_name='it',
                                     sort_dir='asc')]


DONE = {'match': {'state': ['done']}}


class TestMatch:
    def test_conditions_on_one_queue_have_what_is_theirs(
            self, project, queue, template):
        project.post(queue, {'step': 2}, 'noise', {'step': 1}, {'step': 3})

        stack = project.created(template(
            one={'match': {'step': 1}}, two={'match': {'step': 2}},
            many={'match': {'step': [{'numeric': ['>', 1]}]}, 'count': 2},
            all={'count': 4}))

        assert stack.output('one_messages') == [{'step': 1}]
        assert stack.output('two_messages') == [{'step': 2}]
        assert stack.output('many_messages') == [{'step': 2}, {'step': 3}]
        assert stack.output('all_received') == 4
        assert len(project.bodies(queue)) == 4

    def test_what_does_not_match_stays_when_what_counts_is_consumed(
            self, project, queue, template):
        project.post(queue, 'noise', {'state': 'done'}, {'state': 'begun'})

        project.created(template(it={**DONE, 'consume': True}))

        assert project.bodies(queue) == ['noise', {'state': 'begun'}]

    def test_what_one_consumed_is_not_counted_by_the_next(
            self, project, queue, tmp_path):
        project.post(queue, 'a', 'b', 'c')
        path = tmp_path / 'one-by-one.yaml'
        path.write_text(yaml.safe_dump({
            'heat_template_version': '2021-04-16', 'resources': {
                name: {'type': 'Zaqar::Workflow::WaitCondition',
                       'properties': {'queue': queue, 'consume': True},
                       'depends_on': before}
                for name, before in (('first', []), ('second', ['first']),
                                     ('third', ['second']))},
            'outputs': {name: {'value': {'get_attr': [name, 'messages']}}
                        for name in ('first', 'second', 'third')}}))

        stack = project.created(path)

        assert stack.outputs() == {
            'first': ['a'], 'second': ['b'], 'third': ['c']}

    def test_a_timeout_tells_why_nothing_matched(self, project, queue,
                                                 waiting):
        project.post(queue, *[{'state': 'DONE'}] * 3, 'text')

        stack = waiting(**DONE, timeout=2)

        assert stack.wait() == 'CREATE_FAILED'
        told = ('4 did not match: state is "DONE" (3), the body is a string '
                '(1)')
        assert '0 of 1 received after 2 seconds; ' + told in stack.reason
        assert told in reasons(project, stack)

    def test_it_is_found_behind_many_claimed_and_unmatched_ones(
            self, project, queue, template):
        project.post(queue, *({'n': number} for number in range(100)))
        project.queue(queue).claim(ttl=300, grace=60, limit=20)
        project.post(queue, {'state': 'done'})
        project.queue(queue).claim(ttl=300, grace=60, limit=20)

        stack = project.created(template(it=DONE))

        assert stack.output('it_message') == {'state': 'done'}

    def test_others_who_claim_and_delete_take_nothing_from_it(
            self, project, queue, waiting, eventually):
        stack = waiting(**DONE, count=40)
        jobs = project.queue(queue)
        for number in range(40):
            project.post(queue, {'state': 'done', 'n': number}, 'job')
            if number % 10 == 9:
                eventually(lambda number=number: stack.output(
                    'it_received') == number + 1)
                for message in jobs.claim(ttl=60, grace=60, limit=20):
                    message.delete()

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert sorted(each['n'] for each in stack.output('it_messages')
                      ) == list(range(40))


class TestExpression:
    def test_it_decides_what_counts(self, project, queue, template):
        project.post(queue, {'sizes': [1, 2]}, {'sizes': [9]}, 'text')

        stack = project.created(template(
            it={'expression': '$.body.sizes.sum() > 5'}))

        assert stack.output('it_message') == {'sizes': [9]}

    def test_what_is_wrong_with_it_is_told_and_hurts_nobody(
            self, project, queue, waiting):
        project.post(queue, {'n': 1})

        stack = waiting(expression='$.body.nothing > 5', timeout=3)

        assert stack.wait() == 'CREATE_FAILED'
        assert ("1 did not match: the expression failed: there is no key "
                "'nothing' (1)") in stack.reason

    def test_one_without_an_end_is_ended(self, project, queue, waiting):
        project.post(queue, 'a' * 40)

        stack = waiting(expression="regex('(a+)+$').matches($.body + 'b')",
                        timeout=4)

        assert stack.wait() == 'CREATE_FAILED'
        assert 'the expression took more than 2 seconds' in stack.reason


    def test_a_long_one_is_refused_and_not_repeated(self, project, template):
        with pytest.raises(exc.HTTPBadRequest) as refused:
            project.create(template(it={'expression': '1' + '+1' * 9000}))

        assert 'expression: length (18001) is out of range' in str(
            refused.value)
        assert len(str(refused.value)) < 500

    def test_many_without_an_end_wait_for_their_turn(self, project, queue,
                                                     template):
        """There are more than may work at a time; all come to an end."""
        project.post(queue, 'a' * 40)
        endless = {'expression': "regex('(a+)+$').matches($.body + 'b')",
                   'timeout': 2}

        stack = project.create(template(
            **{'it%d' % number: endless for number in range(5)}))
        assert stack.wait() == 'CREATE_FAILED'

        project.deleted(stack)


class TestCosts:
    """A message that is as large as the pattern is long."""

    COSTLY = {'$or': [{'all': [{'prefix': 'no%d' % number}]}
                      for number in range(300)]}

    @pytest.fixture(autouse=True)
    def messages(self, project, queue):
        """Some that cost too much, and one behind them that does not."""
        project.post(queue, *[{'all': ['x'] * 20000}] * 9)
        project.post(queue, {'all': 'no7'})

    def test_what_comes_behind_them_counts(self, project, template):
        stack = project.created(template(it={'match': self.COSTLY}))

        assert stack.output('it_message') == {'all': 'no7'}

    def test_a_timeout_tells_of_them(self, waiting):
        stack = waiting(match=self.COSTLY, count=2, timeout=5)

        assert stack.wait() == 'CREATE_FAILED'
        assert ('did not match: the pattern is too costly for this message '
                '(' in stack.reason)

    def test_none_is_a_success_where_it_may_be_a_failure(self, waiting):
        stack = waiting(fail_on=self.COSTLY)

        assert stack.wait() == 'CREATE_FAILED'
        assert '1 failed' in stack.reason

    def test_a_delete_does_not_wait_for_them(self, project, waiting):
        stack = waiting(match=self.COSTLY, count=2)

        project.deleted(stack)


class TestFailures:
    DENIED = {'match': {'decision': ['approved']},
              'fail_on': {'decision': ['denied']}}

    def test_what_is_one_is_told_with_its_reason(self, project, queue,
                                                 waiting):
        project.post(queue, {'decision': 'denied', 'reason': 'too early',
                             'id': 'boss'})

        stack = waiting(**self.DENIED)

        assert stack.wait() == 'CREATE_FAILED'
        assert '1 failed: too early (id boss)' in stack.reason

    def test_the_reason_is_where_the_condition_says(self, project, queue,
                                                    waiting):
        project.post(queue, {'event_type': 'compute.instance.create.error',
                             'payload': {'message': 'No valid host'}})

        stack = waiting(
            fail_on={'event_type': [{'suffix': '.error'}]},
            reason_from='payload.message')

        assert stack.wait() == 'CREATE_FAILED'
        assert '1 failed: No valid host (id ' in stack.reason
        assert stack.output('it_failures') == ['No valid host']

    def test_some_are_tolerated(self, project, queue, template):
        project.post(queue, {'id': 'a'}, {'id': 'b', 'status': 'FAILURE'},
                     {'id': 'c'}, {'id': 'd'})

        stack = project.created(template(it={
            'count': 3, 'max_failures': 1}))

        assert stack.output('it_received') == 3
        assert stack.output('it_failures') == ['']
        assert list(stack.output('it_by_key')) == ['a', 'b', 'c', 'd']

    def test_one_more_is_not(self, project, queue, waiting):
        project.post(queue, *({'id': each, 'status': 'FAILURE',
                               'reason': 'no ' + each} for each in 'ab'))

        stack = waiting(max_failures=1)

        assert stack.wait() == 'CREATE_FAILED'
        assert ('2 failed, 1 tolerated: no a (id a); no b (id b)'
                ) in stack.reason


def test_data_is_a_map_by_the_id(project, queue, template):
    project.post(queue, {'id': 'a', 'data': {'ip': '192.0.2.7'}},
                 {'id': 'b', 'n': 5})

    stack = project.created(template(it={'count': 2}))

    assert stack.output('it_data_map') == {'a': {'ip': '192.0.2.7'},
                                           'b': {'n': 5}}


def test_each_value_counts_once(project, queue, template):
    project.post(queue, *({'worker': {'name': name}, 'n': number}
                          for number, name in enumerate('aabab')), 'text')

    stack = project.created(template(it={
        'count': 2, 'distinct_by': 'worker.name'}))

    assert stack.output('it_by_key') == {
        'a': {'worker': {'name': 'a'}, 'n': 0},
        'b': {'worker': {'name': 'b'}, 'n': 2}}


class TestTime:
    def test_silence_is_a_failure(self, waiting):
        stack = waiting(heartbeat=1)

        assert stack.wait() == 'CREATE_FAILED'
        assert ('no sign of life for 1 seconds; 0 of 1 received'
                ) in stack.reason
        assert stack.output('it_timed_out') is False

    def test_signs_of_life_keep_it_waiting(self, project, queue, waiting,
                                           eventually):
        stack = waiting(heartbeat=6)
        for percent in (20, 40, 60):
            project.post(queue, {'status': 'IN_PROGRESS',
                                 'reason': '%d %%' % percent})
            eventually(lambda percent=percent: 'in progress: %d %%' % percent
                       in reasons(project, stack))
        project.post(queue, 'done')

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason

    def test_the_stack_can_go_on_after_a_timeout(self, project, queue,
                                                 waiting):
        project.post(queue, 'one')

        stack = waiting(count=2, timeout=2, on_timeout='continue')

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert stack.output('it_timed_out') is True
        assert stack.output('it_messages') == ['one']
        assert ('continuing after the timeout: 1 of 2 received after '
                '2 seconds') in '\n'.join(reasons(project, stack))


class TestAgain:
    """A changed rearm waits for further messages."""

    @pytest.fixture(params=[True, False], ids=['consumed', 'left'])
    def consume(self, request):
        return request.param

    def test_what_was_counted_is_ignored(self, project, queue, waiting,
                                         consume):
        project.post(queue, {'id': 'a'}, {'id': 'a'}, {'id': 'b'})
        stack = waiting(count=2, consume=consume)
        assert stack.wait() == 'CREATE_COMPLETE', stack.reason

        waiting(count=2, consume=consume, rearm='again')
        project.post(queue, {'id': 'a', 'n': 2}, {'id': 'b', 'n': 2})

        assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
        assert stack.output('it_messages') == [
            {'id': 'a', 'n': 2}, {'id': 'b', 'n': 2}]

    def test_the_same_update_tried_again_goes_on(self, project, queue,
                                                 waiting, consume):
        project.post(queue, 'first')
        stack = waiting(consume=consume)
        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        project.post(queue, 'second')

        waiting(count=2, consume=consume, rearm='again', timeout=2)
        assert stack.wait() == 'UPDATE_FAILED'
        assert '1 of 2 received' in stack.reason
        waiting(count=2, consume=consume, rearm='again')
        project.post(queue, 'third')

        assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
        assert stack.output('it_messages') == ['second', 'third']

    def test_after_a_failure_only_what_is_new_counts(self, project, queue,
                                                     waiting, consume):
        project.post(queue, 'good', {'status': 'FAILURE', 'reason': 'no'})
        stack = waiting(count=2, consume=consume)
        assert stack.wait() == 'CREATE_FAILED'

        waiting(count=2, consume=consume)
        project.post(queue, 'better', 'best')

        assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
        assert stack.output('it_messages') == ['better', 'best']

    def test_another_queue_is_waited_on_anew(self, project, queue, waiting):
        project.post(queue, 'here')
        stack = waiting()
        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        other = project.queue(project.name())
        other.create({})
        project.post(other.name, 'there')

        waiting(queue=other.name)

        assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
        assert stack.output('it_messages') == ['there']


@pytest.mark.parametrize('changed', [
    {'match': {'n': [{'numeric': ['>=', 1]}]}}, {'expression': '$.body.n > 0'},
    {'fail_on': {'n': 99}}, {'max_failures': 3}, {'distinct_by': 'n'},
    {'consume': True}, {'heartbeat': 60}, {'on_timeout': 'continue'},
    {'timeout': 90}, {'reason_from': 'payload.message'}])
def test_a_property_is_changed_in_place(project, queue, waiting, changed):
    project.post(queue, {'n': 1})
    stack = waiting()
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    before = stack.resource('it').physical_resource_id

    waiting(**changed)

    assert stack.wait() == 'UPDATE_COMPLETE', stack.reason
    assert stack.resource('it').physical_resource_id == before
    assert stack.output('it_messages') == [{'n': 1}]
