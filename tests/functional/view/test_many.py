# SPDX-License-Identifier: Apache-2.0
"""A page of 500 boxes: what has not changed is not touched."""
import threading

import pytest

from heat_plugins.stacks import watching
from heat_plugins.templates import document
from heat_plugins.templates import template as templates
from heat_plugins.view import picture
from heat_plugins.view import server
from heat_plugins.view import source

CONDITION = 'Zaqar::Workflow::WaitCondition'
MANY = 500
TEMPLATE = 'heat_template_version: 2021-04-16\nresources:\n' + ''.join(
    '  c%d: {type: "%s", properties: {queue: q%d, count: 9}}\n' % (
        number, CONDITION, number // 10) for number in range(MANY))


class Many:
    """A stack whose conditions receive when they are told."""

    def __init__(self):
        self.received = [0] * MANY
        self._picture = picture.Picture(
            templates.Template(document.Document('s', TEMPLATE)), [])

    def look(self):
        rows = [watching.Row('c%d' % number, CONDITION, 'CREATE_IN_PROGRESS',
                             '', received, 9)
                for number, received in enumerate(self.received)]
        return {'stack': {'name': 's', 'status': 'CREATE_IN_PROGRESS',
                          'kind': 'progress', 'reason': ''},
                'drawing': self._picture.drawing,
                'nodes': self._picture.states(rows, {}), 'trouble': '',
                'rows': {'r%d' % number: {
                    'name': 'r%d' % number, 'status': 'CREATE_COMPLETE',
                    'kind': 'complete', 'received': None, 'needed': None,
                    'text': ''} for number in range(1000)}}


class Server(server.Server):
    """Serves that stack, whatever is asked for."""

    def __init__(self):
        super().__init__(None, 0.1)
        self.many = Many()
        self._shown = self.many, source.Source(self.many.look, 0.1)

    def stack(self, _name):
        return self._shown


@pytest.fixture
def serving():
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def test_only_the_box_that_changes_is_touched(serving, page):
    page.open(serving.address + '?stack=many').shows('0 of 9', '#graph')
    assert len(page.all('#graph g')) == MANY + MANY // 10
    page.run('''
        window.touched = new Set();
        new MutationObserver((all) => all.forEach((each) => touched.add(
            each.target.closest('[data-node]')?.dataset.node
            ?? each.target.dataset.target))).observe(
                document.getElementById('graph'), {
                    attributes: true, childList: true, subtree: true});''')

    assert len(page.all('#resources tr')) == 200
    page.shows('and 800 more')

    serving.many.received[7] = 4
    page.shows('4 of 9', '#graph')

    assert page.run('return [...touched]') == ['s c7']
