# SPDX-License-Identifier: Apache-2.0
"""Why a wait condition waits still."""
import datetime

from oslo_utils import timeutils

from heat_plugins.messages import criteria
from heat_plugins.messages import patterns
from heat_plugins.messages import record as records
from heat_plugins.messages import tally
from heat_plugins.messages import texts
from heat_plugins.stacks import queues
from heat_plugins.templates import types
from heat_plugins.zaqar import errors

TYPE = 'Zaqar::Workflow::WaitCondition'
#: Messages of a queue that are looked at.
MOST = 1000


def explain(stack, zaqar, resource, senders):
    """What is known of a condition: a map.

    :param stack: a ``heat_plugins.stacks.stack.Stack``.
    :param zaqar: a ``heat_plugins.zaqar.client.Client`` of its project.
    :param resource: a ``heat_plugins.stacks.stack.Resource``.
    :param senders: name of a queue → list of maps of ``resource`` and
        ``expires``, of those who may post to it by a signed URL.
    """
    given = stack.properties(resource)
    shown = stack.attributes(resource)
    record = records.Record.from_metadata(stack.metadata(resource), None)
    judging = judge(given)
    return {
        'summary': shown.get('summary'),
        'received_from': [each.key for each in record.signals],
        'times_out': shown.get('times_out'),
        'silent_until': shown.get('silent_until'),
        'expression': given.get('expression'),
        'queues': [_queue(zaqar, each['queue'], record, judging,
                          senders.get(each['queue'], []))
                   for each in entries(given)]}


def entries(properties):
    """The queues that a condition waits on, as its property ``queues``.

    :param properties: as ``Stack.properties`` gives them.
    """
    return properties.get('queues') or [
        {'queue': properties[key]} for key in ('queue',) if key in properties]


def judge(properties):
    """Judges messages as the engine does, but for the expression.

    :returns: a function of a list of messages, to a ``Verdict`` of each.
    """
    given = with_defaults(properties)
    by_queue = None
    if given.get('queues'):
        by_queue = {each['queue']: _compiled(each.get('match'))
                    for each in entries(given)}
    return criteria.Criteria(
        _compiled(given.get('match')), _compiled(given.get('fail_on')),
        _path(given.get('distinct_by')), _path(given.get('reason_from')),
        by_queue=by_queue).judge


def needed(properties):
    """How many successes a condition needs; None if that is not known.

    :param properties: as ``Stack.properties`` gives them.
    """
    if not properties:
        return None
    given = with_defaults(properties)
    several = given.get('queues')
    if not several or given['wait_for'] == 'any':
        return given['count']
    return sum(each.get('count') or given['count'] for each in several)


def with_defaults(properties):
    """The same, with the defaults of what is not given."""
    known = types.types()[TYPE]['properties']
    return {**{key: each['default'] for key, each in known.items()
               if 'default' in each}, **properties}


def tell(found):
    """The same for people: lines."""
    if found['summary']:
        yield found['summary']
    if not found['queues']:
        yield 'it has only just begun'
    if found['received_from']:
        yield 'received from: %s' % ', '.join(texts.named(
            [texts.key(each) for each in found['received_from']]))
    for each in found['queues']:
        yield 'queue %s: %s' % (each['queue'], '; '.join(_told(each)))
        yield from _senders_told(each)
    if found['expression']:
        yield ('its expression in YAQL must be true as well; that is not '
               'looked at here')
    for key, text in (('times_out', 'times out'),
                      ('silent_until', 'without a sign of life it fails')):
        if found[key]:
            yield '%s at %s' % (text, found[key])


def _told(queue):
    if not queue['exists']:
        yield 'it is not there: it was deleted, or is still to be made'
        return
    yield 'it holds %s' % _number(queue['messages'])
    if queue['counted']:
        yield '%s counted already' % _number(queue['counted'])
    if queue['would_count']:
        yield ('%s would count, and the engine has not looked yet: if that '
               'stays so, look whether heat-engine runs, and at its log' %
               _number(queue['would_count']))
    for each in queue['mismatches']:
        yield '%s not count: %s' % (
            'one message does' if each['messages'] == 1 else
            '%d messages do' % each['messages'], each['reason'])


def _senders_told(queue):
    ended = [each['resource'] for each in queue['senders']
             if each['has_ended']]
    if ended and len(ended) == len(queue['senders']):
        yield ('nobody can post to it by the signed URL of %s any more: it '
               'has ended' % ' or '.join(ended))
    if not queue['exists'] or queue['messages'] or queue['counted']:
        return
    for each in queue['senders']:
        if not each['has_ended']:
            yield ('nothing has come to it: has a sender run the command of '
                   '%s?' % each['resource'])


def _number(count):
    return 'one message' if count == 1 else '%d messages' % count


def _compiled(pattern):
    return patterns.compile(pattern) if pattern else None


def _path(text):
    return text.split('.') if text else None


def _queue(zaqar, name, record, judge, senders):
    """What is in a queue, and what it is to a condition."""
    found = {'queue': name, 'exists': True, 'messages': 0, 'counted': 0,
             'would_count': 0, 'mismatches': [],
             'senders': [{**each, 'has_ended': _has_ended(each['expires'])}
                         for each in senders]}
    reasons = tally.Tally()
    try:
        for message in queues.messages(zaqar.queue(name), MOST):
            found['messages'] += 1
            if record.has_taken(message):
                found['counted'] += 1
                continue
            [verdict] = judge([message])
            if verdict.signal is not None:
                found['would_count'] += 1
            else:
                reasons.add(verdict.skipped or verdict.unmatched)
    except errors.NotFound:
        found['exists'] = False
    found['mismatches'] = [{'reason': reason, 'messages': count}
                           for reason, count in reasons.most()]
    return found


def _has_ended(expires):
    return bool(expires) and (
        timeutils.parse_isotime(expires) < datetime.datetime.now(datetime.UTC))
