# SPDX-License-Identifier: Apache-2.0
"""Waits that no thread holds: as values, and in Heat's database.

A resource that waits is IN_PROGRESS, without a lock, and has two rows of data:
what is known of the wait, and the id of the engine that looks after it, its
owner. That is a row of its own, so that SQL can count and compare owners
without a look into the waits, however many there are.

A wait goes from one owner to another by an UPDATE of the rows that still name
the first: whichever engine comes second changes nothing.
"""
import collections
import dataclasses
import json

from heat.common import context as contexts
from heat.db import api as db_api
from heat.db import models
from oslo_db import api as oslo_db_api
import sqlalchemy

from heat_plugins import releases

#: The keys of the rows in the resource's data.
KEY = 'wait'
OWNER_KEY = 'wait_owner'
KEYS = (KEY, OWNER_KEY)
#: The owner of waits that an engine has handed over when it stopped.
NOBODY = ''

# How many rows a statement names.
_NAMED = 500

_again_after_deadlock = oslo_db_api.wrap_db_retry(
    max_retries=5, retry_on_deadlock=True, jitter=True)


@dataclasses.dataclass(frozen=True)
class Wait:
    """A wait without a thread.

    :ivar resource_id: the number of its row.
    :ivar replaces: the number of the row of what it replaces, or None.
    :ivar traversal: the id of the traversal of the stack that it belongs to.
    :ivar action: what the resource does: CREATE, UPDATE or DELETE.
    :ivar resource_type: the type of the resource, as its template says it.
    :ivar queues: the names of the queues that something may come from.
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
    resource_type: str
    queues: list
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

    @property
    def began(self):
        """When it began, in seconds since the epoch; None if unknown."""
        return self.patience.get('began')

    def to_text(self):
        """As it is stored."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_text(cls, text):
        """What ``to_text`` gave."""
        return cls(**json.loads(text))


def store(rsrc, wait, owner):
    """Store the wait of a resource, within a transaction of the caller's.

    :param rsrc: a Heat resource.
    """
    rsrc.data_set(KEY, wait.to_text())
    rsrc.data_set(OWNER_KEY, owner)


def forget(rsrc):
    """Remove what ``store`` stored, if it is there."""
    for key in KEYS:
        if key in rsrc.data():
            rsrc.data_delete(key)


@_again_after_deadlock
def tidy():
    """Remove the waits of resources that do not wait any more.

    Whatever ended them could not, as it died or the database went away.

    :returns: how many rows.
    """
    ended = sqlalchemy.select(models.Resource.id).where(
        models.Resource.status != 'IN_PROGRESS',
        models.Resource.engine_id.is_(None))
    data = models.ResourceData
    with _writing() as session:
        numbers = [number for number, in session.query(data.id).filter(
            data.key.in_(KEYS), data.resource_id.in_(ended))]
        # The condition once more: it may wait anew, by the same rows.
        return sum(session.query(data).filter(
            data.id.in_(some), data.resource_id.in_(ended)).delete(
                synchronize_session=False) for some in _portions(numbers))


def owners():
    """How many waits each engine looks after: ``Counter`` by their ids."""
    with _reading() as session:
        return collections.Counter(dict(session.query(
            models.ResourceData.value, sqlalchemy.func.count()).join(
                models.Resource).filter(*_WAITING).group_by(
                    models.ResourceData.value)))


def owned_by(owner):
    """The numbers of the resources of an engine's waits: set of int."""
    with _reading() as session:
        return {number for number, in _of(session, owner)}


def is_owned_by(owner, number):
    """Whether the wait of this resource is that engine's."""
    with _reading() as session:
        return session.query(_of(session, owner).filter(
            models.Resource.id == number).exists()).scalar()


def is_wanted(wait):
    """Whether the traversal that it belongs to goes on."""
    with _reading() as session:
        return session.query(session.query(models.Stack).filter_by(
            id=wait.stack_id, current_traversal=wait.traversal).filter(
                goes_on()).exists()).scalar()


def goes_on():
    """Whether a stack's traversal goes on, as a condition of SQL."""
    stack = models.Stack
    is_in_progress = stack.status == 'IN_PROGRESS'
    if releases.has_patient_checks():
        return is_in_progress
    # What has failed then, or is complete, is a check beside the traversal.
    return sqlalchemy.or_(is_in_progress, stack.action == 'CHECK')


def unwanted(owner, most):
    """Waits of an engine whose stacks do not go on: list of ``Wait``."""
    return _unwanted(models.ResourceData.value == owner, most)


