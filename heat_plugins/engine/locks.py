# SPDX-License-Identifier: Apache-2.0
"""Which engines have resources locked, in Heat's database.

An engine that dies leaves its locks. Heat takes one from it when somebody
checks the resource again, which nobody does before a user updates the stack.
"""
import dataclasses

from heat.common import context as contexts
from heat.db import api as db_api
from heat.db import models
import sqlalchemy

from heat_plugins.engine import waits


@dataclasses.dataclass(frozen=True)
class Lock:
    """A resource that an engine has locked.

    :ivar traversal: the traversal that its stack is in, or was in last.
    :ivar is_wanted: whether that goes on.
    """
    resource_id: int
    engine: str
    stack_id: str
    traversal: str
    is_wanted: bool


def holders():
    """The ids of all engines that have anything locked: set of str."""
    context = contexts.get_admin_context()
    with db_api.context_manager.reader.using(context) as session:
        return {engine for engine, in session.query(
            models.Resource.engine_id).filter(
                models.Resource.engine_id.isnot(None)).distinct()}


def held_by(engine):
    """What an engine has locked: list of ``Lock``, one for each thread."""
    context = contexts.get_admin_context()
    with db_api.context_manager.reader.using(context) as session:
        return [Lock(number, engine, stack, traversal, bool(goes_on))
                for number, stack, traversal, goes_on in session.query(
                    models.Resource.id, models.Stack.id,
                    models.Stack.current_traversal, waits.goes_on()).join(
                        models.Stack,
                        models.Stack.id == models.Resource.stack_id).filter(
                            models.Resource.engine_id == engine)]


def release(lock, heir):
    """Unlock a resource whose wait an engine goes on with.

    :param heir: the id of that engine, which looks after it from now on.
    :returns: False when it is not locked so any more.
    """
    context = contexts.get_admin_context()
    row, data = models.Resource, models.ResourceData
    with db_api.context_manager.writer.using(context) as session:
        # As each write of Heat's own, it makes the row another.
        is_done = session.query(row).filter(
            row.id == lock.resource_id, row.engine_id == lock.engine,
            row.status == 'IN_PROGRESS').update(
                {'engine_id': None, 'atomic_key': sqlalchemy.func.coalesce(
                    row.atomic_key, 0) + 1}, synchronize_session=False)
        if is_done:
            session.query(data).filter(
                data.resource_id == lock.resource_id,
                data.key == waits.OWNER_KEY).update(
                    {'value': heir}, synchronize_session=False)
    return bool(is_done)
