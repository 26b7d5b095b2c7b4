# SPDX-License-Identifier: Apache-2.0
"""Heat's life of a resource, when it has been left in the middle of an action.

Heat checks it again as if it had to be updated. Its own way through the action
is gone once more: the handlers begin from what is stored, and nothing is told
or written of what has been told and written before.
"""
import contextlib

from heat.common import exception
from oslo_db import exception as db_errors

from heat_plugins.engine import waits


class Parked:
    """Mixed into a Heat resource class, before it."""

    #: Whether this object has left the resource to others.
    is_parked = False
    #: Whether it goes on with what another has begun.
    is_resumed = False

    @property
    def is_waiting(self):
        """Whether it is in progress, and no thread holds it."""
        return self.status == self.IN_PROGRESS and waits.KEY in self.data()

    def parked(self):
        """The ``heat_plugins.engine.waits.Wait`` to go on with, or None."""
        if not self.is_waiting:
            return None
        wait = waits.Wait.from_text(self.data()[waits.KEY])
        is_same = (wait.traversal == self.stack.current_traversal or
                   self.stack.action == self.CHECK)
        return wait if is_same and wait.action == self.action else None

    def update_convergence(self, template_id, new_requires, engine_id, timeout,
                           new_stack, progress_callback=None):
        self.is_resumed = self.parked() is not None
        if self.is_resumed and self.action == self.CREATE:
            self.create_convergence(template_id, new_requires, engine_id,
                                    timeout, progress_callback)
        else:
            super().update_convergence(template_id, new_requires, engine_id,
                                       timeout, new_stack, progress_callback)

    def delete_convergence(self, *args, **kwargs):
        self.is_resumed = self.parked() is not None
        super().delete_convergence(*args, **kwargs)

    def check_convergence(self, engine_id, timeout, progress_callback=None):
        """As of Heat; what waits comes to its end before."""
        if self.is_waiting and self.action in (self.CREATE, self.UPDATE):
            template_id = (self.current_template_id
                           if self.action == self.CREATE else self.stack.t.id)
            self.update_convergence(template_id, self.requires, engine_id,
                                    timeout, self.stack, progress_callback)
        super().check_convergence(engine_id, timeout, progress_callback)

    def check(self):
        if self.is_waiting:
            # Heat 24 and 25 do not go by the above: they look at it while it
            # goes on, and would write that it is complete.
            raise exception.ResourceFailure(
                exception.UpdateInProgress(self.name), self, self.CHECK)
        yield from super().check()

    def create(self):
        if self.is_resumed:
            # Heat would not begin otherwise.
            self.action, self.status = self.INIT, self.COMPLETE
        yield from super().create()

    def state_set(self, action, status, *args, **kwargs):
        if self.is_parked:
            return
        if self.is_resumed and status == self.IN_PROGRESS:
            self.action, self.status = action, status
        super().state_set(action, status, *args, **kwargs)
        if status != self.IN_PROGRESS:
            self._forget_the_wait()

    @contextlib.contextmanager
    def lock(self, engine_id):
        """As of Heat, for which what waits is in progress as ever."""
        if self.is_waiting:
            raise exception.UpdateInProgress(self.name)
        with super().lock(engine_id):
            yield

    def prepare_abandon(self):
        """As of Heat; where it is adopted, nobody waits."""
        abandoned = super().prepare_abandon()
        return {**abandoned, 'resource_data': {
            key: value for key, value in abandoned['resource_data'].items()
            if key not in waits.KEYS}}

    def _break_if_required(self, action, hook):
        """As of Heat; who goes on has passed the hook before the action."""
        if not (self.is_resumed and hook.startswith('pre-')):
            yield from super()._break_if_required(action, hook)

    def _forget_the_wait(self):
        # Nobody goes by it any more; if it stays, it is tidied away.
        with contextlib.suppress(db_errors.DBError, exception.NotFound):
            waits.forget(self)
