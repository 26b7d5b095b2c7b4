# SPDX-License-Identifier: Apache-2.0
"""What a page asks about one resource or queue, and answers to gates."""
from heat_plugins.messages import texts
from heat_plugins.stacks import conditions
from heat_plugins.stacks import custom_resources
from heat_plugins.stacks import explaining
from heat_plugins.stacks import gates
from heat_plugins.stacks import queues
from heat_plugins.stacks import stack as stacks
from heat_plugins.view import picture
from heat_plugins.zaqar import errors

_ERRORS = (*stacks.ERRORS, errors.ZaqarError)


class Refused(Exception):
    """Something that a page asks for cannot be; the text says why."""


class Detail:
    """Asks Heat and Zaqar about a stack when a page wants to know.

    :param user: a ``heat_plugins.zaqar.keystone.User``.
    :param name: of the stack, or its id.
    """

    def __init__(self, user, name):
        self._user = user
        self._name = name

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
            return queues.show(self._user.zaqar().queue(name))
        except _ERRORS as error:
            raise Refused(str(error)) from error

    def answer(self, name, queue, verdict, comment, key):
        """Answer to a gate, as ``heat_plugins.stacks.gates``.

        :raises Refused: that cannot be.
        """
        try:
            body = self._body(name, queue, verdict, comment, key)
            queue = self._user.zaqar().queue(queue)
            queue.metadata()  # a post would make it anew
            queue.post([{'body': body}])
        except _ERRORS as error:
            raise Refused(str(error)) from error

    def _stack(self):
        return stacks.Stack(self._user, self._name)

    def _who(self):
        return self._user.access().username

    def _resource(self, name):
        stack, zaqar = self._stack(), self._user.zaqar()
        [found] = explaining.explain(stack, zaqar, name)['resources']
        shown = {'name': name, 'type': found['type'],
                 'status': found['status'],
                 'kind': picture.kind(found['status']),
                 'reason': texts.line(found['reason'], texts.ACCOUNT),
                 'lines': explaining.told(found), 'match': {}, 'queues': [],
                 'answers': {}}
        if found['type'] == custom_resources.TYPE and found['wait']['queue']:
            shown['queues'] = [queues.show(zaqar.queue(
                found['wait']['queue']))]
        if found['type'] == conditions.TYPE:
            shown.update(self._condition(stack, zaqar, name))
        return shown

    def _condition(self, stack, zaqar, name):
        resource = _condition_of(stack, name)
        given = stack.properties(resource)
        judge = conditions.judge(given)
        names = gates.queues(given)
        return {
            'match': {key: given[key] for key in ('match', 'fail_on')
                      if given.get(key)},
            'queues': [queues.show(zaqar.queue(each), judge)
                       for each in names],
            'answers': {each: gates.answers(given, each, self._who())
                        for each in names if resource.is_in_progress}}

    def _body(self, name, queue, verdict, comment, key):
        """The message that is this answer."""
        stack = self._stack()
        resource = _condition_of(stack, name)
        if not resource.is_in_progress:
            raise Refused('%s is %s: it waits for no answer any more.' % (
                name, resource.status))
        given = stack.properties(resource)
        if queue not in gates.queues(given):
            raise Refused('%s does not wait on the queue %s.' % (name, queue))
        body = gates.answers(given, queue, self._who(), comment, key)[verdict]
        if body is None:
            raise Refused('Its patterns want a message that has to be '
                          'written by hand.')
        return body


def _condition_of(stack, name):
    for each in stack.resources():
        if each.name == name and each.type == conditions.TYPE:
            return each
    raise Refused('The stack has no condition "%s".' % name)
