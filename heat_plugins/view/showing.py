# SPDX-License-Identifier: Apache-2.0
"""What a page is shown of a stack, or of all stacks, at each look."""
import dataclasses

from keystoneauth1 import exceptions as ksa_errors

from heat_plugins.messages import texts
from heat_plugins.stacks import stack as stacks
from heat_plugins.stacks import watching
from heat_plugins.view import depths
from heat_plugins.view import picture
from heat_plugins.zaqar import errors

# Events that are kept for pages that come later.
_EVENTS = 1000
# Seconds that Zaqar has for an answer: another look follows anyway.
_PATIENCE = 10


class Stacks:
    """All stacks of a project.

    :param user: a ``heat_plugins.zaqar.keystone.User``.
    """

    def __init__(self, user):
        self._user = user
        self._seen = {'stacks': [], 'trouble': ''}

    def look(self):
        """A map of ``stacks``, list of maps, and ``trouble``, a text."""
        try:
            self._seen = {
                'stacks': [{**each, 'kind': picture.kind(each['status'])}
                           for each in stacks.listed(self._user)],
                'trouble': ''}
        except stacks.ERRORS as error:
            self._seen = {**self._seen, 'trouble': _trouble('Heat', error)}
        return self._seen


class Stack:
    """One stack.

    :param user: a ``heat_plugins.zaqar.keystone.User``.
    :param name: of the stack, or its id.
    :raises heat_plugins.stacks.stack.NoStack: there is none.
    """

    def __init__(self, user, name):
        self._user = user
        self._watching = watching.Watching(user, name)
        self._depths = depths.Depths(
            user.zaqar(timeout=_PATIENCE, retries=0))
        #: None as long as it was not read, or for whom may not see it.
        self._template = None
        self._read = None
        self._picture = None
        self._drawn = None
        self._seen = {'stack': {}, 'drawing': '', 'nodes': {}, 'rows': {},
                      'events': {}, 'trouble': ''}

    def look(self):
        """A map for the page.

        ``stack``, ``drawing``, ``nodes`` (by id), ``rows`` (by name) and
        ``events`` (by number), and ``trouble``, a text: who does not answer.
        """
        try:
            look = self._watching.look()
        except stacks.ERRORS as error:
            self._seen = {**self._seen, 'trouble': _trouble('Heat', error)}
            return self._seen
        trouble = self._draw(look)
        known, silent = self._ask(look)
        self._seen = {
            'stack': {'name': self._watching.name, 'status': look.status,
                      'kind': picture.kind(look.status),
                      'reason': look.reason,
                      'times_out': str(look.times_out or '')},
            'drawing': self._picture.drawing,
            'nodes': self._picture.states(look.rows, known),
            'rows': {each.name: {**dataclasses.asdict(each),
                                 'kind': picture.kind(each.status)}
                     for each in look.rows},
            'events': self._events(look.news),
            'trouble': trouble or silent}
        return self._seen

    def _draw(self, look):
        """Draw it unless it is drawn; what was in the way."""
        trouble = ''
        if look.updated not in (None, self._read):  # it is there, and changed
            try:
                self._template = self._stack().template()
                self._read = look.updated
            except ksa_errors.Forbidden:
                self._read = look.updated
            except stacks.ERRORS as error:
                trouble = _trouble('Heat', error)
        made_of = self._template or [each.name for each in look.rows]
        if made_of != self._drawn:
            self._drawn = made_of
            self._picture = picture.Picture(self._template, look.rows)
        return trouble

    def _ask(self, look):
        """The depths of its queues, and what was in the way."""
        try:
            return self._depths.look(self._picture.queues(look.rows)), ''
        except errors.ZaqarError as error:
            return {}, _trouble('Zaqar', error)

    def _events(self, news):
        known = self._seen['events']
        first = max(known, default=-1) + 1
        known = {**known, **{
            number: {'time': each.time.isoformat(), 'resource': each.resource,
                     'status': each.status,
                     'kind': picture.kind(each.status), 'text': each.text}
            for number, each in enumerate(news, first)}}
        return dict(list(known.items())[-_EVENTS:])

    def _stack(self):
        return stacks.Stack(self._user, self._watching.id)


def _trouble(service, error):
    return texts.line('%s does not answer as it should; trying again: %s' % (
        service, error))
