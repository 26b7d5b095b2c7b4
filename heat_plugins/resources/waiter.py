# SPDX-License-Identifier: Apache-2.0
"""A resource whose actions wait for messages."""
from heat.engine import resource

from heat_plugins.zaqar import errors


class Waiter:
    """Mixed into a ``base.ZaqarResource`` class, before it.

    The handlers of its actions return what waits: an object with ``poll``,
    ``pause``, ``account`` and ``go_on_by``, such as
    ``heat_plugins.waiting.wait.Wait``.
    """

    def ways(self):
        """The ways to the queues, made anew: what ``go_on_by`` takes."""
        raise NotImplementedError

    def step(self, waiting):
        """Let it look once.

        :returns: whether it is over.
        :raises heat.engine.resource.PollDelay: it is not, and the next look
            is worth while later than in a second.
        """
        try:
            is_over = waiting.poll()
        except errors.Unauthorized as error:
            self.outlive(error)
            waiting.go_on_by(*self.ways())
            return False
        if not is_over and waiting.pause > 1:
            raise resource.PollDelay(waiting.pause)
        return is_over

    def check_create_complete(self, waiting):
        return self.step(waiting)

    def handle_create_cancel(self, waiting):
        self.aborted(waiting.account())

    def check_update_complete(self, waiting):
        return self.step(waiting)

    def handle_update_cancel(self, waiting):
        self.aborted(waiting.account())
