# SPDX-License-Identifier: Apache-2.0
"""Queues of one template that forward messages to each other in a circle.

Zaqar does not notice: each message would be posted again and again. What
several stacks do together cannot be seen here.
"""
from heat.common.i18n import _

from heat_plugins.engine import known
from heat_plugins.resources import base


def refuse_circles(resource):
    """Fail, as ``validate`` should, when it closes a circle."""
    for path, source, target in resource.forwards():
        way = _way(resource.stack, _queue(resource.stack, target),
                   _queue(resource.stack, source))
        if way:
            raise resource.invalid(path, _(
                'messages would be forwarded in an endless loop: %s.') %
                ' → '.join([way[-1], *way]))


def _way(stack, start, end):
    """The names of the queues from one to another; None if there is no way."""
    onward = {}
    for each in stack.values():
        if isinstance(each, base.ZaqarResource):
            for _path, source, target in each.forwards():
                onward.setdefault(_queue(stack, source), []).append(
                    _queue(stack, target))
    ways, seen = [[start]], {None}
    while ways:
        way = ways.pop()
        if way[-1] == end and end is not None:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, each] for each in onward.get(way[-1], ())]
    return None


def _queue(stack, given):
    """What tells a queue from others: its name, or its resource's.

    :param given: the value of a property, as far as it is known.
    :returns: None if it cannot be told.
    """
    if not isinstance(given, known.Unknown):
        return given
    if len(given.resources) != 1:
        return None
    [name] = given.resources
    named = known.known(stack[name].properties.data).get('name')
    return named if isinstance(named, str) else '{get_resource: %s}' % name
