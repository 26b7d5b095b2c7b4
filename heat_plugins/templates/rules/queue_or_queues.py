# SPDX-License-Identifier: Apache-2.0
"""A condition that does not say clearly which queues it waits on."""
import collections

from heat_plugins.templates import functions

ID = 'HZ109'
TITLE = 'A condition needs "queue" or "queues"'
WHY = """Heat refuses the template: one of them is needed, each of "queues" is
there once, and with "wait_for: any" they have no "count" of their own."""
BAD = """
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {count: 2}
"""
GOOD = """
it:
  type: Zaqar::Workflow::WaitCondition
  properties: {queue: jobs, count: 2}
"""


def check(template):
    for each in template.ours('Zaqar::Workflow::WaitCondition'):
        given = {key: each.properties[key] for key in ('queue', 'queues')
                 if each.properties.get(key) is not None}
        if not given:
            yield each.path, '"queue" or "queues" is missing'
        elif not any(map(functions.may_be_nothing, given.values())) and (
                len(given) > 1):
            yield each.path_of('queues'), (
                'give "queue" or "queues", not both')
        elif isinstance(given.get('queues'), list):
            yield from _check(template, each, given['queues'])


def _check(template, resource, entries):
    queues = [template.queue(each.get('queue'))
              if isinstance(each, dict) else None for each in entries]
    often = collections.Counter(queues)
    for index, queue in enumerate(queues):
        if queue is not None and often[queue] > 1:
            yield resource.path_of('queues', index, 'queue'), (
                'this queue is there %d times: use a condition for each '
                'pattern' % often[queue])
        if (isinstance(entries[index], dict) and
                entries[index].get('count') is not None and
                resource.value('wait_for') == 'any'):
            yield resource.path_of('queues', index, 'count'), (
                'wait_for: any needs a number from all together: give '
                '"count" beside "queues"')
