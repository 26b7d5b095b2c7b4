# SPDX-License-Identifier: Apache-2.0
"""What a page is shown of a stack, or of all stacks, at each look."""
import dataclasses

from keystoneauth1 import exceptions as ksa_errors

from heat_plugins.messages import texts
from heat_plugins.stacks import conditions
from heat_plugins.stacks import custom_resources
from heat_plugins.stacks import explaining
from heat_plugins.stacks import gates
from heat_plugins.stacks import queues
from heat_plugins.stacks import stack as stacks
from heat_plugins.stacks import watching
from heat_plugins.view import depths
from heat_plugins.view import picture
from heat_plugins.zaqar import errors

# Events that are kept for pages that come later.
_EVENTS = 1000
# Seconds that Zaqar has for an answer: another look follows anyway.
_PATIENCE = 10
_ERRORS = (*stacks.ERRORS, errors.ZaqarError)


class Refused(Exception):
    """Something that a page asks for cannot be; the text says why."""


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
        self._depths = depths.Depths(self._zaqar())
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

    def resource(self, name):
        """All that is known of a resource now: a map.

        :raises Refused: it cannot be found out.
        """
        try:
            return self._resource(name)
        except (explaining.NoResource, *_ERRORS) as error:
            raise Refused(str(error)) from error

    def queue(self, name):
        """What is in a queue: as ``heat_plugins.stacks.queues.show``.

        :raises Refused: it cannot be found out.
        """
        try:
            return queues.show(self._zaqar().queue(name))
        except _ERRORS as error:
            raise Refused(str(error)) from error

    def answer(self, name, queue, verdict, comment, key):
        """Answer to a gate, as ``heat_plugins.stacks.gates``.

        :raises Refused: that cannot be.
        """
        try:
            self._answer(name, queue, verdict, comment, key)
        except _ERRORS as error:
            raise Refused(str(error)) from error

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

    def _zaqar(self):
        return self._user.zaqar(timeout=_PATIENCE, retries=0)

    def _who(self):
        return self._user.access().username

    def _stack(self):
        return stacks.Stack(self._user, self._watching.id)

    def _resource(self, name):
        stack, zaqar = self._stack(), self._zaqar()
        [found] = explaining.explain(stack, zaqar, name)['resources']
        shown = {'name': name, 'type': found['type'],
                 'status': found['status'],
                 'kind': picture.kind(found['status']),
                 'reason': texts.line(found['reason'], texts.ACCOUNT),
                 'lines': explaining.told(found), 'match': {}, 'queues': [],
                 'answers': {}}
        if found['type'] == custom_resources.TYPE:
            shown['queues'] = [
                queues.show(zaqar.queue(found['wait'][each]))
                for each in ('queue',) if found['wait'][each]]
        if found['type'] == conditions.TYPE:
            shown.update(self._condition(stack, zaqar, name))
        return shown

    def _condition(self, stack, zaqar, name):
        resource = _named(stack, name)
        given = stack.properties(resource)
        judge = conditions.judge(given)
        names = gates.queues(given)
        is_open = resource.is_in_progress
        return {
            'match': {key: given[key] for key in ('match', 'fail_on')
                      if given.get(key)},
            'queues': [queues.show(zaqar.queue(each), judge)
                       for each in names],
            'answers': {each: gates.answers(given, each, self._who())
                        for each in names} if is_open else {}}

    def _answer(self, name, queue, verdict, comment, key):
        stack = self._stack()
        resource = _named(stack, name)
        if not resource.is_in_progress:
            raise Refused('%s is %s: it waits for no answer any more.' % (
                name, resource.status))
        given = stack.properties(resource)
        if queue not in gates.queues(given):
            raise Refused('%s does not wait on the queue %s.' % (name, queue))
        body = gates.answers(given, queue, self._who(), comment,
                             key)[verdict]
        if body is None:
            raise Refused('Its patterns want a message that has to be '
                          'written by hand.')
        queue = self._zaqar().queue(queue)
        queue.metadata()  # a post would make it anew
        queue.post([{'body': body}])


def _named(stack, name):
    for each in stack.resources():
        if each.name == name and each.type == conditions.TYPE:
            return each
    raise Refused('The stack has no condition "%s".' % name)


def _trouble(service, error):
    return texts.line('%s does not answer as it should; trying again: %s' % (
        service, error))
