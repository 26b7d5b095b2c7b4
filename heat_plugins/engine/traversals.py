# SPDX-License-Identifier: Apache-2.0
"""How far stacks in progress are, in Heat's database.

A traversal of a stack is a graph of nodes: resources to create or update, and
resources to clean up. Each node has a sync point, where those that it requires
note that they are done. When all are there, an engine is told by a message to
check the node. So a node that can be worked on, and has not noted at all those
that require it that it is done, is at work in some engine, or waits, or is a
message - or it was lost with one of these.
"""
import collections
import dataclasses
import functools

from heat.common import context as contexts
from heat.db import api as db_api
from heat.db import models
from heat.engine import environment
from heat.engine import sync_point
from oslo_utils import timeutils
import sqlalchemy

from heat_plugins.engine import waits

#: What the stacks do that are looked at. With other actions it would matter
#: that something is done twice.
ACTIONS = ('CREATE', 'UPDATE', 'ROLLBACK', 'DELETE')


@dataclasses.dataclass(frozen=True)
class Node:
    """A node of the graph: a resource, by the number of its row."""
    resource_id: int
    is_update: bool


@dataclasses.dataclass(frozen=True)
class Row:
    """A resource.

    :ivar is_held: whether somebody has it in hand: it is locked, or waits, or
        stands at a hook of the user's.
    :ivar key: another number after each write.
    """
    replaces: int | None
    is_held: bool
    key: int


@dataclasses.dataclass(frozen=True)
class Point:
    """A sync point.

    :ivar done: the nodes that have noted that they are done.
    :ivar key: another number after each write.
    """
    done: frozenset
    key: int


@dataclasses.dataclass
class Traversal:
    """How far a stack in progress is.

    :ivar age: seconds since it was asked to do what it does.
    :ivar edges: (node, what it requires or None), as pairs of ``Node``.
    :ivar points: node → ``Point``.
    :ivar end: the ``Point`` of the stack itself; None before it has begun.
    :ivar rows: number of each resource of the stack → ``Row``.
    """
    stack_id: str
    id: str
    action: str
    age: float = 0
    edges: list = dataclasses.field(default_factory=list)
    points: dict = dataclasses.field(default_factory=dict)
    end: Point | None = None
    rows: dict = dataclasses.field(default_factory=dict)

    @property
    def is_begun(self):
        """Whether an engine has got so far as to tell others what to do.

        Where there is nothing to do, it has to bring it to the end itself.
        """
        return self.end is not None and bool(self.points)

    def unheld(self):
        """The nodes that nobody seems to have in hand: list of ``Node``.

        Each is a message, or with an engine that has not locked it yet or
        not any more; or it is lost. When all nodes are done, it is one of the
        last: what follows from that has not been done.
        """
        at_work = [node for node in self._nodes if self._is_at_work(node)]
        if not at_work:
            return self._roots[:1]
        return [node for node in at_work if not self._is_held(node)]

    def resource_of(self, node):
        """The number of the resource that is checked for a node.

        A resource that is replaced has the node, its replacement the work.
        """
        if node.is_update:
            return max(self._replacements.get(node.resource_id, ()),
                       default=node.resource_id)
        return node.resource_id

    def state_of(self, node):
        """Another value when a node has gone on, or was asked for again."""
        row = self.rows.get(self.resource_of(node))
        return self.id, self.points[node].key, row and row.key

    def asked_again(self, node):
        """How many times a node was asked for again."""
        return self.points[node].key - len(self._required[node])

    @property
    def state(self):
        """Another value when it has gone on with its beginning."""
        return self.id, len(self.rows), len(self.points)

    def _is_at_work(self, node):
        point = self.points.get(node)
        return (point is not None and
                self._required[node] <= point.done and
                not self._is_done(node))

    def _is_done(self, node):
        after = self._requiring[node]
        points = [self.points.get(each) for each in after] or [self.end]
        return all(point is not None and node in point.done
                   for point in points)

    def _is_held(self, node):
        return any(self.rows[number].is_held for number in (
            node.resource_id, *self._replacements.get(node.resource_id, ()))
            if number in self.rows)

    @functools.cached_property
    def _nodes(self):
        return list(dict.fromkeys(
            node for edge in self.edges for node in edge if node))

    @property
    def _roots(self):
        return [node for node in self._nodes
                if node in self.points and not self._requiring[node]]

    @functools.cached_property
    def _required(self):
        found = collections.defaultdict(set)
        for node, required in self.edges:
            if required:
                found[node].add(required)
        return found

    @functools.cached_property
    def _requiring(self):
        found = collections.defaultdict(set)
        for node, required in self.edges:
            if required:
                found[required].add(node)
        return found

    @functools.cached_property
    def _replacements(self):
        found = collections.defaultdict(list)
        for number, row in self.rows.items():
            if row.replaces is not None:
                found[row.replaces].append(number)
        return found


