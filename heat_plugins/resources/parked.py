# SPDX-License-Identifier: Apache-2.0
"""Heat's life of a resource, when it has been left in the middle of an action.

Heat checks it again as if it had to be updated. Its own way through the action
is gone once more: the handlers begin from what is stored, and nothing is told
or written of what has been told and written before.
"""
from heat_plugins.engine import waits


class Parked:
    """Mixed into a Heat resource class, before it."""

    #: Whether this object has left the resource to others.
    is_parked = False
    # Whether it goes on with what another has begun.
    _is_resumed = False

    def parked(self):
        """The ``heat_plugins.engine.waits.Wait`` to go on with, or None."""
        text = self.data().get(waits.KEY)
        wait = text and waits.Wait.from_text(text)
        if wait and (wait.traversal, wait.action) == (
                self.stack.current_traversal, self.action):
            return wait
        return None

    def update_convergence(self, template_id, new_requires, engine_id, timeout,
                           new_stack, progress_callback=None):
        if self.state == (self.CREATE, self.IN_PROGRESS) and self.parked():
            self._is_resumed = True
            self.create_convergence(template_id, new_requires, engine_id,
                                    timeout, progress_callback)
        else:
            super().update_convergence(template_id, new_requires, engine_id,
                                       timeout, new_stack, progress_callback)

    def create(self):
        if self._is_resumed:
            # Heat would not begin otherwise.
            self.action, self.status = self.INIT, self.COMPLETE
        yield from super().create()

    def state_set(self, action, status, *args, **kwargs):
        if self.is_parked:
            return
        if self._is_resumed and status == self.IN_PROGRESS:
            self.action, self.status = action, status
        super().state_set(action, status, *args, **kwargs)
        if status != self.IN_PROGRESS:
            waits.forget(self)