def unwanted_in(stack_id):
    """Waits of a stack that does not go on, not of those nested in it."""
    return _unwanted(models.Resource.stack_id == stack_id)


def load(numbers):
    """The waits of resources, as far as they are there: list of ``Wait``."""
    found = []
    with _reading() as session:
        for some in _portions(numbers):
            found += session.query(models.ResourceData.value).filter(
                models.ResourceData.key == KEY,
                models.ResourceData.resource_id.in_(some))
    return [Wait.from_text(text) for text, in found]


@_again_after_deadlock
def take(owner, heir, most, skipped=0):
    """Have an engine look after waits of another from now on.

    :param most: how many at most.
    :param skipped: how many are left to others, who take over as well.
    :returns: numbers of resources whose waits are the heir's now, and were
        not before.
    """
    with _writing() as session:
        rows = session.query(models.ResourceData.id).join(
            models.Resource).filter(
                *_WAITING, models.ResourceData.value == owner).order_by(
                    models.ResourceData.id).offset(skipped).limit(most)
        numbers = [number for number, in rows]
        _give(session, numbers, owner, heir)
        # Another may have been faster with some of them.
        return [number for number, in session.query(
            models.ResourceData.resource_id).filter(
                models.ResourceData.id.in_(numbers),
                models.ResourceData.value == heir)]


@_again_after_deadlock
def hand_over(owner):
    """Have no engine look after the waits of this one any more.

    :returns: how many there were.
    """
    with _writing() as session:
        numbers = [number for number, in session.query(
            models.ResourceData.id).filter(
                models.ResourceData.key == OWNER_KEY,
                models.ResourceData.value == owner)]
        return sum(_give(session, some, owner, NOBODY)
                   for some in _portions(numbers))


def figures():
    """What waits in all engines, for tools: list of dict.

    Each has ``engine`` (its id; None for those that no engine looks after),
    ``host`` (None if Heat does not know the engine any more), ``type``,
    ``queues``, ``action``, ``stack_id`` and ``began`` (seconds since the
    epoch).
    """
    with _reading() as session:
        owner, wait = (sqlalchemy.orm.aliased(models.ResourceData)
                       for _number in range(2))
        rows = session.query(
            owner.value, models.Service.host, wait.value).join(
                models.Resource, models.Resource.id == owner.resource_id).join(
                    wait, sqlalchemy.and_(
                        wait.resource_id == owner.resource_id,
                        wait.key == KEY)).outerjoin(
                            models.Service, sqlalchemy.and_(
                                models.Service.engine_id == owner.value,
                                models.Service.deleted_at.is_(None))).filter(
                                    owner.key == OWNER_KEY,
                                    *_IN_PROGRESS).all()
    return [_figure(engine or None, host, Wait.from_text(text))
            for engine, host, text in rows]


def _figure(engine, host, wait):
    return {'engine': engine, 'host': host, 'type': wait.resource_type,
            'queues': wait.queues, 'action': wait.action,
            'stack_id': wait.stack_id, 'began': wait.began}


# Those that are being checked are locked.
_IN_PROGRESS = (models.Resource.status == 'IN_PROGRESS',
                models.Resource.engine_id.is_(None))
_WAITING = (models.ResourceData.key == OWNER_KEY, *_IN_PROGRESS)


def _of(session, owner):
    return session.query(models.Resource.id).join(
        models.ResourceData,
        models.ResourceData.resource_id == models.Resource.id).filter(
            *_WAITING, models.ResourceData.value == owner)


def _unwanted(condition, most=None):
    with _reading() as session:
        found = session.query(models.Resource.id).join(
            models.ResourceData,
            models.ResourceData.resource_id == models.Resource.id).join(
                models.Stack,
                models.Stack.id == models.Resource.stack_id).filter(
                    *_WAITING, sqlalchemy.not_(goes_on()),
                    condition).limit(most)
        numbers = [number for number, in found]
    return load(numbers)


def _give(session, numbers, owner, heir):
    return session.query(models.ResourceData).filter(
        models.ResourceData.id.in_(numbers),
        models.ResourceData.key == OWNER_KEY,
        models.ResourceData.value == owner).update(
            {'value': heir}, synchronize_session=False)


def _portions(numbers):
    numbers = sorted(numbers)
    return (numbers[start:start + _NAMED]
            for start in range(0, len(numbers), _NAMED))


def _reading():
    return db_api.context_manager.reader.using(contexts.get_admin_context())


def _writing():
    return db_api.context_manager.writer.using(contexts.get_admin_context())
