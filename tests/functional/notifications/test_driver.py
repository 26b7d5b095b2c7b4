# SPDX-License-Identifier: Apache-2.0
"""The driver of notifications in a real Keystone and a real Heat."""
import uuid

import pytest

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import demo
from heat_plugins.localcloud import options

WHERE = {'endpoint_filter': {'service_type': 'identity'}}


@pytest.fixture(scope='module')
def cloud():
    """One whose services post what they tell of themselves."""
    with clouds.Cloud.ephemeral(options=options.Options(
            notifications={})) as running:
        yield running


@pytest.fixture
def admin(project_on, cloud):
    """The administrator's project, which administrators' acts belong to."""
    return project_on(cloud, admin=True)


@pytest.fixture
def heard(project):
    """The notifications of the project of the ordinary user."""
    queue = project.queue('notifications')

    def found(**wanted):
        return [each for each in (
                    message['body'] for message in all_of(queue))
                if all(each[key] == value for key, value in wanted.items())]
    return found


def all_of(queue):
    marker, found = None, []
    while page := (queue.page(marker) if marker else queue.page()):
        found += page
        marker = page[-1]['id']
    return found


def make_user(cloud, **more):
    """A new user, by the administrator; its id."""
    return clients.session(cloud, admin=True).post('/users', json={'user': {
        'name': uuid.uuid4().hex, 'domain_id': 'default', **more}},
        **WHERE).json()['user']['id']


def test_heat_tells_of_a_stack_in_its_project(project, heard, eventually):
    stack = project.created('good/random.yaml')

    [told] = eventually(lambda: [
        each for each in heard(event_type='orchestration.stack.create.end')
        if each['payload']['stack_name'] == stack.name])
    assert told['publisher_id'].startswith('orchestration.')
    assert told['project_id'] == told['payload']['tenant_id']
    assert told['payload']['state'] == 'CREATE_COMPLETE'


@pytest.mark.parametrize(('template', 'status'), [
    ('random.yaml', 'CREATE_COMPLETE'), ('failing.yaml', 'CREATE_FAILED')])
def test_23_follow_a_stack(project, template, status):
    name = project.name('followed')
    following = project.create(demo.examples() / '23-follow-a-stack.yaml',
                               {'stack': name})
    followed = project.create('good/' + template, name=name)

    assert following.wait() == status, following.reason
    assert followed.wait() == status
    if status == 'CREATE_COMPLETE':
        assert followed.id in following.output('id')
    else:
        assert 'Test Resource failed it' in following.reason


def test_a_stack_reacts_to_what_keystone_tells(cloud, admin, eventually):
    queue = admin.queue('notifications')
    eventually(queue.exists)
    user = make_user(cloud)
    stack = admin.create('good/project.yaml', {
        'event': 'identity.user.created', 'about': user})

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    told = stack.output('message')
    assert told['publisher_id'].startswith('identity.')
    assert told['user_id']


def test_while_zaqar_is_away_the_service_goes_on(cloud, admin, eventually):
    queue = admin.queue('notifications')
    cloud.services['zaqar'].stop()
    made = [make_user(cloud) for _number in range(30)]
    cloud.restart('zaqar')
    made.append(make_user(cloud))

    def told():
        return [each['body']['payload']['resource_info']
                for each in all_of(queue)
                if each['body']['event_type'] == 'identity.user.created']
    eventually(lambda: set(made) <= set(told()))
    assert [each for each in told() if each in made] == made


class TestChosen:
    @pytest.fixture(scope='class')
    def cloud(self):
        with clouds.Cloud.ephemeral(options=options.Options(notifications={
                'events': '{"event_type": ["identity.user.created"]}',
                'queue': 'of-{service}', 'envelope': 'cloudevents',
                'ttl': 600})) as running:
            yield running

    def test_only_what_is_wanted_is_posted_and_as_it_is_wanted(
            self, cloud, admin, eventually):
        keystone = clients.session(cloud, admin=True)
        user = make_user(cloud)
        keystone.delete('/users/' + user, **WHERE)
        other = make_user(cloud)

        queue = admin.queue('of-identity')
        found = eventually(lambda: len(all_of(queue)) >= 2 and all_of(queue))
        assert [each['body']['data']['resource_info'] for each in found][
            -2:] == [user, other]
        assert {each['body']['type'] for each in found} == {
            'org.openstack.identity.user.created'}
        assert {each['ttl'] for each in found} == {600}


class TestWrong:
    @pytest.fixture(scope='class')
    def cloud(self):
        with clouds.Cloud.ephemeral(options=options.Options(notifications={
                'events': 'no JSON'})) as running:
            yield running

    def test_a_wrong_section_is_told_and_breaks_nothing(self, cloud):
        assert make_user(cloud)
        assert 'the section [zaqar_notifications] is wrong: events: ' \
            'no JSON' in cloud.log('keystone').read_text()
