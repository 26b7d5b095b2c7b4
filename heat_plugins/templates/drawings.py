# SPDX-License-Identifier: Apache-2.0
"""A graph as text, and in the languages of programs that draw."""
from heat_plugins.templates import graph as graphs

# Kind of an edge → how it is told of the queue that it leads to, or from.
_INTO = {graphs.POSTS: '← %s posts', graphs.SIGNS: '← %s signs a URL'}
_OUT_OF = {graphs.WAITS: '→ %s waits', graphs.READS: '→ %s reads',
           graphs.POSTS: '→ posts to %s'}


def text(graph):
    """For a terminal: each queue, with who does what there."""
    lines = []
    for node in graph.nodes.values():
        if node.is_queue:
            lines += ['%s (%s)' % (node.label, kind(node)),
                      *('  ' + each for each in _around(graph, node))]
    lines += ['%s → then %s' % (_label(graph, each.source),
                                _label(graph, each.target))
              for each in graph.edges if each.kind == graphs.THEN]
    return '\n'.join(lines)


def dot(graph):
    """For Graphviz."""
    ids = _ids(graph)
    lines = ['digraph workflow {', '  rankdir=LR;']
    for node in graph.nodes.values():
        lines.append('  %s [label=%s, shape=%s];' % (
            ids[node.id], _quoted('%s\n%s' % (node.label, kind(node))),
            'cylinder' if node.is_queue else 'box'))
    for each in graph.edges:
        lines.append('  %s -> %s [label=%s%s];' % (
            ids[each.source], ids[each.target], _quoted(verb(each)),
            ', style=dashed' if each.kind == graphs.THEN else ''))
    return '\n'.join([*lines, '}'])


def mermaid(graph):
    """For Mermaid, which many pages draw by themselves."""
    ids = _ids(graph)
    lines = ['flowchart LR']
    for node in graph.nodes.values():
        lines.append('  %s%s"%s<br/>%s"%s' % (
            ids[node.id], '[(' if node.is_queue else '[',
            _escaped(node.label), _escaped(kind(node)),
            ')]' if node.is_queue else ']'))
    for each in graph.edges:
        lines.append('  %s %s|"%s"| %s' % (
            ids[each.source],
            '-.->' if each.kind == graphs.THEN else '-->',
            _escaped(verb(each)), ids[each.target]))
    return '\n'.join(lines)


def _around(graph, node):
    for told, edges, end in (
            (_INTO, graph.into(node.id), 'source'),
            (_OUT_OF, graph.out_of(node.id), 'target')):
        for edge in edges:
            if edge.kind in told:
                yield ' '.join(filter(None, [
                    told[edge.kind] % _label(graph, getattr(edge, end)),
                    edge.label]))


def _label(graph, node_id):
    return graph.nodes[node_id].label


def kind(node):
    """What a node is, for people."""
    return node.type.rpartition('::')[2] or 'queue, nobody makes it here'


def verb(edge):
    """What an edge means, for people."""
    return ' '.join(filter(None, [edge.kind, edge.label]))


def _ids(graph):
    """Names that every program takes."""
    return {node_id: 'n%d' % number
            for number, node_id in enumerate(graph.nodes)}


def _quoted(text):
    return '"%s"' % text.replace('\\', '\\\\').replace('"', '\\"').replace(
        '\n', '\\n')


def _escaped(text):
    return text.replace('&', '&amp;').replace('"', '&quot;').replace(
        '<', '&lt;').replace('>', '&gt;')
