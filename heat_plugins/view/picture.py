# SPDX-License-Identifier: Apache-2.0
"""The graph of a stack, with what its resources do now at each node."""
import re
from xml.etree import ElementTree

from heat_plugins.templates import graph as graphs
from heat_plugins.templates import svg
from heat_plugins.view import depths

# What a node is called after, the worst first.
_KINDS = 'failed', 'progress', 'complete'
# Stands for the number of a member in the label of a node.
_MEMBER = '.*'


def kind(status):
    """``failed``, ``progress``, ``complete``, or '' before all that."""
    action, _underscore, ending = status.lower().rpartition('_')
    return ending if ending in _KINDS and action != 'init' else ''


class Picture:
    """A graph that was drawn once, and is told of again and again.

    :ivar drawing: SVG whose boxes and arrows have ids of nodes.
    :param template: a ``heat_plugins.templates.template.Template``; None if
        it may not be seen: then all of ours are there, without arrows.
    :param rows: list of ``heat_plugins.stacks.watching.Row``.
    """

    def __init__(self, template, rows):
        self._graph = _without_template(rows) if template is None else (
            graphs.Graph([template]))
        self.drawing = ElementTree.tostring(svg.drawing(self._graph),
                                            encoding='unicode')
        nodes = self._graph.nodes.values()
        #: Type and name → id of the node: of a queue, and of a resource.
        self._queues = {(each.type, each.label): each.id for each in nodes
                        if _is_named(each)}
        self._resources = {(each.type, each.label): each.id for each in nodes
                           if not _is_named(each)}
        #: Of the members of groups: type, pattern of the name, id.
        self._members = [(each.type, _pattern(each), each.id)
                         for each in nodes if _MEMBER in each.label]

    def queues(self, rows):
        """The names of the queues of all nodes, as far as they are known."""
        placed = self._placed(rows)
        return sorted({queue for node in self._graph.nodes.values()
                       for queue in _queues(node, placed[node.id])})

    def states(self, rows, known):
        """Id of a node → a map for the page.

        :param known: depths of queues, as ``depths.Depths`` gives them.
        """
        placed = self._placed(rows)
        return {node.id: _state(node, placed[node.id], known)
                for node in self._graph.nodes.values()}

    def _placed(self, rows):
        """Id of a node → the rows that it stands for, members of a group too.
        """
        placed = {each: [] for each in self._graph.nodes}
        for row in rows:
            ids = {self._queues.get((row.type, row.physical_id)),
                   self._resources.get((row.type, row.name)),
                   *(node_id for kind, pattern, node_id in self._members
                     if kind == row.type and pattern.fullmatch(row.name))}
            for node_id in ids - {None}:
                placed[node_id].append(row)
        return placed


class _without_template:
    """Stands for a ``graph.Graph``."""

    edges = ()

    def __init__(self, rows):
        self.nodes = {each.name: graphs.Node(each.name, each.name, each.type,
                                             False)
                      for each in rows if each.type.startswith('Zaqar::')}


def _is_named(node):
    """Whether it is a queue that is known by its name, whoever makes it."""
    return node.id == 'queue ' + node.label


def _pattern(node):
    """For the names of the members of groups, which have numbers."""
    return re.compile(re.escape(node.label).replace(re.escape(_MEMBER),
                                                    '/[^/]+'))


def _queues(node, rows):
    if not node.is_queue:
        return []
    if not node.type:
        return [node.label] if _is_named(node) else []
    return [each.physical_id for each in rows if each.physical_id]


def _state(node, rows, known):
    kinds = [kind(each.status) for each in rows]
    depth = [known[each] for each in _queues(node, rows) if each in known]
    received = [each.received for each in rows if each.received is not None]
    needed = [each.needed for each in rows if each.needed is not None]
    state = {
        'label': node.label, 'type': node.type,
        'kind': next((each for each in _KINDS if each in kinds), ''),
        'received': sum(received) if received else None,
        'needed': sum(needed) if needed else None,
        'depth': sum(each for each in depth if isinstance(each, int))
                 if depth and None not in depth else None,
        'names': [each.name for each in rows],
        'queues': _queues(node, rows)}
    return {**state, 'text': _text(state, rows, depth)}


def _text(state, rows, depth):
    """What a node says below its box."""
    if depths.GONE in depth:
        return 'the queue is not there'
    if state['depth'] is not None:
        return ('1 message' if state['depth'] == 1
                else '%d messages' % state['depth'])
    if state['received'] is not None and state['kind']:
        return '%d of %s received' % (
            state['received'], '?' if state['needed'] is None
            else state['needed'])
    if len(rows) > 1:
        return '%d of %d complete' % (
            sum(kind(each.status) == 'complete' for each in rows), len(rows))
    return rows[0].text if rows else ''
