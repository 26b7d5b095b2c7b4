# SPDX-License-Identifier: Apache-2.0
"""What is asked of Heat for others: on its own classes and tables."""
import queue
import types

from heat.common import context as contexts
from heat.common import messaging
from heat.engine import check_resource
from heat.engine import environment
from heat.engine import resources as of_heat
from heat.engine import stack as stacks
from heat.engine import sync_point
from heat.engine import template as templates
from heat.engine.resources.openstack.heat import none_resource
from heat.objects import resource as resource_objects
from heat.rpc import worker_client
from oslo_utils import uuidutils
import pytest

from heat_plugins.engine import client_plugin
from heat_plugins.engine import interior
from heat_plugins.engine import locks
from heat_plugins.engine import traversals
from heat_plugins.resources import wait_condition

from . import checks

# Two of which the second requires the first.
TEMPLATE = {
    'heat_template_version': '2021-04-16',
    'resources': {
        'first': {'type': 'OS::Heat::None'},
        'second': {'type': 'OS::Heat::None', 'depends_on': 'first'}}}


@pytest.fixture(scope='module', autouse=True)
def heat():
    """Heat in this process, with the types that are used here."""
    known = environment.Environment({}, user_env=False)
    known.register_class('OS::Heat::None', none_resource.NoneResource)
    known.register_class('My::Wait', wait_condition.WaitCondition)
    before, of_heat._environment = of_heat._environment, known
    messaging.setup('fake://')
    with checks.database():
        yield
    messaging.cleanup()
    of_heat._environment = before


@pytest.fixture
def asked(monkeypatch):
    """The numbers of resources that messages ask to check."""
    numbers = []

    class Client:
        def check_resource(self, context, number, traversal, *_others,
                           **_more):
            numbers.append(number)

    monkeypatch.setattr(worker_client, 'WorkerClient', Client)
    monkeypatch.setattr(stacks.scheduler, 'ENABLE_SLEEP', False)
    return numbers


@pytest.fixture
def engine(asked):
    """An ``interior.Engine`` that begins with everything at once."""
    manager = types.SimpleNamespace(
        start=lambda stack_id, act, *args, **options: act(*args, **options))
    return interior.Engine(types.SimpleNamespace(
        engine_id='me', worker_service=types.SimpleNamespace(
            thread_group_mgr=manager)))


@pytest.fixture
def stack(asked):
    """A stack in progress, whose engine has died before its beginning."""
    return begin(TEMPLATE)


def begin(template, owner=None):
    context = contexts.RequestContext(project_id='p', is_admin=False)
    made = stacks.Stack(
        context, 's' + uuidutils.generate_uuid(),
        templates.Template(template), convergence=True, owner_id=owner)
    made.thread_group_mgr = types.SimpleNamespace(
        start=lambda *_args, **_options: None)
    made.store()
    made.converge_stack(made.t, action=made.CREATE)
    return made


def read(stack):
    [found] = traversals.read([stack.id])
    return found


@pytest.fixture
def begun(engine, stack):
    """It has begun: the first resource may be checked."""
    assert engine.begin_again(read(stack))
    return read(stack)


class TestBeginning:
    def test_it_begins_again(self, stack, begun, asked):
        assert begun.is_begun
        assert begun.id != stack.current_traversal
        assert [node.resource_id for node in begun.unheld()] == asked
        assert len(begun.rows) == 2

    def test_one_engine_begins(self, engine, stack, asked):
        before = read(stack)
        assert engine.begin_again(before)

        assert not engine.begin_again(before)
        assert len(asked) == 1

    def test_nothing_is_made_twice(self, engine, stack, asked):
        """The other was about to tell others when it died."""
        engine.begin_again(read(stack))
        engine.begin_again(read(stack))

        found = read(stack)
        assert len(found.rows) == 2
        assert len([each for each in found.points if each.is_update]) == 2
        assert asked == [asked[0]] * 2

    def test_one_of_nothing_ends(self, engine, asked, monkeypatch):
        ended = []
        monkeypatch.setattr(stacks.Stack, 'mark_complete',
                            lambda stack: ended.append(stack.id))
        stack = begin({'heat_template_version': '2021-04-16'})
        engine.begin_again(read(stack))

        assert ended == [stack.id]

    def test_a_stack_that_has_gone_does_not_begin(self, engine, stack):
        before = read(stack)
        before.stack_id = 'gone'

        assert not engine.begin_again(before)


class TestAskingAgain:
    def test_one_engine_asks(self, engine, begun, asked):
        [node] = begun.unheld()
        asked.clear()

        assert engine.ask_again(begun, node)
        assert not engine.ask_again(begun, node)
        assert asked == [node.resource_id]

    def test_a_stack_that_does_something_else_is_not_asked_for(
            self, engine, stack, begun, asked):
        [node] = begun.unheld()
        engine.begin_again(read(stack))
        asked.clear()

        assert not engine.ask_again(begun, node)
        assert not asked


