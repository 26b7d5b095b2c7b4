# SPDX-License-Identifier: Apache-2.0
"""Replies of workers: read, held against the contract, sorted out."""
import time

from oslo_log import log as logging

from heat_plugins.custom import contract
from heat_plugins.custom import reply as replies
from heat_plugins.messages import tally
from heat_plugins.waiting import reader

LOG = logging.getLogger(__name__)


class Inbox:
    """The replies that come to a mailbox.

    :param mailbox: a ``heat_plugins.zaqar.mailbox.Mailbox``.
    :param rescan: as for ``heat_plugins.waiting.reader.Reader``.
    :raises heat_plugins.zaqar.errors.ZaqarError: any call may; see there.
    """

    def __init__(self, mailbox, rescan, clock=time.monotonic):
        self._mailbox = mailbox
        self.reader = reader.Reader(mailbox.queue, rescan, clock)
        self._taken = []
        self._broken = tally.Tally()

    def open(self):
        """Make the mailbox, unless it is there."""
        self._mailbox.open()

    def take(self, request_id):
        """The replies to a request that came since the last call, in order.

        All else that came is ignored.

        :rtype: list of heat_plugins.custom.reply.Reply
        :raises heat_plugins.zaqar.errors.NotFound: the mailbox is gone.
        """
        messages = self.reader.read()
        self._taken += messages
        before = self._broken.total
        found = [reply for reply in map(self._reply, messages)
                 if reply is not None]
        if self._broken.total > before:
            LOG.warning('%s: %s', self._mailbox.queue.name, self.ignored())
        awaited = [each for each in found if each.request_id == request_id]
        if len(awaited) < len(found):
            LOG.info('%s: ignored replies to requests that are not pending '
                     '(any more): %d', self._mailbox.queue.name,
                     len(found) - len(awaited))
        return awaited

    def ignored(self):
        """A line about replies that broke the contract; '' if none did."""
        total = self._broken.total
        if not total:
            return ''
        return '%s: %s' % ('1 reply was ignored' if total == 1 else
                           '%d replies were ignored' % total, self._broken)

    @property
    def has_taken(self):
        """Whether there is anything to be cleared."""
        return bool(self._taken)

    def clear(self):
        """Delete what was taken, once it has had its effect."""
        if self._taken:
            self.reader.delete(self._taken)
            self._taken = []

    def _reply(self, message):
        try:
            return replies.Reply.from_body(message.body)
        except contract.ContractError as error:
            self._broken.add(str(error))
            return None
