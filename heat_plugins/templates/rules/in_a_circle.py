# SPDX-License-Identifier: Apache-2.0
"""Resources each of which comes after the others."""
import networkx

ID = 'HZ114'
TITLE = 'Resources depend on each other in a circle'
WHY = 'Heat refuses the template: "Circular Dependency Found".'
BAD = """
one:
  type: Zaqar::Messaging::Queue
  depends_on: other
other:
  type: Zaqar::Messaging::Queue
  depends_on: one
"""
GOOD = """
one: {type: "Zaqar::Messaging::Queue"}
other:
  type: Zaqar::Messaging::Queue
  depends_on: one
"""


def check(template):
    joined = networkx.DiGraph(
        (name, other) for name, each in template.resources.items()
        for other in each.requires)
    for circle in networkx.strongly_connected_components(joined):
        first = min(circle)
        if len(circle) > 1 or joined.has_edge(first, first):
            names = [edge[0] for edge in networkx.find_cycle(joined, first)]
            yield template.resources[names[0]].path, (
                'each of these comes after the next: %s' % ' → '.join(
                    [*names, names[0]]))
