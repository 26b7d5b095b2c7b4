# SPDX-License-Identifier: Apache-2.0
"""A graph as a picture that browsers and documents show."""
import itertools
import re
from xml.etree import ElementTree

from heat_plugins.templates import drawings
from heat_plugins.templates import graph as graphs
from heat_plugins.templates import layout

# Pixels: of a box, between two, of the margin, and of a character.
_HEIGHT, _BETWEEN, _GAP, _MARGIN, _CHARACTER = 44, 26, 160, 12, 7
_NARROWEST = 90
# What a label can do without.
_LONG = re.compile(' messages?')
# A picture follows the colours of the page, or of the reader's system.
_STYLE = """
svg { --ink: #1f2933; --paper: #fff; --queue: #dbeafe; --other: #f1f5f9;
      color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  svg { --ink: #e5e7eb; --paper: #111827; --queue: #1e3a5f;
        --other: #273244; } }
text { font: 13px sans-serif; fill: var(--ink); text-anchor: middle; }
.type, .edge { font-size: 11px; }
.edge { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; }
rect { fill: var(--other); stroke: var(--ink); }
.queue { fill: var(--queue); }
path { fill: none; stroke: var(--ink); }
path.then { stroke-dasharray: 5 4; }
marker path { fill: var(--ink); stroke: none; }
"""


def svg(graph):
    """As SVG, which needs no program to be drawn."""
    root = drawing(graph)
    for number, (tag, text) in enumerate((
            ('title', 'The workflow: who posts where, who waits for what'),
            ('desc', drawings.text(graph)), ('style', _STYLE))):
        made = ElementTree.Element(tag)
        made.text = text
        root.insert(number, made)
    root.set('role', 'img')
    return ElementTree.tostring(root, encoding='unicode')


def drawing(graph):
    """The same without colours and words about it: the root element.

    A box has the attribute ``data-node``, and an arrow ``data-source`` and
    ``data-target``: ids of nodes.
    """
    made = layout.layout(graph)
    lefts, right = _lefts(graph, made)
    boxes = {each: _Box(lefts[spot.column], _top(spot.row),
                        _width(graph.nodes[each]))
             for each, spot in made.nodes.items()}
    width, height = right + _MARGIN, _top(made.rows) + _MARGIN
    root = ElementTree.Element('svg', {
        'xmlns': 'http://www.w3.org/2000/svg',
        'viewBox': '0 0 %d %d' % (width, height), 'width': '%d' % width,
        'height': '%d' % height})
    _add_arrow(root)
    for each in graph.edges:
        _add_edge(root, each, boxes[each.source], boxes[each.target], [
            (lefts[spot.column], _top(spot.row) + _HEIGHT / 2)
            for spot in made.passes[each]])
    for node in graph.nodes.values():
        _add_node(root, node, boxes[node.id])
    return root


class _Box:
    """Where the box of a node is, in pixels."""

    def __init__(self, left, top, width):
        self.left, self.top, self.width = left, top, width
        self.right, self.bottom = left + width, top + _HEIGHT
        self.middle = top + _HEIGHT / 2


def _lefts(graph, made):
    """Where each column begins, and the end of the last."""
    widths = [0] * made.columns
    for node_id, spot in made.nodes.items():
        widths[spot.column] = max(widths[spot.column],
                                  _width(graph.nodes[node_id]))
    lefts = list(itertools.accumulate(
        (each + _GAP for each in widths), initial=_MARGIN))
    return lefts, lefts[-1] - _GAP


def _top(row):
    return _MARGIN + row * (_HEIGHT + _BETWEEN)


def _width(node):
    return max(_NARROWEST, _CHARACTER * max(
        len(node.label), len(drawings.kind(node))) + 20)


def _add_node(root, node, box):
    group = ElementTree.SubElement(root, 'g', {'data-node': node.id})
    ElementTree.SubElement(group, 'rect', {
        'x': '%g' % box.left, 'y': '%g' % box.top, 'width': '%g' % box.width,
        'height': '%d' % _HEIGHT, 'rx': '20' if node.is_queue else '3',
        'class': 'queue' if node.is_queue else 'resource'})
    middle = '%g' % (box.left + box.width / 2)
    _text(group, 'text', node.label, x=middle, y='%g' % (box.top + 19))
    _text(group, 'text', drawings.kind(node), x=middle,
          y='%g' % (box.top + 35), **{'class': 'type'})


def _add_edge(root, edge, source, target, passes):
    """Draw an edge.

    :param passes: the points that it passes, in pixels.
    """
    if target.left > source.left:
        points = [(source.right, source.middle), *passes,
                  (target.left, target.middle)]
        curves = [_onward(*each) for each in itertools.pairwise(points)]
    else:
        points = [(source.left + source.width / 2, source.bottom),
                  (target.left + target.width / 2, target.bottom)]
        curves = [_around(*points)]
    ElementTree.SubElement(root, 'path', {
        'd': 'M %g %g %s' % (*points[0], ' '.join(curves)),
        'class': edge.kind, 'marker-end': 'url(#arrow)',
        'data-source': edge.source, 'data-target': edge.target})
    if edge.kind != graphs.THEN:
        x, y = (sum(each) / 2 for each in zip(*points[-2:], strict=True))
        _text(root, 'text', _LONG.sub('', drawings.verb(edge)), **{
            'x': '%g' % x, 'y': '%g' % (y - 5), 'class': 'edge'})


def _onward(start, end):
    half = (start[0] + end[0]) / 2
    return 'C %g %g %g %g %g %g' % (half, start[1], half, end[1], *end)


def _around(start, end):
    """Back, or within a column: below."""
    down = _BETWEEN * 2
    return 'C %g %g %g %g %g %g' % (start[0], start[1] + down, end[0],
                                    end[1] + down, *end)


def _add_arrow(root):
    marker = ElementTree.SubElement(root, 'marker', {
        'id': 'arrow', 'viewBox': '0 0 10 10', 'refX': '9', 'refY': '5',
        'markerWidth': '8', 'markerHeight': '8', 'orient': 'auto',
        'markerUnits': 'userSpaceOnUse'})
    ElementTree.SubElement(marker, 'path', {'d': 'M 0 0 L 10 5 L 0 10 z'})


def _text(parent, tag, text, **attributes):
    ElementTree.SubElement(parent, tag, attributes).text = text
