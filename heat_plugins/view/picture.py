# SPDX-License-Identifier: Apache-2.0
"""The graph of a stack, with what its resources do now at each node."""
import re
from xml.etree import ElementTree

from heat_plugins.templates import graph as graphs
from heat_plugins.templates import svg
from heat_plugins.view import depths

# What a node is called after, the worst first.
_KINDS = 'failed', 'progress', 'complete'


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
        self._names = {each.id: _pattern(each) for each
                       in self._graph.nodes.values()}

    def queues(self, rows):
        """The names of the queues of all nodes, as far as they are known."""
        return sorted({queue for node in self._graph.nodes.values()
                       for queue in _queues(node, self._of(node, rows))})

    def states(self, rows, known):
        """Id of a node → a map for the page.

        :param known: depths of queues, as ``depths.Depths`` gives them.
        """
        return {node.id: _state(node, self._of(node, rows), known)
                for node in self._graph.nodes.values()}

    def _of(self, node, rows):
        """The rows that a node stands for: of a group, all its members."""
        return [each for each in rows if each.type == node.type and (
            each.physical_id == node.label
            if node.id == 'queue ' + node.label
            else self._names[node.id].fullmatch(each.name))]


class _without_template:
    """Stands for a ``graph.Graph``."""

    edges = ()

    def __init__(self, rows):
        self.nodes = {each.name: graphs.Node(each.name, each.name, each.type,
                                             False)
                      for each in rows if each.type.startswith('Zaqar::')}


def _pattern(node):
    """For the names of resources; members of groups have numbers."""
    return re.compile(re.escape(node.label).replace(r'\.\*', '/[^/]+'))


def _queues(node, rows):
    if not node.is_queue:
        return []
    if not node.type:
        return [node.label] if node.id == 'queue ' + node.label else []
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
