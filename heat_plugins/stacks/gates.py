# SPDX-License-Identifier: Apache-2.0
"""Answers to a gate: the messages that a condition takes for yes and for no.
"""
from heat_plugins.messages import message as messages
from heat_plugins.messages import signal
from heat_plugins.stacks import conditions

APPROVE, REJECT = 'approve', 'reject'


def queues(properties):
    """The names of the queues on which a condition may be answered."""
    return [each['queue'] for each in conditions.entries(properties)]


def answers(properties, queue, who, comment='', key=''):
    """What to post to a queue on which a condition waits.

    :param properties: of the condition, as ``Stack.properties`` gives them.
    :param who: the name of who answers, for keys that only have to be there.
    :param comment: why.
    :param key: what the message counts under, so that one that is sent again
        counts once.
    :returns: a map of ``approve`` and ``reject``: the body of each, or None
        where none could be made of the patterns.
    """
    given = conditions.with_defaults(properties)
    [entry] = [each for each in conditions.entries(properties)
               if each['queue'] == queue]
    judge = conditions.judge(properties)
    wanted = {}
    for pattern in (given.get('match'), entry.get('match')):
        wanted.update(_example(pattern or {}, who))
    refused = (_example(given['fail_on'], who) if given.get('fail_on')
               else {'status': signal.FAILURE})
    said = {key: value for key, value in (('id', key), ('reason', comment))
            if value}
    if given.get('distinct_by'):
        said.update(_at(given['distinct_by'].split('.'), who))

    def checked(status, *parts):
        body = {key: value for part in parts for key, value in part.items()}
        [verdict] = judge([messages.Message(
            'an answer', body, queue=queue)])
        found = verdict.signal
        return body if found and found.status == status else None
    return {APPROVE: checked(signal.SUCCESS, said, wanted),
            # A failure may have to match as well.
            REJECT: (checked(signal.FAILURE, said, refused) or
                     checked(signal.FAILURE, said, wanted, refused))}


def _example(pattern, who):
    """A body that a pattern may match; the patterns themselves decide."""
    body = {}
    for key, wanted in pattern.items():
        if key == '$or':
            body.update(_example(wanted[0], who))
        elif isinstance(wanted, dict):
            body[key] = _example(wanted, who)
        elif wanted != [{'exists': False}]:
            body[key] = _value(wanted[0], who)
    return body


def _at(path, value):
    """A body that has a value at a path of keys."""
    for key in reversed(path):
        value = {key: value}
    return value


def _value(wanted, who):
    """A value for one alternative of a pattern."""
    if not isinstance(wanted, dict):
        return wanted
    [(operator, operand)] = wanted.items()
    if operator in ('prefix', 'suffix', 'equals-ignore-case'):
        return operand
    if operator == 'wildcard':
        return operand.replace('*', '')
    if operator == 'numeric':
        return operand[1] + {'>': 1, '<': -1}.get(operand[0], 0)
    return who
