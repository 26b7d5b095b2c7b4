# SPDX-License-Identifier: Apache-2.0
"""A resource is read again when it has changed before it could be locked.

A check of a resource that another check holds waits up to four seconds for
it, and then goes on by what it had read before: what the other has done is
done again, and written over (``Resource._action_recorder``, Heat 24 to 27).
"""
from heat.engine import resource
from heat.objects import resource as resource_objects


class Reread:
    """Mixed into a Heat resource class, before it."""

    # Of the row that was read: each change makes it another.
    _version = None
    # The status of a row that was read again.
    _found = None

    def _load_data(self, row):
        super()._load_data(row)
        self._version = row.atomic_key

    def state_set(self, action, status, reason='state changed',
                  lock=resource.Resource.LOCK_NONE):
        if (lock == resource.Resource.LOCK_ACQUIRE and
                self._atomic_key != self._version):
            self._read_again()
        super().state_set(action, status, reason, lock=lock)

    def action_handler_task(self, action, args=None, action_prefix=None):
        found, self._found = self._found, None
        if found is not None:
            self.properties = self.frozen_definition().properties(
                self.properties_schema, self.context)
        if found is not None and action == self.UPDATE:
            self._replace_what_failed(found)
            if self._is_updated(found):
                return
        yield from super().action_handler_task(action, args, action_prefix)

    def _read_again(self):
        requires, updated_time = self.requires, self.updated_time
        self._load_data(resource_objects.Resource.get_obj(
            self.context, self.id, refresh=True))
        self._found = self.status
        # What Heat sets before it locks the resource stays.
        self.requires |= requires
        self.updated_time = updated_time

    def _replace_what_failed(self, found):
        if found == self.FAILED and self.needs_replace_failed():
            raise resource.UpdateReplace(self.name)

    def _is_updated(self, found):
        """Whether another check has brought it to the wanted template."""
        return (found == self.COMPLETE and
                self.current_template_id == self.old_template_id)
