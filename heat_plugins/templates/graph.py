# SPDX-License-Identifier: Apache-2.0
"""The workflow of templates as a graph: who posts where, who waits for what.

A node is a queue or a resource. The resources of a template are named alike
in a picture; those of several templates have the file before the name.
"""
import dataclasses
import pathlib

from heat_plugins.templates import functions
from heat_plugins.templates import nested
from heat_plugins.templates import template as templates

#: What an edge means.
POSTS, WAITS, READS, SIGNS, THEN = (
    'posts', 'waits', 'reads', 'signs', 'then')
_EDGES = {'posts to': POSTS, 'waits on': WAITS, 'reads': READS,
          'takes from': READS, 'signs': SIGNS}
# Those that lead from a queue to a resource.
_FROM_QUEUE = (WAITS, READS)
_CONDITION = 'Zaqar::Workflow::WaitCondition'


@dataclasses.dataclass(frozen=True, order=True)
class Node:
    """A queue or a resource.

    :ivar id: that no other has.
    :ivar label: for people.
    :ivar type: of the resource; for a queue that no template makes, ''.
    """
    id: str
    label: str
    type: str
    is_queue: bool


@dataclasses.dataclass(frozen=True, order=True)
class Edge:
    """What leads from one node to another.

    :ivar kind: one of the constants above.
    :ivar label: for people, or ''.
    """
    source: str
    target: str
    kind: str
    label: str = ''


@dataclasses.dataclass
class _Scope:
    """A template that is added.

    :ivar label: what is written before the names of its resources.
    :ivar outer: the ``_Scope`` that it is nested in, or None.
    :ivar nodes: name of a resource → id of its node.
    """
    template: templates.Template
    label: str = ''
    outer: '_Scope | None' = None
    nodes: dict = dataclasses.field(default_factory=dict)


class Graph:
    """The graph of some templates, which share queues by their names.

    :ivar nodes: id → ``Node``, in the order of the templates.
    :ivar edges: list of ``Edge``.
    :param given: list of ``heat_plugins.templates.template.Template``.
    """

    def __init__(self, given):
        self.nodes = {}
        self.edges = []
        for each in given:
            file = pathlib.PurePath(each.document.file).stem
            self._add(_Scope(each, file + '/' if len(given) > 1 else ''))
        self.edges = list(dict.fromkeys(self.edges))

    def into(self, node_id):
        """The edges that lead to a node."""
        return [each for each in self.edges if each.target == node_id]

    def out_of(self, node_id):
        """The edges that lead from a node."""
        return [each for each in self.edges if each.source == node_id]

    def _add(self, scope):
        template = scope.template
        for each in template.ours():
            queue = (template.queue(functions.Reference(each.name))
                     if each.is_queue else None)
            scope.nodes[each.name] = self._node(
                scope, each.name, each.type, each.is_queue, queue)
        within = self._add_nested(scope)
        for use in template.uses:
            if use.use in _EDGES:
                self._add_use(scope, use)
        ends = {**within, **{name: [node] for name, node
                             in scope.nodes.items()}}
        for name, targets in ends.items():
            for other in sorted(template.resources[name].requires):
                # Who comes after a group comes after its members.
                for each in (other, other + '.*'):
                    self._add_order(ends.get(each, ()), targets)

    def _add_nested(self, scope):
        """Add the templates within one: resource → the ids of its nodes."""
        found = {}
        for each in nested.nested(scope.template):
            if each.template is not None:
                inner = _Scope(each.template, '%s%s/' % (
                    scope.label, each.resource.name), scope)
                self._add(inner)
                found[each.resource.name] = list(inner.nodes.values())
        return found

    def _add_order(self, sources, targets):
        for source in sources:
            for target in targets:
                if not (self.nodes[source].is_queue or
                        self.nodes[target].is_queue):
                    self.edges.append(Edge(source, target, THEN))

    def _add_use(self, scope, use):
        kind = _EDGES[use.use]
        queue = self._queue(scope, use.queue)
        ends = scope.nodes[use.resource.name], queue
        if kind in _FROM_QUEUE:
            ends = ends[::-1]
        if ends[0] != ends[1]:
            self.edges.append(Edge(*ends, kind, _said(use, kind)))

    def _queue(self, scope, queue):
        """The id of the node of a queue."""
        if isinstance(queue, functions.Outer) and scope.outer:
            return self._queue(scope.outer, scope.outer.template.queue(
                queue.value))
        if isinstance(queue, functions.Reference):
            return scope.nodes[queue.resource]
        if isinstance(queue, functions.Parameter):
            return self._node(scope, '{get_param: %s}' % queue.name, '', True,
                              None)
        if isinstance(queue, str):
            return self._node(scope, queue, '', True, queue)
        return self._node(scope, '?', '', True, None)

    def _node(self, scope, name, kind, is_queue, queue):
        """Make a node, if it is not there; a named queue is one for all."""
        if isinstance(queue, str):
            node_id = 'queue ' + queue
            label = queue
        else:
            label = scope.label + name
            node_id = '%s %s' % (scope.template.document.file, label)
        known = self.nodes.get(node_id)
        if known is None or (kind and not known.type):
            self.nodes[node_id] = Node(node_id, label, kind, is_queue)
        return node_id


def _said(use, kind):
    """What people want to know of an edge."""
    if kind != WAITS:
        return ''
    count = use.resource.value('count')
    if use.resource.value('wait_for') == 'all':
        count = next((each for _path, each in use.beside('count')), count)
    text = ('for ? messages' if not isinstance(count, int) else
            'for 1 message' if count == 1 else 'for %d messages' % count)
    if not use.beside('match'):
        return text
    return text + (' that matches' if count == 1 else ' that match')
