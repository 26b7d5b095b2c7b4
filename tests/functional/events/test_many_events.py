# SPDX-License-Identifier: Apache-2.0
"""More events than Heat 25 to 27 keep threads for: 1,000 of a stack."""
import os

import pytest
import yaml

# Without a bound each condition would tell of three matters at each look.
CONDITIONS = 40
MESSAGES = 5000
# Each acts with two events, and is created and deleted besides. A stack of 600
# takes some minutes, most of them Heat's.
RESOURCES, ACTIONS = ((600, 0) if 'HEAT_ZAQAR_LONG_TESTS' in os.environ
                      else (40, 12))
JOINED = 25


@pytest.fixture
def template(tmp_path):
    """Writes a template of so many resources of a kind."""
    def write(count, kind, **properties):
        path = tmp_path / 'template.yaml'
        # Heat begins with one leaf a second, at a delete too, and joins few
        # resources more quickly than many.
        nothing = {'type': 'OS::Heat::None'}
        resources = {'first': nothing}
        for start in range(0, count, JOINED):
            names = ['number-%d' % number for number
                     in range(start, min(count, start + JOINED))]
            resources.update(dict.fromkeys(names, {
                'type': kind, 'depends_on': 'first',
                'properties': properties}))
            resources['after-%d' % start] = {**nothing, 'depends_on': names}
        resources['last'] = {**nothing, 'depends_on': [
            name for name in resources if name.startswith('after-')]}
        path.write_text(yaml.safe_dump({
            'heat_template_version': '2021-04-16', 'resources': resources}))
        return path
    return write


def test_five_thousand_messages_do_not_hurt_a_stack_that_waits(
        project, queue, template, eventually):
    stack = project.create(template(
        CONDITIONS, 'Zaqar::Workflow::WaitCondition', queue=queue.name,
        timeout=300, match={'it': ['is done']}))
    eventually(lambda: [
        each.resource_status for each in project.heat.resources.list(stack.id)
        ].count('CREATE_IN_PROGRESS') == CONDITIONS)

    for number in range(0, MESSAGES, 20):
        steps = [{'status': 'IN_PROGRESS', 'reason': 'step %d' % step}
                 for step in range(number, number + 18)]
        queue.post([{'body': body} for body in [
            {'it': 'is at %d' % number}, {'status': number}, *steps]])
    queue.post([{'body': {'it': 'is done'}}])

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    told = [each for each in stack.news() if 'in progress' in each]
    assert len(told) < 40 * CONDITIONS
    last = 'step %d' % (MESSAGES - 3)
    assert sum(last in each for each in told) == CONDITIONS
    project.deleted(stack)


def test_a_stack_acts_more_often_than_heat_has_threads_and_is_deleted(
        project, queue, template):
    stack = project.created(template(
        RESOURCES, 'Zaqar::Messaging::Message', queue=queue.name,
        actions=['UPDATE']))
    for _time in range(ACTIONS // 2):
        for act, done in [(project.heat.actions.suspend, 'SUSPEND_COMPLETE'),
                          (project.heat.actions.resume, 'RESUME_COMPLETE')]:
            act(stack.id)
            assert stack.wait() == done, stack.reason

    project.deleted(stack)
