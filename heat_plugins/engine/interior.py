# SPDX-License-Identifier: Apache-2.0
"""Heat's interior, as far as a wait without a thread touches it.

Read, and tested, in Heat 24 to 27; on any other a wait holds its thread, as
Heat's own do. What is used here is alike in all four, on eventlet as well,
where Python's threads are green. Since Heat 26 a check is told more: that a
check before it has failed, that a stack is abandoned, that a snapshot is
deleted. Nothing waits in these, so a check for a wait has nothing to tell.

Heat checks a resource in a thread for RPC: it locks the row by
its engine's id, lets the handlers act, and sleeps between two looks. Whoever
raises ``CancelOperation`` out of it leaves the resource as it is.
"""
import collections
import contextlib
import functools

from heat.common import context as contexts
from heat.common import exception
from heat.db import api as db_api
from heat.db import models
from heat.engine import check_resource
from heat.engine import resource
from heat.engine import service
from heat.engine import stack as stacks
from heat.engine import sync_point
from heat.engine import template as templates
from heat.engine import worker
from heat.objects import resource as resource_objects
from heat.objects import stack as stack_objects
from heat.rpc import listener_client
from heat.rpc import worker_client
from oslo_utils import uuidutils

from heat_plugins.engine import client_plugin
from heat_plugins.engine import tokens

#: Raised to leave a resource as it is: neither complete nor failed.
Leave = check_resource.CancelOperation


def at_start(begin, end):
    """Call these with the ``Engine`` when it has started, and when it stops.

    Heat has no hook for it; it loads plugins before its service starts.
    """
    if getattr(service.EngineService.start, 'is_ours', False):
        return
    start, stop = service.EngineService.start, service.EngineService.stop

    @functools.wraps(start)
    def start_and_begin(self):
        start(self)
        begin(Engine(self))

    @functools.wraps(stop)
    def end_and_stop(self):
        end()
        stop(self)

    start_and_begin.is_ours = True
    service.EngineService.start = start_and_begin
    service.EngineService.stop = end_and_stop


def at_stop_of_stack(tell):
    """Call this with the id of a stack whose traversal this engine stops.

    A cancel without rollback is no more than that; a delete follows it with a
    traversal of its own.
    """
    stop = worker._stop_traversal
    if getattr(stop, 'is_ours', False):
        return

    @functools.wraps(stop)
    def stop_and_tell(stack):
        stop(stack)
        tell(stack.id)

    stop_and_tell.is_ours = True
    worker._stop_traversal = stop_and_tell


def replace_once():
    """Have Heat replace a resource once, however often it is to check it.

    A second message for one that it has replaced would have it go on with
    that one, which has nothing behind it, or make another replacement. What
    depends on it would use the one, or move to the other.
    """
    make, check = (resource_objects.Resource.replacement.__func__,
                   check_resource.check_resource_update)
    if getattr(make, 'is_ours', False):
        return

    # Heat tries it again, if somebody else has just had the resource.
    @functools.wraps(make)
    def make_once(cls, context, number, values, *args, **kwargs):
        return (_replacement(context, number, values['current_template_id']) or
                make(cls, context, number, values, *args, **kwargs))

    @functools.wraps(check)
    def check_what_replaces(rsrc, template_id, *args):
        if rsrc.replaced_by and _replacement(rsrc.context, rsrc.id,
                                             template_id):
            raise resource.UpdateReplace(rsrc.name)
        check(rsrc, template_id, *args)

    make_once.is_ours = True
    resource_objects.Resource.replacement = classmethod(make_once)
    check_resource.check_resource_update = check_what_replaces


def _replacement(context, number, template_id):
    """The row of what replaces a resource by a template; None if none does."""
    with contextlib.suppress(exception.NotFound):
        before = resource_objects.Resource.get_obj(context, number,
                                                   refresh=True)
        if before.replaced_by is not None:
            made = resource_objects.Resource.get_obj(context,
                                                     before.replaced_by)
            if (made.replaces, made.current_template_id) == (number,
                                                             template_id):
                return made
    return None


def can_leave(rsrc):
    """Whether a resource is in an action that Heat can be made to go on with.

    Not so in stacks without convergence, and while a stack is adopted. A hook
    behind the action would hold the thread of whoever goes on.
    """
    return (rsrc.stack.convergence and rsrc._calling_engine_id is not None and
            rsrc.stack.adopt_stack_data is None and
            rsrc.status == rsrc.IN_PROGRESS and
            rsrc.action in (rsrc.CREATE, rsrc.UPDATE, rsrc.DELETE) and
            not rsrc.stack.env.registry.matches_hook(
                rsrc.name, 'post-' + rsrc.action.lower()))


