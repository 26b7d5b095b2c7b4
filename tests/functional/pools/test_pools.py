# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Messaging::Pool and Flavor on a real cloud with pools."""
import json
import urllib.parse

from heatclient import exc
import pytest
import redis

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import demo
from heat_plugins.localcloud import options
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import flavors
from heat_plugins.zaqar import pools

EVERYTHING = demo.examples() / '19-pools-and-flavors.yaml'
NOWHERE = 'redis://:pa55word@127.0.0.1:1?dbid=2'


@pytest.fixture(scope='module')
def pooled():
    """A cloud whose Zaqar has pools."""
    with clouds.Cloud.ephemeral(
            options=options.Options(zaqar_pooling=True)) as running:
        yield running


@pytest.fixture
def project(pooled, project_on):
    """The administrator's project on that cloud."""
    return project_on(pooled, admin=True)


@pytest.fixture(scope='module')
def databases(pooled):
    """URIs of databases that no pool has."""
    return ['%s?socket_timeout=5&dbid=%d' % (pooled.endpoints['redis'],
                                             number)
            for number in range(2, 6)]


@pytest.fixture(scope='module')
def registered(pooled):
    """All pools of the cloud."""
    return pools.Pools(clients.zaqar(pooled, admin=True))


@pytest.fixture(scope='module')
def known(pooled):
    """All flavors of the project."""
    return flavors.Flavors(clients.zaqar(pooled, admin=True))


@pytest.fixture
def name(project):
    return project.name('pool')


@pytest.fixture
def foreign(registered, databases):
    """A pool that no stack has made."""
    registered.ensure('foreign', pools.Pool(databases[3], 5))
    yield 'foreign'
    registered.delete('foreign')


def stored(uri, queue):
    """Whether a database has messages of a queue."""
    address, _question, number = uri.partition('?socket_timeout=5&dbid=')
    with redis.Redis.from_url('%s/%s' % (address, number)) as opened:
        return bool(opened.keys('*.%s.messages' % queue))


def test_a_bad_property_is_refused_at_validation(bad_template,
                                                 assert_refused):
    assert_refused(bad_template)


def test_19_pools_and_flavors(project, databases):
    """A queue is stored in its pool."""
    slow, fast = databases[:2]
    stack = project.created(EVERYTHING,
                            {'slow_uri': slow, 'fast_uri': fast})
    queue = stack.output('queue')

    project.post(queue, 'hello')

    assert project.bodies(queue) == ['hello']
    assert stored(fast, queue)
    assert not stored(slow, queue)


def test_all_goes_with_the_stack(project, registered, known, databases):
    stack = project.created(EVERYTHING, {
        'slow_uri': databases[0], 'fast_uri': databases[1]})
    flavor = stack.output('gold')
    assert known.get(flavor)['pools'] == [stack.output('fast')]

    project.deleted(stack)

    assert list(registered) == []
    assert not known.exists(flavor)


def test_a_database_is_known_among_any_number_of_pools(registered, databases):
    names = ['p%02d' % number for number in range(25)]
    for name in names:
        registered.ensure(name, pools.Pool(databases[0] + '&' + name, 0))

    assert sorted(name for name, _pool in registered) == names
    with pytest.raises(errors.Conflict):
        registered.ensure('p25', pools.Pool(databases[0] + '&p24', 0))
    for name in names:
        registered.delete(name)


def test_without_a_name_they_are_named_after_their_stack(project, registered,
                                                         databases):
    stack = project.created('good/default.yaml', {'uri': databases[0]})

    assert stack.output('pool').startswith(stack.name + '-pool-')
    assert stack.output('flavor').startswith(stack.name + '-flavor-')
    assert registered.get(stack.output('pool')) == pools.Pool(
        databases[0], 100, {}, stack.output('flavor'))


