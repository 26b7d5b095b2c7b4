# SPDX-License-Identifier: Apache-2.0
"""What is in a queue, as whoever looks at a stack sees it."""
import collections
import json

from heat_plugins.messages import texts
from heat_plugins.waiting import reader
from heat_plugins.zaqar import errors

# Characters of a message that are shown, and messages that are looked at.
_SHOWN, _MOST = 2000, 1000
# Characters of one that is shown on one line.
_LINE = 80


def messages(queue, most):
    """The messages of a queue, oldest first, as far as they are looked at.

    :param queue: a ``heat_plugins.zaqar.queue.Queue``.
    :raises heat_plugins.zaqar.errors.NotFound: there is no such queue.
    """
    reading = reader.Reader(queue)
    queue.metadata()
    seen, page = 0, True
    while page and seen < most:
        page = reading.read()
        seen += len(page)
        yield from page


def show(queue, judge=None, most=20):
    """The last messages of a queue: a map.

    :param judge: as ``conditions.judge`` gives it, to say of each whether it
        counts.
    :returns: ``queue``; ``exists``; ``messages``, list of maps of ``id``,
        ``age`` in seconds, ``text`` and ``verdict``; ``before``, how many
        there are before those.
    """
    last, seen = collections.deque(maxlen=most), 0
    try:
        for each in messages(queue, _MOST):
            last.append(each)
            seen += 1
    except errors.NotFound:
        return {'queue': queue.name, 'exists': False, 'messages': [],
                'before': 0}
    return {'queue': queue.name, 'exists': True, 'before': seen - len(last),
            'messages': [{'id': each.id, 'age': each.age,
                          'text': _text(each.body),
                          'verdict': _verdict(each, judge)}
                         for each in last]}


def _text(body):
    """A body as JSON that no character of it can disguise."""
    text = json.dumps(body, ensure_ascii=False)
    if len(text) > _LINE:
        text = json.dumps(body, indent=1, ensure_ascii=False)
    return '\n'.join(texts.line(each, _SHOWN) for each in
                     text[:_SHOWN].split('\n')) + (
                         ' ...' if len(text) > _SHOWN else '')


def _verdict(message, judge):
    if judge is None:
        return ''
    [verdict] = judge([message])
    if verdict.signal is None:
        return 'does not count: %s' % (verdict.skipped or verdict.unmatched)
    return 'counts as %s' % verdict.signal.status
