# SPDX-License-Identifier: Apache-2.0
"""The graph of a workflow, and its pictures."""
import itertools
import textwrap
import typing
from xml.etree import ElementTree

import hypothesis
from hypothesis import strategies as st
import pytest

from heat_plugins.cli import app
from heat_plugins.cli.graph import FORMATS
from heat_plugins.localcloud import demo
from heat_plugins.templates import document
from heat_plugins.templates import drawings
from heat_plugins.templates import graph as graphs
from heat_plugins.templates import layout
from heat_plugins.templates import svg
from heat_plugins.templates import template as templates

pytestmark = pytest.mark.usefixtures('own_logging')

HEAD = 'heat_template_version: 2021-04-16\nresources:\n'
FIRST = HEAD + '''
  jobs: {type: "Zaqar::Messaging::Queue"}
  news:
    type: Zaqar::Messaging::Queue
    properties: {name: news}
  tell:
    type: Zaqar::Messaging::Message
    depends_on: all_done
    properties: {queue: {get_resource: news}, body: go}
  all_done:
    type: Zaqar::Workflow::WaitCondition
    properties: {queue: {get_resource: jobs}, count: 3, match: {n: [1]}}
'''
SECOND = HEAD + '''
  heard:
    type: Zaqar::Workflow::WaitCondition
    properties: {queue: news}
'''
SVG = '{http://www.w3.org/2000/svg}'
EXAMPLES = sorted(demo.examples().glob('*.yaml'))


def graph(*texts):
    return graphs.Graph([templates.Template(document.Document(
        '%s.yaml' % name, text)) for name, text in zip(
            ('first', 'second'), texts, strict=False)])


def test_it_is_told_queue_by_queue():
    assert drawings.text(graph(FIRST)) == textwrap.dedent('''\
        jobs (Queue)
          → all_done waits for 3 messages that match
        news (Queue)
          ← tell posts
        all_done → then tell''')


def test_a_queue_may_post_to_another():
    text = HEAD + '''
  dead: {type: "Zaqar::Messaging::Queue"}
  jobs:
    type: Zaqar::Messaging::Queue
    properties:
      dead_letter: {queue: {get_resource: dead}, max_claims: 3}
'''
    assert drawings.text(graph(text)) == textwrap.dedent('''\
        dead (Queue)
          ← jobs posts
        jobs (Queue)
          → posts to dead''')


def test_a_parameter_without_a_value_is_one_queue():
    text = '''heat_template_version: 2021-04-16
parameters: {queue: {type: string}}
resources:
  one:
    type: Zaqar::Workflow::WaitCondition
    properties: {queue: {get_param: queue}}
  other:
    type: Zaqar::Workflow::WaitCondition
    properties: {queue: {get_param: queue}, match: {n: [1]}}
'''
    assert drawings.text(graph(text)) == textwrap.dedent('''\
        {get_param: queue} (queue, nobody makes it here)
          → one waits for 1 message
          → other waits for 1 message that matches''')


def test_templates_share_a_queue_by_its_name():
    assert drawings.text(graph(FIRST, SECOND)) == textwrap.dedent('''\
        first/jobs (Queue)
          → first/all_done waits for 3 messages that match
        news (Queue)
          ← first/tell posts
          → second/heard waits for 1 message
        first/all_done → then first/tell''')


def test_a_queue_that_nobody_makes_is_there():
    assert drawings.text(graph(SECOND)) == textwrap.dedent('''\
        news (queue, nobody makes it here)
          → heard waits for 1 message''')


def test_templates_within_it_are_part_of_it(tmp_path):
    (tmp_path / 'member.yaml').write_text('''
heat_template_version: 2021-04-16
parameters:
  box: {type: string}
  others: {type: string}
resources:
  tell:
    type: Zaqar::Messaging::Message
    properties: {queue: {get_param: others}, body: go}
  told:
    type: Zaqar::Workflow::WaitCondition
    properties: {queue: {get_param: box}}
''')
    path = tmp_path / 'all.yaml'
    path.write_text(HEAD + '''
  box: {type: "Zaqar::Workflow::WaitConditionHandle"}
  members:
    type: OS::Heat::ResourceGroup
    properties:
      count: 3
      resource_def:
        type: member.yaml
        properties: {box: {get_resource: box}, others: shared}
  after:
    type: Zaqar::Workflow::WaitCondition
    depends_on: members
    properties: {queue: shared}
''')

    assert drawings.text(graphs.Graph([templates.Template(
        document.Document.read(path))])) == textwrap.dedent('''\
        box (WaitConditionHandle)
          → members.*/told waits for 1 message
        shared (queue, nobody makes it here)
          ← members.*/tell posts
          → after waits for 1 message
        members.*/tell → then after
        members.*/told → then after''')


