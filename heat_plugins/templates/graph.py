# SPDX-License-Identifier: Apache-2.0
"""The workflow of templates as a graph: who posts where, who waits for what.

A node is a queue or a resource. The resources of a template are named alike
in a picture; those of several templates have the file before the name.
"""
import dataclasses
import pathlib

from heat_plugins.templates import functions

#: What an edge means.
POSTS, WAITS, READS, SIGNS, THEN = (
    'posts', 'waits', 'reads', 'signs', 'then')
_EDGES = {'posts to': POSTS, 'waits on': WAITS, 'reads': READS,
          'signs': SIGNS}
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


class Graph:
    """The graph of some templates, which share queues by their names.

    :ivar nodes: id → ``Node``, in the order of the templates.
    :ivar edges: list of ``Edge``.
    :param templates: list of ``heat_plugins.templates.template.Template``.
    """

    def __init__(self, templates):
        self._has_many = len(templates) > 1
        self.nodes = {}
        self.edges = []
        for each in templates:
            self._add(each)
        self.edges = list(dict.fromkeys(self.edges))

    def into(self, node_id):
        """The edges that lead to a node."""
        return [each for each in self.edges if each.target == node_id]

    def out_of(self, node_id):
        """The edges that lead from a node."""
        return [each for each in self.edges if each.source == node_id]

    def _add(self, template):
        names = {}
        for each in template.ours():
            queue = (template.queue(functions.Reference(each.name))
                     if each.is_queue else None)
            names[each.name] = self._node(
                template, each.name, each.type, each.is_queue, queue)
        for use in template.uses:
            if use.use in _EDGES:
                self._add_use(template, names, use)
        for each in template.ours():
            for other in sorted(each.requires & names.keys()):
                if not (self.nodes[names[other]].is_queue or each.is_queue):
                    self.edges.append(Edge(names[other], names[each.name],
                                           THEN))

    def _add_use(self, template, names, use):
        kind = _EDGES[use.use]
        queue = self._queue(template, names, use.queue)
        ends = names[use.resource.name], queue
        if kind in _FROM_QUEUE:
            ends = ends[::-1]
        if ends[0] != ends[1]:
            self.edges.append(Edge(*ends, kind, _said(use, kind)))

    def _queue(self, template, names, queue):
        """The id of the node of a queue."""
        if isinstance(queue, functions.Reference):
            return names[queue.resource]
        if queue is None:
            return self._node(template, '?', '', True, None)
        if isinstance(queue, functions.Parameter):
            return self._node(template, '{get_param: %s}' % queue.name, '',
                              True, None)
        return self._node(template, queue, '', True, queue)

    def _node(self, template, name, kind, is_queue, queue):
        """Make a node, if it is not there; a named queue is one for all."""
        file = pathlib.PurePath(template.document.file).stem
        label = name
        if isinstance(queue, str):
            node_id = 'queue ' + queue
            label = queue
        else:
            node_id = '%s %s' % (template.document.file, name)
            if self._has_many:
                label = '%s/%s' % (file, name)
        known = self.nodes.get(node_id)
        if known is None or (kind and not known.type):
            self.nodes[node_id] = Node(node_id, label, kind, is_queue)
        return node_id


def _said(use, kind):
    """What people want to know of an edge."""
    if kind != WAITS:
        return ''
    count = use.resource.value('count')
    text = ('for ? messages' if not isinstance(count, int) else
            'for 1 message' if count == 1 else 'for %d messages' % count)
    if not use.resource.properties.get('match'):
        return text
    return text + (' that matches' if count == 1 else ' that match')
