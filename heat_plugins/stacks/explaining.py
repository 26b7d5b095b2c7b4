# SPDX-License-Identifier: Apache-2.0
"""Why a stack waits still, in plain words and as a map."""
from heat_plugins.messages import texts
from heat_plugins.stacks import conditions
from heat_plugins.stacks import custom_resources

_HANDLE = 'Zaqar::Workflow::WaitConditionHandle'
_URL = 'Zaqar::Messaging::SignedURL'


class NoResource(Exception):
    """The stack has no such resource."""


def explain(stack, zaqar, name=None):
    """What is known of all that waits in a stack, or of one resource.

    :param stack: a ``heat_plugins.stacks.stack.Stack``.
    :param zaqar: a ``heat_plugins.zaqar.client.Client`` of its project.
    :param name: of a resource; with those of the stacks that it is in, as
        ``group/0``.
    :returns: a map of ``stack``, ``status``, ``reason``, ``times_out`` and
        ``resources``: list of maps.
    :raises NoResource: there is none of this name.
    """
    resources = stack.resources()
    chosen = [each for each in resources
              if (each.is_in_progress or each.has_failed
                  if name is None else each.name == name)]
    if name is not None and not chosen:
        raise NoResource('The stack "%s" has no resource "%s"; it has %s.' % (
            stack.name, name,
            ', '.join(sorted(each.name for each in resources)) or 'none'))
    senders = _senders(stack, resources)
    return {
        'stack': stack.name, 'status': stack.status, 'reason': stack.reason,
        'times_out': stack.times_out and stack.times_out.isoformat(),
        'resources': [_resource(stack, zaqar, each, senders)
                      for each in chosen]}


def tell(found):
    """The same for people: lines."""
    yield '%s: %s, %s' % (found['stack'], found['status'],
                          texts.line(found['reason'], texts.ACCOUNT))
    if found['times_out']:
        yield '  the stack fails at %s if it is not complete' % (
            found['times_out'])
    if not found['resources']:
        yield '  nothing in it waits or has failed'
    for each in found['resources']:
        yield '%s (%s): %s' % (each['resource'], each['type'],
                               each['status'])
        if each['status'].endswith('_FAILED'):
            yield '  %s' % texts.line(each['reason'], texts.ACCOUNT)
        for line in told(each):
            yield '  %s' % line


def told(resource):
    """What is known of one of the ``resources``, for people: lines."""
    return [line for kind in (conditions, custom_resources)
            if resource['type'] == kind.TYPE
            for line in kind.tell(resource['wait'])]


def _resource(stack, zaqar, resource, senders):
    found = {'resource': resource.name, 'type': resource.type,
             'status': resource.status, 'reason': resource.reason}
    if resource.type == conditions.TYPE:
        found['wait'] = conditions.explain(stack, zaqar, resource, senders)
    elif resource.type == custom_resources.TYPE:
        found['wait'] = custom_resources.explain(stack, zaqar, resource)
    return found


def _senders(stack, resources):
    """Name of a queue → who may post to it by a signed URL."""
    found = {}
    for each in resources:
        if each.type not in (_HANDLE, _URL):
            continue
        shown = stack.attributes(each)
        queue = (each.physical_id if each.type == _HANDLE
                 else stack.properties(each).get('queue'))
        found.setdefault(queue, []).append(
            {'resource': each.name, 'expires': shown.get('expires')})
    return found
