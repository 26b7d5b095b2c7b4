# SPDX-License-Identifier: Apache-2.0
"""A process that serves the pipes of a project, beside others."""
import threading
import time

from oslo_log import log as logging

from heat_plugins.pipes import lease
from heat_plugins.pipes import registry
from heat_plugins.pipes import rounds
from heat_plugins.waiting import door
from heat_plugins.waiting import doorbell
from heat_plugins.zaqar import errors

LOG = logging.getLogger(__name__)

# Seconds between two looks at which pipes there are; seconds after which a
# subscription of the doorbell is made anew.
_LOOK, _RENEWED = 5, 600
#: Queues that are worked on at once, unless somebody says otherwise.
THREADS = 8


class CannotServe(Exception):
    """The user may not see the pipes of the project."""


class Pipes:
    """Serves all pipes of a project.

    :param client: a ``heat_plugins.zaqar.client.Client``.
    :param heat: the ``keystoneauth1.adapter.Adapter`` of Heat, for signals.
    :param threads: how many queues are worked on at once.
    :param websocket: whether Zaqar is to push what comes to the sources:
        ``auto``, if the service catalog has an endpoint for that; ``on``,
        with a warning if it has none; or ``off``.
    """

    def __init__(self, client, heat, threads=THREADS, websocket='auto'):
        self._rounds = rounds.Rounds(threads)
        self._registry = registry.Registry(client, heat, self._rounds)
        self._doorbell = None if websocket == 'off' else doorbell.Doorbell(
            door.Door(client, is_expected=websocket == 'on'), self, _RENEWED)
        #: Names of the queues that the doorbell listens to.
        self._heard = set()
        self._stopping = threading.Event()

    def run(self):
        """Serve until ``stop``; what has been begun is finished.

        :raises CannotServe: Zaqar does not let it.
        """
        self._check()
        keeper = threading.Thread(target=self._keep, daemon=True,
                                  name='heat-zaqar-leases')
        keeper.start()
        self._rounds.begin()
        if self._doorbell is not None:
            self._doorbell.begin()
        while not self._stopping.is_set():
            self._look()
            self._stopping.wait(_LOOK)
        LOG.info('Stopping: what is being delivered is finished first')
        self._rounds.end()
        keeper.join()
        self._on_all_leases(lease.Lease.give_back)
        if self._doorbell is not None:
            self._doorbell.end()

    def stop(self):
        """Take no more; may be called by a handler of signals."""
        self._stopping.set()

    def _check(self):
        """Find out before anything is done whether it is of use."""
        try:
            self._registry.look(time.monotonic())
        except (errors.Unauthorized, errors.Forbidden,
                errors.NotOffered) as error:
            raise CannotServe(
                'The user may not list the queues of this project: %s' %
                error) from error
        except errors.ZaqarError:
            return  # it comes back

    def _look(self):
        try:
            self._registry.look(time.monotonic())
        except errors.ZaqarError as error:
            LOG.warning('Cannot see which pipes there are; trying again: %s',
                        error)
            return
        sources = set(self._registry.sources)
        if self._doorbell is not None:
            for each in sources - self._heard:
                self._doorbell.hang(each)
            for each in self._heard - sources:
                self._doorbell.take_down(each)
        self._heard = sources

    def _keep(self):
        while not self._stopping.wait(lease.RENEWED):
            self._on_all_leases(lease.Lease.renew)

    def _on_all_leases(self, action):
        for each in self._rounds.lanes:
            try:
                action(each.lease)
            except errors.ZaqarError as error:
                LOG.warning('The lease of %s: %s', each, error)

    # What the doorbell tells.

    def push_begins(self, queue):
        self._rounds.hurry(queue, is_pushed=True)

    def push(self, queue, _delay):
        self._rounds.hurry(queue)

    def push_ends(self, queue):
        self._rounds.hurry(queue, is_pushed=False)
