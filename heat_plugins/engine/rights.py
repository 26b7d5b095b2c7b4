# SPDX-License-Identifier: Apache-2.0
"""By whose rights the queues of a project are looked at.

By those that Heat keeps for any of the stacks that wait there: one client,
whose token is renewed once for all of them.
"""
import threading

from heat_plugins.engine import client_plugin
from heat_plugins.engine import interior
from heat_plugins.zaqar import errors


class Rights:
    """A client for each project.

    :param stack_of: gives the id of the stack that waits under a key, or None
        when none does any more.
    """

    def __init__(self, stack_of):
        self._stack_of = stack_of
        self._lock = threading.Lock()
        self._known = {}

    def client(self, project, key, refused=None):
        """A client for a project.

        :param key: of who waits in that project. A client that is made now
            has the rights of its stack.
        :param refused: a client that was given before and may not look.
        :rtype: heat_plugins.zaqar.client.Client
        :raises heat_plugins.zaqar.errors.Unauthorized: the stack has gone.
        """
        with self._lock:
            known = self._known.get(project)
            if known is None or known is refused:
                known = self._known[project] = self._made(key)
            return known

    def _made(self, key):
        stack = self._stack_of(key)
        context = stack and interior.stored_context(stack)
        if context is None:
            raise errors.Unauthorized('the stack that waited has gone')
        return _client(context)


def get_ready(stack_id, queue):
    """Have a token by then when something comes for a stack.

    Zaqar remembers for some minutes that it is good, when it has seen it.

    :param queue: the name of a queue that the stack waits on.
    :raises Exception: of the database, of Keystone or of Zaqar.
    """
    context = interior.stored_context(stack_id)
    # Another wait of the stack may have got one already.
    if (context is not None and context.trust_id is not None and
            context.auth_plugin.auth_ref is None):
        _client(context).queue(queue).page()


def _client(context):
    return context.clients.client_plugin(client_plugin.NAME).client_for_looks()