class Engine:
    """The engine of this process.

    :ivar id: as it stands in the rows of resources that it has locked.
    """

    def __init__(self, engine_service):
        self.id = engine_service.engine_id
        self._worker = engine_service.worker_service

    def check(self, wait):
        """Let Heat check a resource, as if a message had asked for it.

        :param wait: a ``heat_plugins.engine.waits.Wait``.
        :returns: False when there is nothing to check any more.
        """
        context = stored_context(wait.stack_id)
        point = context and _sync_point(context, wait)
        if not point:
            return False
        self._worker.check_resource(
            context, wait.resource_id, wait.traversal, point.input_data,
            wait.is_update, None)
        return True

    def give_up(self, wait, reason=None):
        """Fail a resource that waits, whose stack waits no longer for it.

        :param reason: why; by default what the stack says of itself.
        """
        context = stored_context(wait.stack_id)
        if context is None:
            return
        rsrc, _definition, stack = check_resource.load_resource(
            context, wait.resource_id, {}, wait.traversal, wait.is_update)
        if rsrc is not None and rsrc.is_waiting:
            # Who has locked it meanwhile does not wait any more.
            with contextlib.suppress(exception.UpdateInProgress):
                rsrc.give_up(reason or stack.status_reason, wait.account)

    def is_alive(self, engine_id):
        """Whether an engine answers, this or another."""
        return listener_client.EngineListenerClient(
            engine_id).is_alive(contexts.get_admin_context())

    def fail(self, lock):
        """Fail a resource whose engine has died over it, as Heat does.

        Heat does so when the resource is checked again; without the
        precaution that only one engine does it.

        :param lock: a ``heat_plugins.engine.locks.Lock``.
        :returns: False when another engine does so, or it has gone.
        """
        context = stored_context(lock.stack_id)
        if context is None:
            return False
        rsrc, _definition, _stack = check_resource.load_resource(
            context, lock.resource_id, {}, lock.traversal, True)
        if rsrc is None:
            return False
        rsrc._calling_engine_id = lock.engine
        with contextlib.suppress(exception.UpdateInProgress):
            if rsrc.status == rsrc.IN_PROGRESS:
                rsrc.state_set(
                    rsrc.action, rsrc.FAILED,
                    'Worker went down during resource %s' % rsrc.action,
                    lock=rsrc.LOCK_RELEASE)
            else:
                rsrc._store_with_lock({}, rsrc.LOCK_RELEASE)
            return True
        return False

    def ask_again(self, traversal, node):
        """Send the message again that asks to check a node.

        :param traversal: a ``heat_plugins.engine.traversals.Traversal``.
        :returns: False when another engine does so.
        """
        context = stored_context(traversal.stack_id)
        entity = node.resource_id, traversal.id, node.is_update
        try:
            point = context and sync_point.get(context, *entity)
        except exception.EntityNotFound:
            return False
        if not point or not sync_point.update_input_data(
                context, *entity, traversal.points[node].key,
                point.input_data):
            return False
        worker_client.WorkerClient().check_resource(
            context, traversal.resource_of(node), traversal.id,
            point.input_data, node.is_update, None)
        return True

    def begin_again(self, traversal):
        """Begin with what a stack is to do, in a traversal of its own.

        Nothing that the other has begun goes on.

        :returns: False when another engine does so.
        """
        context = stored_context(traversal.stack_id)
        fresh = uuidutils.generate_uuid()
        if context is None or not stack_objects.Stack.select_and_update(
                context, traversal.stack_id, {'current_traversal': fresh},
                exp_trvsl=traversal.id):
            return False
        stack = stacks.Stack.load(context, stack_id=traversal.stack_id)
        stack.thread_group_mgr = self._worker.thread_group_mgr
        sync_point.delete_all(context, stack.id, traversal.id)
        self._worker.thread_group_mgr.start(
            stack.id, stack._converge_create_or_update)
        return True


def stored_context(stack_id):
    """The context with the rights that Heat keeps for a stack.

    :returns: None when the stack has gone, or its rights have.
    """
    try:
        stack = stacks.Stack.load(contexts.get_admin_context(),
                                  stack_id=stack_id, load_template=False)
    except exception.NotFound:
        return None
    # Heat deletes the rights of a stack shortly before the stack.
    context = stack.stored_context() if stack.user_creds_id else None
    if context and not context.user_id:
        # Or Heat deletes the trust by another context, and then, when it has
        # not logged in by this one yet, has no rights for the rest.
        context.user_id = context.trustor_user_id
    if context:
        tokens.share(context)
    return context


def _sync_point(context, wait):
    """Where the traversal keeps what a resource needs of others; or None.

    What replaces another resource has none of its own.
    """
    for node in filter(None, (wait.resource_id, wait.replaces)):
        with contextlib.suppress(exception.EntityNotFound):
            return sync_point.get(context, node, wait.traversal,
                                  wait.is_update)
    return None


def is_ours(stack_id):
    """Whether a stack, or one in a tree with it, has resources of ours.

    What is lost of others is left as Heat leaves it.
    """
    context = contexts.get_admin_context()
    try:
        stack = stacks.Stack.load(context, stack_id=stack_id)
    except exception.NotFound:
        return False
    return any(any(_is_ours(definition, name) for name in names)
               for definition, names in _definitions(context, stack))


def _definitions(context, stack):
    """Each definition of a stack in the tree, and names of its resources."""
    yield stack.defn, stack.defn.all_rsrc_names()
    row = models.Resource
    with db_api.context_manager.reader.using(context) as session:
        found = collections.defaultdict(set)
        for stack_id, template_id, name in session.query(
                row.stack_id, row.current_template_id, row.name).filter(
                    row.root_stack_id == stack.root_stack_id()):
            found[stack_id, template_id].add(name)
    for (stack_id, template_id), names in found.items():
        other = stacks.Stack.load(context, stack_id=stack_id)
        yield other.defn.clone_with_new_template(
            templates.Template.load(context, template_id),
            other.identifier()), names


def _is_ours(definition, name):
    try:
        kind = definition.env.registry.get_class_to_instantiate(
            definition.resource_definition(name).resource_type,
            resource_name=name)
    except (KeyError, exception.HeatException):
        return False
    return kind.default_client_name == client_plugin.NAME
