# SPDX-License-Identifier: Apache-2.0
"""Trying again while Zaqar, Keystone or the database is away."""
from heat.common.i18n import _
from keystoneauth1 import exceptions as ksa_errors
from oslo_db import exception as db_errors
from oslo_log import log as logging

from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

#: Zaqar, Keystone and the database may come back from these.
PASSING = (*errors.PASSING, ksa_errors.ConnectionError,
           ksa_errors.DiscoveryFailure, ksa_errors.HttpServerError,
           db_errors.DBConnectionError, db_errors.DBDeadlock)
# Zaqar is there, and cannot do what it is asked to.
_BROKEN = 500
# Seconds between two tries: each time twice as long, up to the second.
_PAUSES = (1, 16)


class Trying:
    """Mixed into a Heat resource class, before it."""

    def action_handler_task(self, action, args=None, action_prefix=None):
        """As of Heat; goes on after a trouble that passes.

        Whatever the resources do for these actions can be done again.
        """
        if action not in (self.CREATE, self.UPDATE, self.DELETE):
            yield from super().action_handler_task(action, args,
                                                   action_prefix)
            return
        first, longest = _PAUSES
        pause = first
        while True:
            try:
                if pause != first:
                    self.make_sure_it_is_held()
                yield from super().action_handler_task(action, args,
                                                       action_prefix)
                return
            except PASSING as error:
                if getattr(error, 'code', None) == _BROKEN:
                    raise
                LOG.warning('%s failed and is tried again: %s', self, error)
                self.put_off()
                if pause == first:
                    self.report(_(
                        'trying again until it succeeds: %s') % error)
            yield pause
            pause = min(2 * pause, longest)

    def put_off(self):
        """Leave the thread, if somebody will try again; else do nothing."""
