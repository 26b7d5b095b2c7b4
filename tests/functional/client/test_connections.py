# SPDX-License-Identifier: Apache-2.0
"""What a stack that waits costs, as the access logs tell it."""
import json

import pytest

from heat_plugins.localcloud import access_log

TEMPLATE = '''
heat_template_version: 2021-04-16
resources:
  condition:
    type: Zaqar::Workflow::WaitCondition
    properties: {queue: %s, count: %d}
outputs:
  messages: {value: {get_attr: [condition, messages]}}
'''


@pytest.fixture
def waited_on(project, tmp_path):
    """Begins a stack that waits on a queue."""
    def begin(queue, count):
        template = tmp_path / 'template.yaml'
        template.write_text(TEMPLATE % (queue, count))
        return project.create(template)
    return begin


def since(cloud, api, moment):
    """What heat-engine asked an API, from a count of requests on."""
    return [each for each in access_log.read(cloud.access_log(api))[moment:]
            if not each.agent.startswith('heat-zaqar-cloud')]


def count(cloud, api):
    return len(access_log.read(cloud.access_log(api)))


def test_a_call_opens_no_connection_and_asks_for_no_token(
        cloud, project, waited_on, eventually):
    name = project.name()
    project.queue(name).create({})
    stack = waited_on(name, 1)
    eventually(lambda: 'condition' in str(stack.news()))

    def polls_since(moment):
        return [each for each in since(cloud, 'zaqar', moment)
                if name + '/messages' in each.path]

    # The first are by the token of the request, those after it by one of
    # their own, for all who wait in the project.
    eventually(lambda: len(polls_since(0)) >= 5)
    zaqar, keystone = count(cloud, 'zaqar'), count(cloud, 'keystone')
    eventually(lambda: len(polls_since(zaqar)) >= 3)
    polls = polls_since(zaqar)
    assert len({each.peer for each in polls}) == 1
    assert all(each.agent.startswith('heat-zaqar-plugins') for each in polls)
    logins = [each for each in since(cloud, 'keystone', keystone)
              if each.method == 'POST']
    assert logins == []


def test_a_batch_costs_few_requests(cloud, project, waited_on):
    name = project.name()
    queue = project.queue(name)
    queue.create({})
    for start in range(0, 100, 20):
        queue.post([{'body': number}
                    for number in range(start, start + 20)])
    before = count(cloud, 'zaqar')

    stack = waited_on(name, 100)

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('messages') == list(range(100))
    ours = [each for each in since(cloud, 'zaqar', before)
            if name in each.path]
    # the owner and the existence (two requests each, because a queue without
    # metadata looks like none), five full pages, an empty one, and a look
    # behind what has expired
    assert len(ours) <= 11, json.dumps([each.path for each in ours])
