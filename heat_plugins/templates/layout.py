# SPDX-License-Identifier: Apache-2.0
"""Where the nodes of a graph are in a picture: in columns, left to right.

What leads to a node is left of it, unless there is a circle. In a column nodes
are near those that they are joined with, as far as a few passes can tell; and
an edge has room of its own in each column that it passes.
"""
import dataclasses
import itertools
import statistics
import typing

import networkx

# Passes over all columns; more change little.
_PASSES = 8


class Spot(typing.NamedTuple):
    """Where a node is, or an edge passes.

    :ivar column: from 0, left to right.
    :ivar row: from 0, top to bottom; may be a fraction.
    """
    column: int
    row: float


@dataclasses.dataclass(frozen=True)
class Layout:
    """Where all is.

    :ivar nodes: id of a node → its ``Spot``.
    :ivar passes: edge → the spots between its ends, if it goes over columns.
    :ivar columns: how many there are.
    :ivar rows: the number of the tallest column.
    """
    nodes: dict
    passes: dict
    columns: int
    rows: int


def layout(graph):
    """The ``Layout`` of a graph.

    :param graph: a ``heat_plugins.templates.graph.Graph``, or anything with
        ``nodes`` (a map by id) and ``edges``, which have ``source`` and
        ``target`` and can be keys.
    """
    joined = networkx.DiGraph()
    joined.add_nodes_from(graph.nodes)
    joined.add_edges_from((each.source, each.target) for each in graph.edges)
    columns = _columns(joined)
    passes = _make_room(graph.edges, columns, joined)
    spots = _spots(_ordered(columns, joined))
    return Layout({each: spots[each] for each in graph.nodes},
                  {edge: [spots[each] for each in through]
                   for edge, through in passes.items()},
                  len(columns), max(map(len, columns), default=0))


def _columns(joined):
    """The nodes of each column: all of a circle are in one."""
    circles = networkx.condensation(joined)
    first = {node: number for number, node in enumerate(joined)}
    return [sorted((node for circle in generation
                    for node in circles.nodes[circle]['members']),
                   key=first.__getitem__)
            for generation in networkx.topological_generations(circles)]


def _make_room(edges, columns, joined):
    """Add what stands for an edge to each column that it passes.

    :returns: edge → what was added.
    """
    column_of = {node: number for number, column in enumerate(columns)
                 for node in column}
    passes = {}
    for edge in edges:
        passed = range(column_of[edge.source] + 1, column_of[edge.target])
        passes[edge] = [(edge, number) for number in passed]
        for one in passes[edge]:
            columns[one[1]].append(one)
        if passed:
            networkx.add_path(joined, [edge.source, *passes[edge],
                                       edge.target])
    return passes


def _ordered(columns, joined):
    """The columns, of which each is ordered by the rows of its neighbours."""
    both = joined.to_undirected()
    for number in range(_PASSES):
        rows = {node: row for column in columns
                for row, node in enumerate(column)}

        def middle(node, rows=rows):
            return statistics.fmean(
                [rows[each] for each in both[node]] or [rows[node]])

        for column in columns[::1 if number % 2 else -1]:
            column.sort(key=middle)
            rows.update((node, row) for row, node in enumerate(column))
    return columns


def _spots(columns):
    """Each column is in the middle of the picture."""
    tallest = max(map(len, columns), default=0)
    return dict(itertools.chain.from_iterable(
        ((node, Spot(number, row + (tallest - len(column)) / 2))
         for row, node in enumerate(column))
        for number, column in enumerate(columns)))
