# SPDX-License-Identifier: Apache-2.0
"""Tests of a handler, without a cloud and without a queue.

A ``Life`` takes a thing through the actions of its stack::

    from heat_plugins.worker import testing

    def test_a_record_is_added_changed_and_removed():
        life = testing.Life(Records())
        life.create({'name': 'www', 'value': '192.0.2.7'})
        assert life.reply.status == 'SUCCESS'
        life.update({'name': 'www', 'value': '192.0.2.8'})
        life.delete()
        assert life.asked == ['Create', 'Update', 'Delete']

The handler is called as a worker calls it: with a ``Task`` each time, and
what it returns or raises becomes a reply by the same rules. Where a handler,
or what it calls in a test, raises ``WorkerDied``, the worker dies there; and
the handler is called again with the same request, as another worker does.
"""
from collections import abc
import contextlib
import datetime
import typing
import uuid

from heat_plugins.custom import lifecycle
from heat_plugins.custom import reply as replies
from heat_plugins.custom import request as requests
from heat_plugins.worker import calling
from heat_plugins.worker import handler as handlers

#: How often a request is begun again before it is taken for hopeless.
MOST_DEATHS = 10
_HOUR = datetime.timedelta(hours=1)


class WorkerDied(BaseException):
    """Raise it in a handler: the process dies there, with nothing told."""


class Hopeless(AssertionError):
    """The worker died over one request again and again."""


def request(request_type: str, properties: dict | None = None,
            **fields: typing.Any) -> requests.Request:
    """A request, as a worker gets it.

    :param request_type: ``Create``, ``Update`` or ``Delete``.
    :param properties: a map.
    :param fields: any others of ``heat_plugins.custom.request.Request``;
        ``deadline`` may be a ``datetime``.
    :rtype: heat_plugins.custom.request.Request
    :raises heat_plugins.custom.contract.ContractError: no worker would take
        it.
    """
    body = {
        'request_id': str(uuid.uuid4()), 'request_type': request_type,
        'resource_type': 'Zaqar::Workflow::CustomResource',
        'resource_name': 'thing', 'stack_id': str(uuid.uuid4()),
        'stack_name': 'stack', 'project_id': uuid.uuid4().hex,
        'physical_id': None, 'heartbeat': None,
        'deadline': _now() + _HOUR,
        'reply': {'url': 'https://zaqar.example.org/v2/queues/replies/messages',
                  'headers': {}, 'queue': 'replies',
                  'expires': requests.time_text(_now() + 2 * _HOUR)},
        'properties': properties or {}, 'old_properties': None, **fields}
    if isinstance(body['deadline'], datetime.datetime):
        body['deadline'] = requests.time_text(body['deadline'])
    return requests.Request.from_body(body)


def call(handler: handlers.Handler, asked: requests.Request,
         progress: abc.Callable[[str], object] | None = None
         ) -> replies.Reply:
    """Call a handler with a request, once.

    :param handler: an object with the methods create, update and delete.
    :param asked: what ``request`` gave.
    :param progress: called with each text of ``Task.progress``.
    :rtype: heat_plugins.custom.reply.Reply
    :raises WorkerDied: the handler has raised it.
    """
    return replies.Reply.from_body(calling.Calling(handler)(
        asked, progress or (lambda text: None)))


class Life:
    """The life of a thing, from one action of its stack to the next.

    Each action asks for what Heat would ask for, and ends at the first
    failure, as the stack does. The next action settles what is left first.

    :ivar handler: the handler.
    :ivar reply: the last ``heat_plugins.custom.reply.Reply``.
    :ivar requests: all that was asked, in order: list of ``Request``. What
        was begun again is there once.
    :ivar progress: the texts that the handler told, in order.
    :param handler: an object with the methods create, update and delete.
    :param fields: of all requests: see ``request``.
    """

    def __init__(self, handler: handlers.Handler,
                 **fields: typing.Any) -> None:
        self.handler = handler
        self._fields = {'stack_id': str(uuid.uuid4()),
                        'project_id': uuid.uuid4().hex, **fields}
        self._state = lifecycle.State()
        #: What others have taken the place of, until it is deleted.
        self._replaced = []
        self.reply: replies.Reply | None = None
        self.requests: list[requests.Request] = []
        self.progress: list[str] = []

    @property
    def asked(self) -> list[str]:
        """The types of all requests, in order: list of str."""
        return [each.request_type for each in self.requests]

    @property
    def physical_id(self) -> str | None:
        """The id of the thing that is there; None if none is."""
        return self._state.current and self._state.current.physical_id

    @property
    def data(self) -> dict | None:
        """What the worker said of that thing: its attribute ``data``."""
        return self._state.current and self._state.current.data

    @property
    def left(self) -> list[str]:
        """The ids of all that the worker has made and not deleted."""
        return [each.physical_id for each in (
            self._state.current, self._state.candidate, *self._replaced)
            if each]

    def create(self, properties: dict,
               rolled_back: bool = False) -> replies.Reply:
        """Create the stack.

        :param rolled_back: whether something else in it fails then, so that
            the thing is deleted.
        :returns: the last reply.
        """
        return self._act(properties, None, rolled_back)

    def update(self, properties: dict,
               rolled_back: bool = False) -> replies.Reply:
        """Update the stack.

        :param rolled_back: whether something else in it fails then, so that
            the thing is to be as before.
        """
        before = self._state.current and self._state.current.properties
        return self._act(properties, before, rolled_back)

    def delete(self) -> replies.Reply:
        """Delete the stack, or the resource in it."""
        return self._act(None, None, False)

    def repeat(self) -> replies.Reply:
        """Have the last request come again, as if its reply had been lost.

        No store answers it: the handler has to.

        :returns: the reply, which is to be like the first one.
        """
        return self._call(self.requests[-1])

    def _act(self, goal, before, is_rolled_back):
        old = self._reach(goal)
        if is_rolled_back:
            if old is not None:
                # The new one does not take its place after all.
                self._state = self._state.but(
                    current=old, candidate=self._state.current)
            self._reach(before)
        elif old is not None:
            self._replaced.append(old)
        self._clean_up()
        return self.reply

    def _clean_up(self):
        for each in list(self._replaced):
            if self.reply.has_failed:
                return
            self._ask(lifecycle.Step(requests.RequestType.DELETE,
                                     each.physical_id, each.properties))
            if not self.reply.has_failed:
                self._replaced.remove(each)

    def _reach(self, goal):
        """Ask for step after step.

        :returns: the thing whose place another one has taken, or None.
        """
        while step := lifecycle.next_step(self._state, goal):
            if step == lifecycle.REPLACE:
                old = self._state.current
                self._state = self._state.but(
                    current=self._state.candidate, candidate=None)
                return old
            self._ask(step)
            if self.reply.has_failed:
                break
        return None

    def _ask(self, step):
        asked = request(
            step.request_type, step.properties,
            physical_id=step.physical_id,
            old_properties=lifecycle.old_properties(self._state, step),
            **self._fields)
        self.requests.append(asked)
        self._state = self._state.but(pending=lifecycle.Pending(
            asked.request_id, 'queue', step))
        self.reply = self._call(asked)
        self._state = lifecycle.after(self._state, self.reply)

    def _call(self, asked):
        for _death in range(MOST_DEATHS):
            with contextlib.suppress(WorkerDied):
                return call(self.handler, asked, self.progress.append)
        raise Hopeless(
            'The worker died %d times over the request %s (%s). A handler '
            'that dies once has to die no more when it is called again.' % (
                MOST_DEATHS, asked.request_id, asked.request_type))


def _now():
    return datetime.datetime.now(datetime.UTC)
