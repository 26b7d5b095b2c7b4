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
import contextlib
import functools

from heat.common import context as contexts
from heat.common import exception
from heat.engine import check_resource
from heat.engine import service
from heat.engine import stack as stacks
from heat.engine import sync_point
from heat.objects import resource as resource_objects
from heat.rpc import listener_client

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


def can_leave(rsrc):
    """Whether a resource is in an action that Heat can be made to go on with.

    Not so in stacks without convergence, and while a stack is adopted.
    """
    return (rsrc.stack.convergence and rsrc._calling_engine_id is not None and
            rsrc.stack.adopt_stack_data is None and
            rsrc.status == rsrc.IN_PROGRESS and
            rsrc.action in (rsrc.CREATE, rsrc.UPDATE, rsrc.DELETE))


def release(rsrc):
    """Give up the lock of a resource in progress, and leave it so."""
    rsrc._store_with_lock({}, rsrc.LOCK_RELEASE)


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

    def give_up(self, wait, reason):
        """Fail a resource that waits, whose stack waits no longer for it."""
        context = stored_context(wait.stack_id)
        if context is None:
            return
        rsrc, _definition, _stack = check_resource.load_resource(
            context, wait.resource_id, {}, wait.traversal, wait.is_update)
        if rsrc is not None and rsrc.status == rsrc.IN_PROGRESS:
            rsrc._calling_engine_id = self.id
            rsrc.give_up(reason)
            release(rsrc)

    def is_alive(self, engine_id):
        """Whether an engine answers, this or another."""
        return engine_id == self.id or listener_client.EngineListenerClient(
            engine_id).is_alive(contexts.get_admin_context())


def stored_context(stack_id):
    """The context with the rights that Heat keeps for a stack.

    :returns: None when the stack has gone.
    """
    try:
        stack = stacks.Stack.load(contexts.get_admin_context(),
                                  stack_id=stack_id, load_template=False)
    except exception.NotFound:
        return None
    return stack.stored_context()


def _sync_point(context, wait):
    """Where the traversal keeps what a resource needs of others; or None.

    What replaces another resource has none of its own.
    """
    for node in filter(None, (wait.resource_id, wait.replaces)):
        with contextlib.suppress(exception.EntityNotFound):
            return sync_point.get(context, node, wait.traversal,
                                  wait.is_update)
    return None


def unlock(resource_id, engine_id):
    """Take the lock from an engine that is dead.

    :returns: False when it does not hold it (any more).
    """
    row = resource_objects.Resource.get_obj(
        contexts.get_admin_context(), resource_id, refresh=True)
    return row.engine_id == engine_id and row.select_and_update(
        {'engine_id': None}, engine_id, row.atomic_key)
