# SPDX-License-Identifier: Apache-2.0
"""A stack as it goes on: its state, and what is new, each time one looks."""
import dataclasses
import datetime

from keystoneauth1 import exceptions as ksa_errors

from heat_plugins.messages import record as records
from heat_plugins.messages import texts
from heat_plugins.stacks import conditions
from heat_plugins.stacks import stack as stacks

# Conditions whose counts are asked for at each look, those in progress first.
_MOST = 50
# Events that are asked for at first, and how many times more if all are new.
_EVENTS, _MORE = 100, 10
# The reason of a resource that gives none.
_NOTHING = 'state changed'


@dataclasses.dataclass(frozen=True)
class Row:
    """A resource.

    :ivar received: successes so far; None if it counts none.
    :ivar needed: how many are needed; None if it is not known.
    :ivar physical_id: as Heat has it: of a queue, its name.
    :ivar since: when its last action began, as Heat writes it.
    """
    name: str
    type: str
    status: str
    text: str
    received: int | None = None
    needed: int | None = None
    physical_id: str = ''
    since: str = ''

    @property
    def is_in_progress(self):
        return self.status.endswith('_IN_PROGRESS')


@dataclasses.dataclass(frozen=True)
class News:
    """An event of Heat."""
    time: datetime.datetime
    resource: str
    status: str
    text: str

    def __str__(self):
        return '%s  %-20s %-20s %s' % (
            self.time.strftime('%H:%M:%S'), self.resource, self.status,
            self.text)


@dataclasses.dataclass(frozen=True)
class Look:
    """What one look has found.

    :ivar status: of the stack; ``DELETE_COMPLETE`` when it is gone.
    :ivar rows: list of ``Row``.
    :ivar news: list of ``News`` since the last look, the oldest first.
    :ivar updated: when its last action began, as Heat writes it.
    :ivar times_out: when Heat fails it; None if that is not known.
    """
    status: str
    reason: str
    rows: list
    news: list
    updated: str | None = None
    times_out: datetime.datetime | None = None

    @property
    def is_over(self):
        return not self.status.endswith('_IN_PROGRESS')

    @property
    def has_failed(self):
        return self.status.endswith('_FAILED')


class Watching:
    """Looks at a stack, again and again.

    :param user: a ``heat_plugins.zaqar.keystone.User``.
    :param name: of the stack, or its id.
    :raises heat_plugins.stacks.stack.NoStack: there is none.
    :raises keystoneauth1.exceptions.ClientException: Heat does not answer.
    """

    def __init__(self, user, name):
        self._user = user
        self._stack = stacks.Stack(user, name)
        self._seen = set()
        self._needed = {}
        #: Rows of conditions that have come to their end.
        self._ended = {}
        #: Path of a resource → what its last event says.
        self._last = {}

    @property
    def id(self):
        return self._stack.id

    @property
    def name(self):
        return self._stack.name

    def look(self):
        """Look once: a ``Look``.

        :raises keystoneauth1.exceptions.ClientException: Heat does not
            answer, or refuses.
        """
        try:
            self._stack = stacks.Stack(self._user, self._stack.id)
            resources = self._stack.resources()
            news = self._news()
        except (stacks.NoStack, ksa_errors.NotFound):
            return Look('DELETE_COMPLETE', 'It is gone.', [], [])
        return Look(self._stack.status, texts.line(self._stack.reason),
                    self._rows(resources), news, self._stack.updated,
                    self._stack.times_out)

    def _rows(self, resources):
        resources = sorted(resources, key=lambda each: (
            not each.is_in_progress, not each.has_failed, each.name))
        counted = [each for each in resources
                   if each.type == conditions.TYPE][:_MOST]
        return [self._counted(each) if each in counted else
                Row(each.name, each.type, each.status,
                    _said(each.reason) or self._told(each),
                    physical_id=each.physical_id, since=each.updated)
                for each in resources]

    def _told(self, resource):
        """What its last event said, as long as its action goes on."""
        return (self._last.get(resource.path, '') if resource.is_in_progress
                else '')

    def _counted(self, resource):
        key = resource.path, resource.status, resource.updated
        if key in self._ended:
            return self._ended[key]
        metadata = self._stack.metadata(resource)
        received = records.Record.from_metadata(metadata, None).received
        needed = self._count(key, resource)
        row = Row(resource.name, resource.type, resource.status,
                  _summary(resource, metadata, received, needed),
                  received, needed, resource.physical_id,
                  resource.updated)
        if not resource.is_in_progress:
            self._ended[key] = row
        return row

    def _count(self, key, resource):
        """How many are needed: asked for once for each action."""
        if self._needed.get(key) is None:
            self._needed[key] = conditions.needed(
                self._stack.properties(resource))
        return self._needed[key]

    def _unseen(self):
        """The events since the last look, newest first, however many."""
        limit = _EVENTS
        while True:
            found = [each for each in self._stack.events(limit)
                     if each['id'] not in self._seen]
            if len(found) < limit:
                return found
            limit *= _MORE

    def _news(self):
        found = self._unseen()
        self._seen.update(each['id'] for each in found)
        self._last.update((_path_of(each), _said(
            each['resource_status_reason'])) for each in reversed(found))
        return [News(stacks.moment(each['event_time']),
                     texts.line(each['resource_name']),
                     each['resource_status'],
                     texts.line(each['resource_status_reason'] or ''))
                for each in reversed(found)]


def _summary(resource, metadata, received, needed):
    """What a condition says of itself, or what can be said of it."""
    if metadata.get('summary') and not resource.has_failed:
        return texts.line(metadata['summary'])
    return _said(resource.reason) or (
        '' if needed is None else '%d of %d received' % (received, needed))


def _said(reason):
    """What a resource says; '' for what Heat says of every one."""
    return '' if reason in (None, _NOTHING) else texts.line(reason)


def _path_of(event):
    """As ``Resource.path``; None for an event of the stack itself."""
    return next((stacks.path(each['href']) for each in event['links']
                 if each['rel'] == 'resource'), None)