def test_it_is_drawn_by_graphviz():
    lines = drawings.dot(graph(FIRST)).splitlines()

    assert lines[0] == 'digraph workflow {'
    assert '  n0 [label="jobs\\nQueue", shape=cylinder];' in lines
    assert '  n0 -> n3 [label="waits for 3 messages that match"];' in lines
    assert '  n3 -> n2 [label="then", style=dashed];' in lines
    assert lines[-1] == '}'


def test_it_is_drawn_by_mermaid():
    lines = drawings.mermaid(graph(FIRST)).splitlines()

    assert lines[0] == 'flowchart LR'
    assert '  n0[("jobs<br/>Queue")]' in lines
    assert '  n2["tell<br/>Message"]' in lines
    assert '  n2 -->|"posts"| n1' in lines


class TestSvg:
    @pytest.fixture
    def drawn(self):
        return ElementTree.fromstring(svg.svg(graph(FIRST, SECOND)))

    def test_all_are_there(self, drawn):
        texts = [each.text for each in drawn.iter(SVG + 'text')]

        assert {'first/jobs', 'news', 'first/tell', 'Message', 'posts',
                'waits for 3 that match'} <= set(texts)
        assert len(list(drawn.iter(SVG + 'rect'))) == 5

    def test_it_can_be_read_aloud(self, drawn):
        assert drawn.get('role') == 'img'
        assert 'first/jobs (Queue)' in drawn.find(SVG + 'desc').text

    def test_an_empty_one_is_drawn(self):
        assert svg.svg(graph(HEAD + '  {}'))


class Edge(typing.NamedTuple):
    source: str
    target: str


class Joined:
    """A graph of edges, written as two letters each."""

    def __init__(self, *edges):
        self.edges = [Edge(*each) for each in edges]
        self.nodes = dict.fromkeys(sorted(''.join(edges)))


class TestLayout:
    def test_what_leads_to_a_node_is_left_of_it(self):
        made = layout.layout(Joined('ab', 'bc', 'ac'))

        assert [made.nodes[each].column for each in 'abc'] == [0, 1, 2]

    def test_an_edge_has_room_where_it_passes(self):
        made = layout.layout(Joined('ab', 'bc', 'ac'))

        [passed] = made.passes['a', 'c']
        assert passed.column == 1
        assert passed.row != made.nodes['b'].row

    def test_those_of_a_circle_are_in_one_column(self):
        made = layout.layout(Joined('ab', 'bc', 'cb', 'cd', 'dd'))

        assert [made.nodes[each].column for each in 'abcd'] == [0, 1, 1, 2]

    def test_edges_do_not_cross_needlessly(self):
        edges = ('az', 'bx', 'cy', 'zq', 'xr', 'yp')

        made = layout.layout(Joined(*edges))

        for one, other in itertools.combinations(edges, 2):
            above = [made.nodes[one[end]].row > made.nodes[other[end]].row
                     for end in (0, 1)]
            assert one[0] not in 'abc' or above[0] == above[1]

    @hypothesis.given(st.lists(st.text('abcdefgh', min_size=2, max_size=2),
                               max_size=20))
    def test_no_two_are_at_one_spot(self, edges):
        made = layout.layout(Joined(*edges))

        spots = [*made.nodes.values(),
                 *itertools.chain.from_iterable(made.passes.values())]
        assert len(set(spots)) == len(spots)


@pytest.mark.parametrize('name', sorted(FORMATS))
def test_names_that_mean_something_do_no_harm(name):
    text = HEAD + '''
  'a "b" <c> \\d':
    type: Zaqar::Workflow::WaitCondition
    properties: {queue: q}
'''
    drawn = FORMATS[name](graph(text))

    assert {'text': 'a "b" <c> \\d', 'dot': 'a \\"b\\" <c> \\\\d',
            'svg': 'a "b" &lt;c&gt; \\d',
            'mermaid': 'a &quot;b&quot; &lt;c&gt; \\d'}[name] in drawn


@pytest.mark.parametrize('path', EXAMPLES, ids=lambda path: path.name)
def test_each_example_has_one(path, capsys):
    assert app.main(['graph', str(path)]) == 0

    assert capsys.readouterr().out.strip()


def test_what_is_no_template_is_told(tmp_path, capsys):
    (tmp_path / 't.yaml').write_text('a: [')

    assert app.main(['graph', str(tmp_path / 't.yaml')]) == 1
    assert 't.yaml:1:5: not YAML' in capsys.readouterr().err