class TestPool:
    @pytest.fixture
    def parameters(self, name, databases):
        return {'name': name, 'uri': databases[0]}

    @pytest.fixture
    def stack(self, project, parameters):
        return project.created('good/pool.yaml', parameters)

    def test_every_property_reaches_zaqar(self, stack, registered, name,
                                          databases):
        assert registered.get(name) == pools.Pool(
            databases[0], 7, {'max_reconnect_attempts': 3}, '')

    def test_its_attributes_tell_of_it(self, stack, project, name):
        assert stack.output('id') == stack.output('name') == name
        assert stack.output('href') == '%s/v2/pools/%s' % (
            project.cloud.endpoints['zaqar'], name)
        assert stack.output('flavor') == ''

    def test_its_password_is_shown_nowhere(self, project, name, databases):
        password = urllib.parse.urlsplit(databases[0]).password
        stack = project.created('good/pool.yaml',
                                {'name': name, 'uri': databases[0]})

        shown = stack.output('show')
        assert shown['uri'] == databases[0].replace(password, '***')
        assert shown['weight'] == 7
        assert password not in json.dumps(
            stack.resource('pool').to_dict()['attributes'])

    def test_it_is_changed_in_place(self, project, stack, registered, name,
                                    databases):
        before = stack.resource('pool').physical_resource_id

        project.updated(stack, 'good/pool.yaml', {
            'name': name, 'uri': databases[1], 'weight': 0, 'options': {}})

        assert registered.get(name) == pools.Pool(databases[1], 0, {}, '')
        assert stack.resource('pool').physical_resource_id == before

    def test_another_name_is_another_pool(self, project, stack, registered,
                                          databases):
        other = project.name('pool')
        project.updated(stack, 'good/pool.yaml',
                        {'name': other, 'uri': databases[1]})

        assert [each for each, _pool in registered] == [other]

    def test_nothing_is_done_when_nothing_changed(self, project, stack,
                                                  parameters):
        stack.news()

        project.updated(stack, 'good/pool.yaml', parameters, converge=True)

        assert ' pool ' not in '\n'.join(stack.news())

    def test_what_was_changed_by_hand_is_set_again(
            self, project, stack, registered, parameters, name):
        before = registered.get(name)
        registered.ensure(name, pools.Pool(before.uri, 99, {'a': 1}))

        project.updated(stack, 'good/pool.yaml', parameters, converge=True)

        assert registered.get(name) == before

    def test_what_was_deleted_by_hand_is_made_anew(
            self, project, stack, registered, parameters, name):
        before = registered.get(name)
        registered.delete(name)

        project.updated(stack, 'good/pool.yaml', parameters, converge=True)

        assert registered.get(name) == before

    def test_check_tells_when_it_is_gone_and_an_update_mends_it(
            self, project, stack, registered, parameters, name):
        before = registered.get(name)
        registered.delete(name)

        project.heat.actions.check(stack.id)
        assert stack.wait() == 'CHECK_FAILED'
        assert '"%s" is gone from the pools.' % name in (
            stack.resource('pool').resource_status_reason)

        project.updated(stack, 'good/pool.yaml', parameters)
        assert registered.get(name) == before

    def test_delete_of_one_that_is_gone_is_fine(self, project, stack,
                                                registered, name):
        registered.delete(name)

        project.deleted(stack)

    def test_one_that_is_there_already_is_refused_and_kept(
            self, project, registered, foreign, databases):
        before = registered.get(foreign)
        stack = project.create('good/pool.yaml',
                               {'name': foreign, 'uri': databases[3],
                                'weight': 5, 'options': {}})

        assert stack.wait() == 'CREATE_FAILED'
        assert ('Property name of pool: the pools already include "foreign"'
                in stack.reason)
        project.deleted(stack)
        assert registered.get(foreign) == before

    def test_two_of_one_database_are_refused(self, project, name, foreign,
                                             databases):
        stack = project.create('good/pool.yaml',
                               {'name': name, 'uri': databases[3]})

        assert stack.wait() == 'CREATE_FAILED'
        assert 'The pool "foreign" already has this uri' in stack.reason

    def test_an_unreachable_one_fails_without_its_password_and_is_mended(
            self, project, registered, name, databases):
        stack = project.create('good/pool.yaml',
                               {'name': name, 'uri': NOWHERE})
        assert stack.wait() == 'CREATE_FAILED'
        assert ('cannot connect to redis://:***@127.0.0.1:1?dbid=2'
                in stack.reason)
        before = stack.resource('pool').physical_resource_id

        project.updated(stack, 'good/pool.yaml',
                        {'name': name, 'uri': databases[0]})

        assert registered.get(name).uri == databases[0]
        assert stack.resource('pool').physical_resource_id == before == name

    def test_one_made_by_an_engine_that_was_killed_then_is_taken_up(
            self, project, registered, name, databases):
        stack = project.create('good/pool.yaml',
                               {'name': name, 'uri': NOWHERE})
        assert stack.wait() == 'CREATE_FAILED'
        registered.ensure(name, pools.Pool(databases[0], 1))

        project.updated(stack, 'good/pool.yaml',
                        {'name': name, 'uri': databases[0]})

        assert registered.get(name).weight == 7
        project.deleted(stack)
        assert not registered.exists(name)

    def test_the_only_one_of_a_flavor_is_not_deleted(
            self, project, stack, registered, known, name):
        known.ensure('needs-it', [name])
        stack.delete()

        assert stack.wait() == 'DELETE_FAILED'
        assert ('The pool "%s" is the only one of the flavor "needs-it". '
                'Delete the flavor first' % name) in stack.reason
        known.delete('needs-it')
        project.deleted(stack)
        assert not registered.exists(name)

    def test_it_joins_a_flavor_and_leaves_it(self, project, known, foreign,
                                             databases):
        known.ensure('open', [foreign])
        stack = project.created('good/joining.yaml', {
            'uri': databases[0], 'flavor': 'open'})
        pool = stack.output('name')
        assert set(known.get('open')['pools']) == {foreign, pool}

        project.updated(stack, 'good/leaving.yaml', {'uri': databases[0]})

        assert known.get('open')['pools'] == [foreign]
        assert stack.output('name') == pool
        known.delete('open')


