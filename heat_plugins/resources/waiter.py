# SPDX-License-Identifier: Apache-2.0
"""A resource whose actions wait for messages."""
import contextlib
import datetime

from heat.engine import resource
from oslo_db import exception as db_errors

from heat_plugins.engine import options
from heat_plugins.engine import parking
from heat_plugins.resources import parked
from heat_plugins.waiting import patience
from heat_plugins.waiting import progress
from heat_plugins.zaqar import errors


class Looking:
    """Mixed into a ``base.ZaqarResource`` class, before it."""

    def ways(self):
        """The ways to the queues, made anew: what ``go_on_by`` takes."""
        raise NotImplementedError

    def look(self, waiting):
        """Let what waits look once, with a new token if it needs one.

        :returns: whether it is over.
        """
        try:
            return waiting.poll()
        except errors.Unauthorized as error:
            self.outlive(error)
            waiting.go_on_by(*self.ways())
            return False


class Waiter(Looking, parked.Parked):
    """Mixed into a ``base.ZaqarResource`` class, before it.

    The handlers of its actions return what waits: an object with ``poll``,
    ``pause``, ``account``, ``go_on_by`` and ``sights``, such as
    ``heat_plugins.waiting.wait.Wait``. If nothing is there yet, the wait is
    parked: no thread holds it, and when something comes Heat checks the
    resource again, whose handlers go on from what is stored. While there is
    more to look at, it is not.
    """

    def patience(self, timeout, heartbeat):
        """The ``Patience`` of the wait that begins now, or goes on."""
        kept = self.parked()
        return patience.Patience(timeout, heartbeat, kept and kept.patience,
                                 gaps=parking.gaps(self))

    def moments(self):
        """When what waits, parked, is over: ISO texts in UTC, for a show."""
        kept = self.parked()
        if kept is None:
            return {}
        known = patience.Patience(
            self.properties['timeout'], self.properties['heartbeat'],
            kept.patience)
        moments = {'times_out': known.end}
        if known.due < known.end:
            moments['silent_until'] = known.due
        return {key: datetime.datetime.fromtimestamp(
                    moment, datetime.UTC).isoformat(timespec='seconds')
                for key, moment in moments.items()}

    def progress(self):
        """The ``Progress`` of the wait that begins now, or goes on."""
        kept = self.parked()
        return progress.Progress(self.report, options.get().progress_interval,
                                 kept and kept.progress)

    def step(self, waiting):
        """Let it look once.

        :returns: whether it is over.
        :raises heat_plugins.engine.interior.Leave: it is parked.
        :raises heat.engine.resource.PollDelay: it is not over, and the next
            look is worth while later than in a second.
        """
        moment = parking.moment()
        is_over = self.look(waiting)
        if not is_over:
            if waiting.patience.trouble:
                parking.put_off(self, waiting)
            elif not waiting.patience.is_deaf:
                parking.park(self, waiting, moment)
            if waiting.pause > 1:
                raise resource.PollDelay(waiting.pause)
        return is_over

    def put_off(self):
        # Without the database it holds its thread.
        with contextlib.suppress(db_errors.DBError):
            if self.is_resumed:
                parking.put_off_again(self, self.parked())

    def check_create_complete(self, waiting):
        return self.step(waiting)

    def handle_create_cancel(self, waiting):
        self._give_up(waiting)

    def check_update_complete(self, waiting):
        return self.step(waiting)

    def handle_update_cancel(self, waiting):
        self._give_up(waiting)

    def _give_up(self, waiting):
        if not self.is_parked:
            self.aborted(waiting.account())

    def give_up(self, reason, account):
        """Fail it while nobody has it locked.

        :param account: what had come, a line for people.
        :raises heat.common.exception.UpdateInProgress: somebody has.
        """
        self.state_set(self.action, self.FAILED, '%s aborted (%s; %s)' % (
            self.action, reason, account), lock=self.LOCK_RESPECT)
