# SPDX-License-Identifier: Apache-2.0
"""The first step: each message of a source to the queues of its pipes."""
import time

from oslo_log import log as logging

from heat_plugins.messages import message
from heat_plugins.messages import texts
from heat_plugins.pipes import lane
from heat_plugins.pipes import posting
from heat_plugins.pipes import taken

LOG = logging.getLogger(__name__)


class Sorting(lane.Lane):
    """Works off a source.

    :ivar pipes: list of the ``pipe.Pipe`` that read it.
    :param look: called with a moment of the clock; since then ``pipes`` are
        those that there are.
    :param rush: called with the name of a queue that was posted to.
    """

    def __init__(self, queue, lease, look, rush, clock=time.monotonic):
        super().__init__(queue, lease, clock)
        self._look = look
        self._rush = rush
        #: Ids of those that are to be deleted, as they were passed on; and
        #: of those that stay, as some pipe cannot take them.
        self._passed, self._stuck = set(), set()
        self.pipes = []

    def _work(self):
        page = self._queue.page(marker=None, include_claimed=False)
        if page:
            # A pipe that was there before a message was posted gets it.
            self._look(self._clock())
        pipes = self.pipes
        if not (page and pipes and self.lease.is_held):
            return False
        messages = [taken.Message.of(message.Message.from_wire(
            each, self._queue.name)) for each in page
            if each['id'] not in self._passed | self._stuck]
        lost = set()
        for pipe in pipes:
            lost |= self._pass(pipe, messages)
        self._passed |= {each.id for each in messages} - lost
        done, self._stuck = self._passed, self._stuck | lost
        self._queue.delete_messages(*done)
        self._passed = set()
        return bool(done)

    def _pass(self, pipe, messages):
        """Post to a pipe what it takes.

        :returns: the ids of those that it could not be given.
        """
        wanted = [each for each in messages if pipe.takes(each)]
        if not wanted:
            return set()
        refused = posting.post(
            self._queue.client.queue(pipe.queue),
            [{'body': each.to_body()} for each in wanted])
        self._rush(pipe.queue)
        for index, error in refused.items():
            LOG.error('The message %s stays in the queue "%s", as the pipe '
                      '%s cannot take it: %s', wanted[index].id,
                      self._queue.name, pipe, texts.line(str(error)))
        return {wanted[index].id for index in refused}
