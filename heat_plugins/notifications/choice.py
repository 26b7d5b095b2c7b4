# SPDX-License-Identifier: Apache-2.0
"""Which notifications are posted, and to which queue."""
import json
import re

from heat_plugins.messages import patterns
from heat_plugins.zaqar import limits

_FIELDS = ('service', 'event_type', 'priority', 'project_id')
_FIELD = re.compile(r'\{(.*?)\}')
_NONE = re.compile(r'[^A-Za-z0-9_-]')


class Choice:
    """Chooses.

    :param events: list of event patterns in JSON; none means all.
    :param queue: the name of a queue, with fields in braces.
    :raises ValueError: one of them is none; the text says what is wrong.
    """

    def __init__(self, events, queue):
        self._patterns = [_compiled(each) for each in events]
        unknown = sorted(set(_FIELD.findall(queue)) - set(_FIELDS))
        if unknown or _NONE.search(_FIELD.sub('', queue)):
            raise ValueError(
                'queue: "%s" is no name of a queue: letters, digits, "_" and '
                '"-", and the fields %s in braces' % (
                    queue, ', '.join(_FIELDS)))
        self._queue = queue

    def is_wanted(self, event):
        """Whether an ``event.Event`` is posted."""
        body = event.body()
        try:
            return not self._patterns or any(
                each.matches(body) for each in self._patterns)
        except patterns.TooCostly:
            return False

    def queue(self, event):
        """The name of its queue."""
        fields = event.fields
        named = _FIELD.sub(lambda found: _NONE.sub(
            '-', fields[found[1]]), self._queue)
        return named[:limits.QUEUE_NAME_LENGTH]


def _compiled(text):
    try:
        return patterns.compile(json.loads(text))
    except (ValueError, patterns.PatternError) as error:
        raise ValueError('events: %s is no event pattern: %s' % (
            text, error)) from error
