# SPDX-License-Identifier: Apache-2.0
"""The event sink zaqar-messaging on the real cloud."""
import json

from cloudevents.core.formats import json as json_format
from heatclient import exc
import pytest


def environment(*sinks):
    return {'event_sinks': [{'type': 'zaqar-messaging', **sink}
                            for sink in sinks]}


@pytest.fixture
def announced(project, name, eventually):
    """Creates a stack with sinks; gives the bodies in the queue, sorted."""
    def create(count, *sinks):
        project.created('good/stack.yaml', name=name,
                        environment=environment(*sinks))
        eventually(lambda: len(project.bodies(name)) >= count)
        return sorted(project.bodies(name), key=lambda body: (
            body.get('timestamp') or body['time']))
    return create


def test_every_event_reaches_the_queue(project, name, announced):
    bodies = announced(4, {'target': name, 'ttl': 300})

    assert {each['type'] for each in bodies} == {'os.heat.event'}
    assert sorted((each['payload']['resource_name'],
                   each['payload']['resource_status'])
                  for each in bodies) == sorted([
                      (name, 'IN_PROGRESS'), ('thing', 'IN_PROGRESS'),
                      ('thing', 'COMPLETE'), (name, 'COMPLETE')])
    assert {each['ttl'] for each in project.queue(name).page()} == {300}


def test_only_what_matches_does(name, announced):
    [body] = announced(1, {'target': name, 'match': {'payload': {
        'resource_status': [{'anything-but': 'IN_PROGRESS'}],
        'resource_type': [{'prefix': 'OS::Heat::R'}]}}})

    assert body['payload']['resource_name'] == 'thing'


def test_an_event_can_be_one_of_cloudevents(name, announced):
    events = [json_format.JSONFormat().read(None, json.dumps(each))
              for each in announced(4, {'target': name,
                                        'envelope': 'cloudevents'})]

    assert {each.get_type() for each in events} == {
        'org.openstack.heat.%s.create.%s' % (kind, status)
        for kind in ('stack', 'resource')
        for status in ('in_progress', 'complete')}
    assert len({each.get_id() for each in events}) == 4
    for each in events:
        assert each.get_subject() in (name, 'thing')
        assert each.get_data()['resource_name'] == each.get_subject()
        assert each.get_source().endswith('/resources/' + each.get_subject())
        assert each.get_time().tzinfo


def test_a_sink_that_fails_silences_no_other(project, name, announced):
    too_small = project.name()
    project.queue(too_small).create({'_max_messages_post_size': 10})

    assert len(announced(4, {'target': too_small}, {'target': name})) == 4
    assert project.bodies(too_small) == []


@pytest.mark.parametrize(('sink', 'words'), [
    ({}, 'target: "None" is not a valid queue name'),
    ({'target': 'a.b'}, 'target: "a.b" is not a valid queue name'),
    ({'target': 'a', 'ttl': 59}, 'ttl: "59" is not a number of seconds'),
    ({'target': 'a', 'ttl': 'x'}, 'ttl: "x" is not a number of seconds'),
    ({'target': 'a', 'envelope': 'soap'},
     'envelope: "soap" is not one of none, cloudevents'),
    ({'target': 'a', 'match': {'payload': {'x': [{'like': 'y'}]}}},
     'match: payload.x[0].like: unknown operator'),
    ({'target': 'a', 'filter': {}}, 'filter: unknown'),
])
def test_a_setting_that_means_nothing_is_refused(project, sink, words):
    with pytest.raises(exc.HTTPBadRequest) as refused:
        project.create('good/stack.yaml', environment=environment(sink))

    assert 'The event sink zaqar-messaging: ' + words in str(refused.value)