class TestDeath:
    @pytest.fixture
    def lock(self, stack, begun):
        """The first resource, over which an engine has died."""
        [node] = begun.unheld()
        resource_objects.Resource.get_obj(
            contexts.get_admin_context(), node.resource_id).update_and_save(
                {'engine_id': 'dead', 'action': 'CREATE',
                 'status': 'IN_PROGRESS'})
        [lock] = locks.held_by('dead')
        yield lock
        self.row(lock).update_and_save({'engine_id': None})

    @staticmethod
    def row(lock):
        return resource_objects.Resource.get_obj(
            contexts.get_admin_context(), lock.resource_id, refresh=True)

    def test_it_fails_what_the_engine_was_at(self, engine, lock):
        assert engine.fail(lock)
        assert not engine.fail(lock)

        row = self.row(lock)
        assert (row.engine_id, row.status, row.status_reason) == (
            None, 'FAILED', 'Worker went down during resource CREATE')

    def test_what_another_has_taken_is_left_alone(self, engine, lock):
        self.row(lock).update_and_save({'engine_id': 'other'})
        assert not engine.fail(lock)

        assert self.row(lock).status == 'IN_PROGRESS'

    def test_what_was_locked_for_a_moment_is_unlocked(self, engine, lock):
        self.row(lock).update_and_save({'status': 'COMPLETE'})
        assert engine.fail(lock)

        row = self.row(lock)
        assert (row.engine_id, row.status) == (None, 'COMPLETE')


class TestReplacing:
    """Of a resource that has failed, and that two messages ask to check."""

    @pytest.fixture(autouse=True)
    def once(self, monkeypatch):
        monkeypatch.setattr(resource_objects.Resource, 'replacement',
                            resource_objects.Resource.replacement)
        monkeypatch.setattr(check_resource, 'check_resource_update',
                            check_resource.check_resource_update)
        interior.replace_once()

    def load(self, begun, number):
        # A resource does not keep its stack.
        rsrc, _definition, self.stack = check_resource.load_resource(
            contexts.get_admin_context(), number, {}, begun.id, True)
        return rsrc

    def replace(self, begun, number, template_id):
        return self.load(begun, number).make_replacement(template_id, set())

    @pytest.fixture
    def first(self, begun):
        [node] = begun.unheld()
        return resource_objects.Resource.get_obj(
            contexts.get_admin_context(), node.resource_id)

    def test_it_is_replaced_once(self, stack, begun, first):
        made = self.replace(begun, first.id, stack.t.id)
        again = self.replace(begun, first.id, stack.t.id)

        assert made == again != first.id
        assert len(read(stack).rows) == 3

    def test_two_at_the_same_time_replace_it_once(self, stack, begun, first,
                                                  monkeypatch):
        """The one has loaded it before the other replaces it."""
        monkeypatch.setattr('time.sleep', lambda seconds: None)
        rsrc, _kept = self.load(begun, first.id), self.stack
        made = self.replace(begun, first.id, stack.t.id)
        # A database may round the moment of the last change.
        rsrc.updated_time = self.load(begun, first.id).updated_time

        assert rsrc.make_replacement(stack.t.id, set()) == made
        assert len(read(stack).rows) == 3

    def test_the_other_message_checks_what_replaces_it(self, stack, begun,
                                                       first, asked):
        made = self.replace(begun, first.id, stack.t.id)
        rsrc = self.load(begun, first.id)
        asked.clear()

        checking = check_resource.CheckResource(
            'me', worker_client.WorkerClient(), None, queue.Queue(), {})
        checking._do_check_resource(rsrc.context, begun.id, rsrc.stack.t, {},
                                    True, rsrc, rsrc.stack, None)

        assert asked == [made]
        assert self.load(begun, first.id).status == 'COMPLETE'
        assert self.load(begun, first.id).action == 'INIT'

    def test_by_another_template_it_is_replaced_anew(self, stack, begun,
                                                     first):
        made = self.replace(begun, first.id, stack.t.id)
        other = templates.Template(TEMPLATE)
        other.store(contexts.get_admin_context())

        assert self.replace(begun, first.id, other.id) not in (made, first.id)

    def test_when_its_replacement_has_gone_it_has_another(self, stack, begun,
                                                          first):
        made = self.replace(begun, first.id, stack.t.id)
        resource_objects.Resource.delete(contexts.get_admin_context(), made)

        made = self.replace(begun, first.id, stack.t.id)

        assert made in read(stack).rows


class TestOurs:
    """Which stacks have resources of this package."""

    OF_OURS = {
        'heat_template_version': '2021-04-16',
        'resources': {'r': {'type': 'My::Wait', 'properties': {
            'queue': 'q'}}}}

    def test_one_by_whatever_name(self, asked):
        stack = begin(self.OF_OURS)

        assert interior.is_ours(stack.id)

    def test_no_other(self, begun):
        assert not interior.is_ours(begun.stack_id)

    def test_one_that_is_to_be_empty(self, asked, engine):
        stack = begin(self.OF_OURS)
        engine.begin_again(read(stack))
        stack = stacks.Stack.load(contexts.get_admin_context(),
                                  stack_id=stack.id)
        stack.thread_group_mgr = types.SimpleNamespace(
            start=lambda *_args, **_options: None)
        stack.converge_stack(templates.Template.create_empty_template(
            from_template=stack.t), action=stack.DELETE)

        assert interior.is_ours(stack.id)

    def test_all_in_one_tree(self, asked, engine):
        above = begin(TEMPLATE)
        engine.begin_again(read(above))
        nested = begin(self.OF_OURS, owner=above.id)
        engine.begin_again(read(nested))

        assert interior.is_ours(nested.id)
        assert interior.is_ours(above.id)

    def test_one_that_has_gone_is_not(self):
        assert not interior.is_ours('gone')


def test_names_of_the_client_and_of_the_mark_are_one():
    assert (wait_condition.WaitCondition.default_client_name ==
            client_plugin.NAME)


def test_the_sync_point_of_what_is_asked_for_knows_of_it(engine, begun):
    [node] = begun.unheld()
    engine.ask_again(begun, node)

    point = sync_point.get(contexts.get_admin_context(), node.resource_id,
                           begun.id, True)
    assert point.atomic_key == begun.points[node].key + 1
