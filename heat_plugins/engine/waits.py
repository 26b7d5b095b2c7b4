# SPDX-License-Identifier: Apache-2.0
"""Waits that no thread holds: as values, and in Heat's database.

A resource that waits is IN_PROGRESS, without a lock, and has a row of data
that says since when and in which traversal. Whichever engine looks after it
is written there too; others look whether that one lives.
"""
import dataclasses
import json

from heat.common import context as contexts
from heat.db import api as db_api
from heat.db import models

#: The key of the row in the resource's data.
KEY = 'wait'


@dataclasses.dataclass(frozen=True)
class Wait:
    """A wait without a thread.

    :ivar resource_id: the number of its row.
    :ivar replaces: the number of the row of what it replaces, or None.
    :ivar traversal: the id of the traversal of the stack that it belongs to.
    :ivar action: what the resource does: CREATE, UPDATE or DELETE.
    :ivar engine: the id of the engine that looks after it.
    :ivar due: the moment to look again, whatever comes, and the one at which
        the stack's time is up, in seconds since the epoch.
    :ivar patience: as ``heat_plugins.waiting.patience.Patience.to_map``.
    :ivar progress: as ``heat_plugins.waiting.progress.Progress.to_map``.
    :ivar account: how it stands, in a line for people.
    """
    resource_id: int
    replaces: int | None
    stack_id: str
    traversal: str
    action: str
    engine: str
    due: float
    end: float
    patience: dict
    progress: dict
    account: str

    @property
    def is_update(self):
        """Whether it is of the part of a traversal that creates and updates;
        the other deletes."""
        return self.action != 'DELETE'

    def to_text(self):
        """As it is stored."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_text(cls, text):
        """What ``to_text`` gave."""
        return cls(**json.loads(text))


@dataclasses.dataclass(frozen=True)
class Found:
    """A wait in the database.

    :ivar locked_by: the id of the engine that has its resource locked now, or
        None.
    :ivar traversal: the traversal that its stack is in, or was in last.
    :ivar is_wanted: whether that goes on.
    """
    wait: Wait
    locked_by: str | None
    traversal: str
    is_wanted: bool


def find_all():
    """All waits of all engines: list of ``Found``."""
    return _find()


def find_in(stack_id):
    """The waits in a stack, without those nested in it: list of ``Found``."""
    return _find(models.Stack.id == stack_id)


def is_wanted(wait):
    """Whether the traversal that it belongs to goes on."""
    context = contexts.get_admin_context()
    with db_api.context_manager.reader.using(context):
        return context.session.query(models.Stack).filter_by(
            id=wait.stack_id, current_traversal=wait.traversal,
            status='IN_PROGRESS').count() > 0


def _find(*conditions):
    context = contexts.get_admin_context()
    with db_api.context_manager.reader.using(context):
        rows = context.session.query(
            models.ResourceData.value, models.Resource.engine_id,
            models.Stack.current_traversal, models.Stack.status).join(
                models.Resource,
                models.Resource.id == models.ResourceData.resource_id).join(
                    models.Stack,
                    models.Stack.id == models.Resource.stack_id).filter(
                        models.ResourceData.key == KEY,
                        models.Resource.status == 'IN_PROGRESS',
                        *conditions).all()
    return [Found(Wait.from_text(value), engine, traversal,
                  status == 'IN_PROGRESS')
            for value, engine, traversal, status in rows]


def take_over(wait, engine):
    """Note that another engine looks after a wait.

    :returns: the ``Wait`` as it is now.
    """
    taken = dataclasses.replace(wait, engine=engine)
    db_api.resource_data_set(contexts.get_admin_context(), wait.resource_id,
                             KEY, taken.to_text())
    return taken
