# SPDX-License-Identifier: Apache-2.0
"""Why a custom resource waits still."""
from heat_plugins.waiting import reader
from heat_plugins.zaqar import errors

TYPE = 'Zaqar::Workflow::CustomResource'
# Seconds after which somebody should have taken a request.
_PATIENCE = 10


def explain(stack, zaqar, resource):
    """What is known of a custom resource: a map.

    :param stack: a ``heat_plugins.stacks.stack.Stack``.
    :param zaqar: a ``heat_plugins.zaqar.client.Client`` of its project.
    :param resource: a ``heat_plugins.stacks.stack.Resource``.
    """
    name = stack.properties(resource).get('queue')
    found = {'queue': name, 'exists': True, 'request': None, 'before': 0}
    if name is None:
        return found
    queue = zaqar.queue(name)
    try:
        queue.metadata()
        for message in reader.Reader(queue).read():
            if _is_for(message.body, resource):
                found['request'] = _request(queue, message)
                break
            found['before'] += 1
    except errors.NotFound:
        found['exists'] = False
    return found


def tell(found):
    """The same for people: lines."""
    asked = found['request']
    if found['queue'] is None:
        yield 'it has only just begun'
    elif not found['exists']:
        yield ('the queue %s of its workers is not there: it was deleted, or '
               'is still to be made' % found['queue'])
    elif asked is None:
        yield ('its request is not in the queue %s (any more): a worker has '
               'deleted it before it replied, or it has ended' %
               found['queue'])
    elif asked['is_claimed']:
        yield ('its request (%s, id %s), which was posted %d seconds ago, is '
               'with a worker, who has not finished' % (
                   asked['request_type'], asked['request_id'], asked['age']))
    else:
        yield ('its request (%s, id %s) has been in the queue %s for %d '
               'seconds, behind %d others, and no worker has taken it%s' % (
                   asked['request_type'], asked['request_id'],
                   found['queue'], asked['age'], found['before'],
                   ': does one run?' if asked['age'] >= _PATIENCE else ''))


def _is_for(body, resource):
    return (isinstance(body, dict) and
            body.get('resource_name') == resource.name.rpartition('/')[2] and
            '/%s/' % body.get('stack_id') in resource.path)


def _request(queue, message):
    return {'request_id': message.body.get('request_id'),
            'request_type': message.body.get('request_type'),
            'age': message.age,
            'is_claimed': queue.message(message.id).claim_id is not None}
