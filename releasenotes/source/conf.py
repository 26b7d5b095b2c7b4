# SPDX-License-Identifier: Apache-2.0
"""Sphinx settings of the release notes."""
from importlib import metadata

from docutils import nodes

project = 'heat-zaqar-plugins release notes'
author = 'The heat-zaqar-plugins developers'
extensions = ['reno.sphinxext']
html_theme = 'alabaster'

# What reno calls all that came before the first tag.
UNTAGGED = '0.0.0'


def name_untagged(_app, document):
    """Head it with the version that it is to be."""
    version = metadata.version('heat-zaqar-plugins').partition('.dev')[0]
    for title in document.findall(nodes.title):
        if title.astext() == UNTAGGED:
            title.children = [nodes.Text('%s, not released yet' % version)]


def setup(app):
    app.connect('doctree-read', name_untagged)