def in_progress(after, most):
    """Ids of stacks in progress: list of str, in order.

    :param after: the id that they come after.
    """
    with _reading() as session:
        return [each for each, in _stacks(session).filter(
            models.Stack.id > after).order_by(models.Stack.id).limit(most)]


def at_rest(most):
    """Ids of stacks in progress of which nobody has anything in hand."""
    row, data = models.Resource, models.ResourceData
    with _reading() as session:
        locked = session.query(row.stack_id).filter(row.engine_id.isnot(None))
        waiting = session.query(row.stack_id).join(
            data, data.resource_id == row.id).join(
                models.Stack, models.Stack.id == row.stack_id).filter(
                    data.key == waits.KEY, _waits())
        return [each for each, in _stacks(session).filter(
            models.Stack.id.not_in(locked.union_all(waiting))).order_by(
                models.Stack.id).limit(most)]


def read(stack_ids):
    """How far these stacks are: list of ``Traversal``."""
    with _reading() as session:
        stack = models.Stack
        found = {each.id: _begin(each) for each in session.query(
            stack.id, stack.current_traversal, stack.action,
            stack.created_at, stack.updated_at, stack.current_deps).filter(
                stack.id.in_(stack_ids), stack.status == 'IN_PROGRESS')}
        _read_points(session, found)
        _read_rows(session, found)
    return list(found.values())


def _stacks(session):
    stack = models.Stack
    return session.query(stack.id).filter(
        stack.status == 'IN_PROGRESS', stack.convergence.is_(True),
        stack.deleted_at.is_(None), stack.action.in_(ACTIONS))


def _begin(stack):
    edges = (stack.current_deps or {}).get('edges', ())
    asked = stack.updated_at or stack.created_at
    return Traversal(stack.id, stack.current_traversal, stack.action,
                     timeutils.delta_seconds(asked, timeutils.utcnow()),
                     [(_node(one), other and _node(other))
                      for one, other in edges])


def _node(written):
    """As Heat writes it: number, which part, and from Heat 27 the kind."""
    return Node(*written[:2])


def _read_points(session, found):
    point = models.SyncPoint
    for each in session.query(
            point.entity_id, point.is_update, point.stack_id,
            point.traversal_id, point.atomic_key, point.input_data).filter(
                point.stack_id.in_(list(found))):
        traversal = found[each.stack_id]
        if each.traversal_id != traversal.id:
            continue
        read = Point(frozenset(map(_node, sync_point.deserialize_input_data(
            each.input_data))), each.atomic_key)
        if each.entity_id == each.stack_id:
            traversal.end = read
        # A snapshot that is deleted has the id of no resource.
        elif each.entity_id.isdecimal():
            traversal.points[Node(int(each.entity_id),
                                  bool(each.is_update))] = read


def _read_rows(session, found):
    row, data = models.Resource, models.ResourceData
    held = {number for number, in session.query(row.id).join(
        models.Stack, models.Stack.id == row.stack_id).join(
            data, data.resource_id == row.id).filter(
                row.stack_id.in_(list(found)), sqlalchemy.or_(
                    data.key.in_(environment.HOOK_TYPES),
                    sqlalchemy.and_(data.key == waits.KEY, _waits())))}
    for each in session.query(
            row.id, row.stack_id, row.replaces, row.engine_id,
            row.atomic_key).filter(row.stack_id.in_(list(found))):
        found[each.stack_id].rows[each.id] = Row(
            each.replaces, each.engine_id is not None or each.id in held,
            each.atomic_key or 0)


def _waits():
    """Whether a resource waits in the traversal that its stack is in.

    The id of that is in the text of the wait, and nothing else is like it.
    """
    return sqlalchemy.and_(
        models.Resource.status == 'IN_PROGRESS',
        models.ResourceData.value.contains(models.Stack.current_traversal))


def _reading():
    return db_api.context_manager.reader.using(contexts.get_admin_context())
