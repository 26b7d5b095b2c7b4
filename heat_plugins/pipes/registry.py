# SPDX-License-Identifier: Apache-2.0
"""Which pipes there are in a project, and a lane for each queue of theirs."""
import threading
import time

from oslo_log import log as logging

from heat_plugins.pipes import definition as definitions
from heat_plugins.pipes import delivering
from heat_plugins.pipes import lease
from heat_plugins.pipes import pipe as pipes
from heat_plugins.pipes import sorting
from heat_plugins.pipes.targets import making
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import listing
from heat_plugins.zaqar import uris

LOG = logging.getLogger(__name__)


class Registry:
    """Keeps the lanes as the pipes are.

    :param client: a ``heat_plugins.zaqar.client.Client``.
    :param heat: the ``keystoneauth1.adapter.Adapter`` of Heat.
    :param rounds: the ``rounds.Rounds`` of the lanes.
    """

    def __init__(self, client, heat, rounds, clock=time.monotonic):
        self._client = client
        self._heat = heat
        self._rounds = rounds
        self._clock = clock
        self._lock = threading.Lock()
        self._began = -1
        #: Name of the queue of each pipe → its metadata, when it was seen.
        self._metadata = {}
        #: Name of the queue of each pipe that can be served → its lane; and
        #: name of each source → its own.
        self._delivering = {}
        self._sorting = {}

    @property
    def sources(self):
        """The names of all queues that pipes read."""
        return list(self._sorting)

    def look(self, since):
        """Find out which pipes there are.

        :param since: a moment of the clock: a look that began after it will
            do.
        :raises heat_plugins.zaqar.errors.ZaqarError: any error.
        """
        with self._lock:
            if self._began > since:
                return
            began = self._clock()
            found = {name: metadata for name, metadata in listing.queues(
                         self._client, definitions.PREFIX).items()
                     if definitions.is_one(metadata)}
            self._began = began
            for name in self._metadata.keys() - found.keys():
                self._end(name)
            for name, metadata in found.items():
                if self._metadata.get(name) != metadata:
                    self._take(name, metadata)
            self._arrange()

    def _take(self, name, metadata):
        """Serve a pipe that is new, or that has changed."""
        self._metadata[name] = metadata
        try:
            pipe = pipes.Pipe(name, definitions.Definition.of(metadata))
            target = making.target(pipe.definition, self._client, self._heat)
        except Exception as error:  # whatever somebody has written there
            LOG.error('The pipe of the queue "%s" cannot be served, and no '
                      'message is taken from its source, "%s": %s', name,
                      definitions.source(metadata), error)
            lane = self._delivering.pop(name, None)
            if lane is not None:
                self._rounds.remove(lane, lambda: self._let_go(lane))
            return
        lane = self._delivering.get(name)
        if lane is None:
            lane = self._delivering[name] = delivering.Delivering(
                self._client.queue(name),
                lease.Lease(self._client.queue(lease.of_pipe(name))))
            lane.serve(pipe, target)
            self._rounds.add(lane)
        else:
            lane.serve(pipe, target)
        LOG.info('Serving the pipe %s, from "%s" to %s', pipe,
                 pipe.definition.source,
                 uris.redacted(pipe.definition.address))

    def _end(self, name):
        """A pipe has gone; what was posted to its queue since goes, too."""
        del self._metadata[name]
        lane = self._delivering.pop(name, None)
        LOG.info('The pipe of the queue "%s" has gone', name)
        if lane is not None:
            self._rounds.remove(lane, lambda: self._clear(name, lane))

    def _clear(self, name, lane):
        queue = self._client.queue(name)
        try:
            lane.lease.remove()
            if not definitions.is_one(queue.metadata()):
                queue.delete()
        except errors.NotFound:
            pass
        except errors.ZaqarError as error:
            LOG.warning('The queue "%s" of a pipe that has gone could not be '
                        'deleted: %s', name, error)

    def _arrange(self):
        """Give each source the pipes that read it.

        One of them that cannot be served would lose what is taken.
        """
        wanted, closed = {}, set()
        for name, metadata in self._metadata.items():
            source, lane = definitions.source(metadata), self._delivering.get(
                name)
            if lane is None:
                closed.add(source)
            else:
                wanted.setdefault(source, []).append(lane.pipe)
        for source in self._sorting.keys() - (wanted.keys() - closed):
            self._leave(source, source in closed)
        for source in wanted.keys() - closed:
            if source not in self._sorting:
                lane = self._sorting[source] = sorting.Sorting(
                    self._client.queue(source),
                    lease.Lease(self._client.queue(lease.of_source(source))),
                    self.look, self._rounds.hurry)
                self._rounds.add(lane)
            self._sorting[source].pipes = wanted[source]

    def _leave(self, source, is_closed):
        """Serve it no more; another program may, if it is only closed."""
        lane = self._sorting.pop(source)
        lane.pipes = []
        self._rounds.remove(
            lane, lambda: self._let_go(lane, is_removed=not is_closed))

    @staticmethod
    def _let_go(lane, is_removed=False):
        try:
            if is_removed:
                lane.lease.remove()
            else:
                lane.lease.give_back()
        except errors.ZaqarError as error:
            LOG.warning('The lease of %s is left to end by itself: %s', lane,
                        error)
