# SPDX-License-Identifier: Apache-2.0
"""Replies of workers: read, held against the contract, sorted out."""
import time

from oslo_log import log as logging

from heat_plugins.custom import contract
from heat_plugins.custom import reply as replies
from heat_plugins.waiting import reader

LOG = logging.getLogger(__name__)


class Inbox:
    """The replies that come to a mailbox.

    :param mailbox: a ``heat_plugins.zaqar.mailbox.Mailbox``.
    :param rescan: as for ``heat_plugins.waiting.reader.Reader``.
    :param report: called with a line for people when a reply is none.
    :ivar last_ignored: why the last that was none is none; '' before.
    :raises heat_plugins.zaqar.errors.ZaqarError: any call may; see there.
    """

    def __init__(self, mailbox, rescan, report, clock=time.monotonic):
        self._mailbox = mailbox
        self._reader = reader.Reader(mailbox.queue, rescan, clock)
        self._report = report
        self._taken = []
        self.last_ignored = ''

    def open(self):
        """Make the mailbox, unless it is there."""
        self._mailbox.open()

    def take(self, request_id):
        """The replies to a request that came since the last call, in order.

        All else that came is ignored.

        :rtype: list of heat_plugins.custom.reply.Reply
        :raises heat_plugins.zaqar.errors.NotFound: the mailbox is gone.
        """
        messages = self._reader.read()
        self._taken += messages
        found = [self._reply(each) for each in messages]
        for each in found:
            if each is not None and each.request_id != request_id:
                LOG.info('A reply to the request %s is ignored, which is not '
                         'pending (any more)', each.request_id)
        return [each for each in found
                if each is not None and each.request_id == request_id]

    def clear(self):
        """Delete what was taken, once it has had its effect."""
        if self._taken:
            self._reader.delete(self._taken)
            self._taken = []

    def _reply(self, message):
        try:
            return replies.Reply.from_body(message.body)
        except contract.ContractError as error:
            LOG.warning('The message %s is no reply: %s', message.id, error)
            self.last_ignored = str(error)
            self._report('a reply is ignored: %s' % error)
            return None
