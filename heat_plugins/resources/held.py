# SPDX-License-Identifier: Apache-2.0
"""A resource is written by the check that holds it, and by no other.

Heat lets an engine take a resource from another that does not answer. That one
may be at work still: cut off from RabbitMQ, or about to end. Without this it
would write over what the other has written, and remove messages that the
other has not seen.
"""
import contextlib

from heat.common import exception
from heat.db import api as db_api
from heat.db import models
from heat.objects import resource as resource_objects


class Held:
    """Mixed into a Heat resource class, before it."""

    @contextlib.contextmanager
    def held(self, **values):
        """A transaction that takes place only while this check holds it.

        :param values: columns of the resource's row to write in it.
        :raises heat.common.exception.UpdateInProgress: another check has
            taken the resource; Heat ends this one, and changes nothing.
        """
        # As each write of Heat's own, it makes the row another.
        key = (self._atomic_key or 0) + 1
        try:
            with db_api.context_manager.writer.using(self.context) as session:
                row = session.query(models.Resource).filter_by(
                    id=self.id, engine_id=self._calling_engine_id,
                    atomic_key=self._atomic_key)
                if not row.update({'atomic_key': key, **values}):
                    raise exception.UpdateInProgress(self.name)
                yield
        finally:
            # What was read in it may have been undone.
            self._data = None
        self._atomic_key = key

    def write(self, **values):
        """Write columns of the resource's row, while this check holds it.

        :raises heat.common.exception.UpdateInProgress: as for ``held``.
        """
        with self.held(**values):
            pass

    def make_sure_it_is_held(self):
        """After a trouble of the database, which may have hidden a success.

        :raises heat.common.exception.UpdateInProgress: as for ``held``.
        """
        row = resource_objects.Resource.get_obj(
            self.context, self.id, refresh=True,
            fields=('engine_id', 'atomic_key'))
        # Whoever takes it and gives it back writes twice.
        if (row.engine_id != self._calling_engine_id or
                (row.atomic_key or 0) - (self._atomic_key or 0)
                not in (0, 1)):
            raise exception.UpdateInProgress(self.name)
        self._atomic_key = row.atomic_key
