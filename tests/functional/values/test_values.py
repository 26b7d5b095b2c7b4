# SPDX-License-Identifier: Apache-2.0
"""Values that a template leaves out, or that are known only later."""

from heat_plugins.zaqar import subscriptions

# Where a value of each kind goes, and what is said of it.
REFUSED = {
    'reserved': 'Property metadata of reserved: keys that begin with "_" are '
                'reserved: _heat_owner.',
    'metadata': 'Property metadata of metadata: is not JSON',
    'size': 'Property metadata of size: 140012 bytes as JSON, at most 65536',
    'retry': 'Property delivery_retry of retry: maximum_delay (5) must be',
    'subscribers': 'Property subscribers.0.webhook of subscribers: "x" is no',
    'target': 'Property webhook of target: "x" is not an http or https URL.',
    'event_type': 'Property event_type of event_type: applies only with',
    'body': 'Property body of body: 280018 bytes as JSON, at most 262144',
    'properties': 'Property properties of properties: 140012 bytes as JSON',
    'match': 'Property match of match: ',
    'expression': 'Property expression of expression: ',
}


def test_what_is_known_later_is_looked_at_then(project, queue):
    parameters = {
        'queue': queue.name, 'long': 'x' * 140000, 'map': {
            'url': 'x', 'subscribers': [{'webhook': 'x'}],
            'retry': {'maximum_delay': 5}, 'event_type': 'a.b',
            'match': {'a': [{'odd': 1}]}, 'expression': '$.((',
            'number': float('nan'),
            'owner': {'_heat_owner': {'stack_id': 'theirs'}}}}
    stacks = {name: project.create('good/known-later.yaml',
                                   {**parameters, 'only': name})
              for name in REFUSED}

    for name, stack in stacks.items():
        assert stack.wait() == 'CREATE_FAILED'
        assert REFUSED[name] in stack.reason
    assert queue.page() == []
    assert list(subscriptions.Subscriptions(queue)) == []


def test_what_a_condition_leaves_out_is_not_there(project, webhook):
    stack = project.created('good/left-out.yaml', {'url': webhook.url})

    for name in 'queue', 'topic':
        [found] = subscriptions.Subscriptions(
            project.queue(stack.output(name)))
        assert found.subscriber == webhook.url


def test_what_is_fine_later_is_not_refused_now(project, webhook, eventually):
    stack = project.created('good/fine-later.yaml', {'url': webhook.url})

    [request] = eventually(lambda: webhook.requests)
    assert request.headers['x-kind'] == 'a.b'
    assert request.json == {'kind': 'a.b'}
    [body] = project.bodies(stack.output('queue'))
    assert body['type'] == 'a.b'
    [found] = subscriptions.Subscriptions(
        project.queue(stack.output('topic')))
    assert found.subscriber == webhook.url


def test_a_reference_is_shown_as_the_name_it_stands_for(project):
    stack = project.created('good/by-reference.yaml')
    name = stack.output('queue')

    for each in 'signed', 'message', 'condition':
        assert stack.resource(each).attributes['queue'] == name
    shown = project.heat.resources.get(
        stack.id, 'signed', with_attr=['url', 'query_str']).attributes
    assert shown['url'].endswith('/v2/queues/' + name)
    assert shown['query_str'].endswith('queue_name=' + name)
