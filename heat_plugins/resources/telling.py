# SPDX-License-Identifier: Apache-2.0
"""What a resource tells: events, which it survives, and reasons that fit."""
import contextlib
import sys

from heat.common import exception
from heat.common.i18n import _
from oslo_log import log as logging

from heat_plugins.engine import threads
from heat_plugins.messages import texts

LOG = logging.getLogger(__name__)

#: Characters that Heat's database has for an event's reason or physical id.
SHORT = 255


class Telling:
    """Mixed into a Heat resource class, before it."""

    # The kinds of errors that an event has met.
    _told = frozenset()

    def report(self, line):
        """Tell of progress, by an event; nothing fails because of it."""
        line = texts.line(line, SHORT)
        try:
            self._add_event(self.action, self.status, line)
        # Heat's database, its threads or an event sink: no matter which, the
        # work goes on.
        except Exception as error:
            if type(error) not in self._told:
                self._told |= {type(error)}
                LOG.exception('An event of %s is lost, and perhaps others '
                              'like it: %s', self.name, line)

    def aborted(self, account):
        """Say what had come, when Heat gives a wait up: in handle_*_cancel.

        :param account: a line for people.
        """
        self.report(_('given up: %s') % account)
        # Heat makes the reason of the resource's state of this error.
        error = sys.exc_info()[1]
        error.args = ('; '.join(filter(None, [str(error), account])),)

    def state_set(self, action, status, reason='state changed', **kwargs):
        """As of Heat, with a reason that its database can hold.

        With another one the stack would stay in progress for ever.
        """
        super().state_set(action, status, texts.storable(reason), **kwargs)

    @contextlib.contextmanager
    def _action_recorder(self, *args, **kwargs):
        """As of Heat; of the failure, the stack's reason is made."""
        try:
            with super()._action_recorder(*args, **kwargs):
                yield
        except exception.ResourceFailure as failure:
            failure.message = texts.storable(failure.message)
            if isinstance(failure.exc, exception.StackValidationFailed):
                # Heat makes another failure of it
                failure.exc.error_message = texts.storable(
                    failure.exc.error_message)
            raise

    def _add_event(self, *args, **kwargs):
        threads.forget_finished(self.stack)
        super()._add_event(*args, **kwargs)