@pytest.fixture(scope='class')
def three(registered, databases):
    """The pools one, two and three, that no stack has made."""
    names = ['one', 'two', 'three']
    for each, uri in zip(names, databases, strict=False):
        registered.ensure(each, pools.Pool(uri, 1))
    yield
    for each in names:
        registered.delete(each)


@pytest.mark.usefixtures('three')
class TestFlavor:
    @pytest.fixture
    def parameters(self, name):
        return {'name': name, 'pools': 'two,one'}

    @pytest.fixture
    def stack(self, project, parameters):
        return project.created('good/flavor.yaml', parameters)

    def test_its_attributes_tell_of_it(self, stack, project, name):
        assert stack.output('id') == stack.output('name') == name
        assert stack.output('href') == '%s/v2/flavors/%s' % (
            project.cloud.endpoints['zaqar'], name)
        assert sorted(stack.output('pools')) == ['one', 'two']
        assert 'FIFO' in stack.output('capabilities')
        assert stack.output('show')['name'] == name

    def test_its_pools_are_changed_in_place(self, project, stack, known,
                                            registered, name):
        project.updated(stack, 'good/flavor.yaml',
                        {'name': name, 'pools': 'two,three'})

        assert set(known.get(name)['pools']) == {'two', 'three'}
        assert registered.get('one').flavor == ''

    def test_nothing_is_done_when_nothing_changed(self, project, stack,
                                                  parameters):
        stack.news()

        project.updated(stack, 'good/flavor.yaml', parameters, converge=True)

        assert ' flavor ' not in '\n'.join(stack.news())

    def test_what_was_changed_by_hand_is_set_again(self, project, stack,
                                                   known, parameters, name):
        known.ensure(name, ['three'])

        project.updated(stack, 'good/flavor.yaml', parameters, converge=True)

        assert set(known.get(name)['pools']) == {'one', 'two'}

    def test_what_was_deleted_by_hand_is_made_anew(
            self, project, stack, known, parameters, name):
        known.delete(name)

        project.updated(stack, 'good/flavor.yaml', parameters, converge=True)

        assert set(known.get(name)['pools']) == {'one', 'two'}

    def test_check_tells_when_it_is_gone_and_an_update_mends_it(
            self, project, stack, known, parameters, name):
        known.delete(name)

        project.heat.actions.check(stack.id)
        assert stack.wait() == 'CHECK_FAILED'
        assert '"%s" is gone from the flavors.' % name in (
            stack.resource('flavor').resource_status_reason)

        project.updated(stack, 'good/flavor.yaml', parameters)
        assert set(known.get(name)['pools']) == {'one', 'two'}

    def test_delete_leaves_its_pools_to_others(self, project, stack,
                                               registered, known, name):
        project.deleted(stack)

        assert not known.exists(name)
        assert registered.get('one').flavor == ''

    def test_delete_of_one_that_is_gone_is_fine(self, project, stack, known,
                                                name):
        known.delete(name)

        project.deleted(stack)

    def test_one_that_is_there_already_is_refused_and_kept(self, project,
                                                           known, name):
        known.ensure(name, ['three'])
        stack = project.create('good/flavor.yaml',
                               {'name': name, 'pools': 'one'})

        assert stack.wait() == 'CREATE_FAILED'
        assert ('the flavors already include "%s"' % name
                in stack.reason)
        project.deleted(stack)
        assert known.get(name)['pools'] == ['three']
        known.delete(name)

    def test_the_pool_of_another_flavor_is_refused(self, project, stack,
                                                   known, name):
        other = project.create('good/flavor.yaml', {
            'name': project.name('flavor'), 'pools': 'one,three'})

        assert other.wait() == 'CREATE_FAILED'
        assert ('The pool "one" already belongs to the flavor "%s"' % name
                in other.reason)
        assert set(known.get(name)['pools']) == {'one', 'two'}

    def test_a_pool_that_is_not_there_is_refused(self, project, name):
        stack = project.create('good/flavor.yaml',
                               {'name': name, 'pools': 'one,no-such-pool'})

        assert stack.wait() == 'CREATE_FAILED'
        assert 'Pool no-such-pool does not exist' in stack.reason

    def test_a_queue_of_another_project_cannot_ask_for_it(
            self, stack, pooled, project_on, name):
        with pytest.raises(exc.HTTPBadRequest) as refused:
            project_on(pooled).create('good/queue.yaml', {'flavor': name})

        assert ('Zaqar has no flavor "%s" for this project' % name
                in str(refused.value))


