# SPDX-License-Identifier: Apache-2.0
"""More events than Heat 27 has threads for: 1,000 of a stack."""
import time

import pytest
import yaml

CONDITIONS = 20
MESSAGES = 5000
# Each acts with two events, and is created and deleted besides.
RESOURCES = 40
ACTIONS = 12


@pytest.fixture
def template(tmp_path):
    """Writes a template of these resources."""
    def write(resources):
        path = tmp_path / 'template.yaml'
        path.write_text(yaml.safe_dump({
            'heat_template_version': '2021-04-16', 'resources': resources}))
        return path
    return write


@pytest.fixture
def queue(project):
    queue = project.queue(project.name())
    queue.create({})
    yield queue
    queue.delete()


def test_five_thousand_messages_in_progress_do_not_hurt_a_stack(
        project, queue, template, eventually):
    stack = project.create(template({
        'condition-%d' % number: {
            'type': 'Zaqar::Workflow::WaitCondition',
            'properties': {'queue': queue.name, 'timeout': 300,
                           'match': {'it': ['is done']}}}
        for number in range(CONDITIONS)}))
    eventually(lambda: {each.resource_status for each in
                        project.heat.resources.list(stack.id)} ==
               {'CREATE_IN_PROGRESS'})

    began = time.monotonic()
    for number in range(MESSAGES // 20):
        queue.post([{'body': {'status': 'IN_PROGRESS', 'reason': 'step %d' % (
            20 * number + step)}} for step in range(18)] + [
                {'body': {'it': number}}, {'body': {'status': number}}])
    print('POSTED', time.monotonic() - began)
    queue.post([{'body': {'it': 'is done'}}])

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    told = [each for each in stack.news() if 'in progress' in each]
    print('EVENTS', len(told), time.monotonic() - began)
    assert 0 < len(told) < 40 * CONDITIONS
    assert sum('step %d' % (MESSAGES - 3) in each for each in told) == 20
    project.deleted(stack)


def test_a_stack_of_many_resources_acts_and_is_deleted(
        project, queue, template):
    stack = project.created(template({'first': {'type': 'OS::Heat::None'}, **{
        'message-%d' % number: {
            'type': 'Zaqar::Messaging::Message', 'depends_on': 'first',
            'properties': {'queue': queue.name, 'body': number,
                           'actions': ['UPDATE']}}
        for number in range(RESOURCES)}}))
    began = time.monotonic()
    for _time in range(ACTIONS // 2):
        for act, done in [(project.heat.actions.suspend, 'SUSPEND_COMPLETE'),
                          (project.heat.actions.resume, 'RESUME_COMPLETE')]:
            act(stack.id)
            assert stack.wait() == done, stack.reason
        print('ACTED', time.monotonic() - began)

    project.deleted(stack)
    print('DELETED', time.monotonic() - began)
