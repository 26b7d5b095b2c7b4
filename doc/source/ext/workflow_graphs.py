# SPDX-License-Identifier: Apache-2.0
"""Shows the graph of each example template below it."""
import base64
import html
import pathlib

from docutils import nodes

from heat_plugins.localcloud import demo
from heat_plugins.templates import document
from heat_plugins.templates import drawings
from heat_plugins.templates import graph as graphs
from heat_plugins.templates import svg
from heat_plugins.templates import template as templates

_IMAGE = ('<details><summary>As a graph</summary><img alt="%s" '
          'src="data:image/svg+xml;base64,%s"></details>')


def add_graphs(_app, doctree):
    """Add them to a page; an example without a queue has none."""
    for block in list(doctree.findall(nodes.literal_block)):
        file = pathlib.Path(block.get('source') or '')
        if file.parent != demo.examples() or file.suffix != '.yaml':
            continue
        graph = graphs.Graph([templates.Template(
            document.Document.read(file))])
        if graph.edges:
            index = block.parent.index(block) + 1
            block.parent.insert(index, nodes.raw(
                '', _image(graph), format='html'))


def _image(graph):
    return _IMAGE % (html.escape(drawings.text(graph)),
                     base64.b64encode(svg.svg(graph).encode()).decode())


def setup(app):
    app.connect('doctree-read', add_graphs)
    return {'parallel_read_safe': True}