class TestNotForThisUser:
    """What others than administrators read."""

    @pytest.fixture
    def ordinary(self, pooled, project_on):
        return project_on(pooled)

    def test_a_pool_is_refused_at_validation(self, ordinary, name):
        with pytest.raises(exc.HTTPBadRequest) as refused:
            ordinary.create('good/pool.yaml', {'name': name, 'uri': NOWHERE})

        assert ('pool: Pools and flavors are for administrators, by default '
                'users with the role "admin"' in str(refused.value))
        assert 'pa55word' not in str(refused.value)

    def test_a_flavor_is_refused_at_creation(self, ordinary, name):
        stack = ordinary.create('good/flavor.yaml',
                                {'name': name, 'pools': 'one'})

        assert stack.wait() == 'CREATE_FAILED'
        assert 'Pools and flavors are for administrators' in stack.reason


class TestWithoutPooling:
    """What an administrator reads where Zaqar has no pools."""

    @pytest.fixture
    def project(self, cloud, project_on):
        return project_on(cloud, admin=True)

    @pytest.mark.parametrize(('template', 'parameters', 'kind'), [
        ('good/pool.yaml', {'name': 'p', 'uri': NOWHERE}, 'pools'),
        ('good/flavor.yaml', {'name': 'f', 'pools': 'p'}, 'flavors')])
    def test_the_error_says_what_the_operator_has_to_do(
            self, project, template, parameters, kind):
        with pytest.raises(exc.HTTPBadRequest) as refused:
            project.create(template, parameters)

        assert ('This Zaqar has no %s: its operator has to set pooling = '
                'True and admin_mode = True in the section [DEFAULT] of '
                'zaqar.conf' % kind in str(refused.value))

    def test_a_queue_may_name_any_flavor(self, project):
        project.created('good/queue.yaml', {'flavor': 'any'})

    def test_of_no_flavor_is_said_that_it_is_missing(self, project):
        assert not flavors.Flavors(project.zaqar).is_missing('any')
