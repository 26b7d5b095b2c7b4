# SPDX-License-Identifier: Apache-2.0
"""The driver ``zaqar`` of oslo.messaging's notifications.

It never holds up, blocks or breaks the service that it runs in.
"""
import atexit

from oslo_log import log as logging
from oslo_messaging.notify import notifier
from oslo_serialization import jsonutils

from heat_plugins.notifications import buffer
from heat_plugins.notifications import options
from heat_plugins.notifications import route

LOG = logging.getLogger(__name__)


class ZaqarDriver(notifier.Driver):
    """Posts the notifications of a service to Zaqar.

    A service has several notifiers; they share what is made here.
    """

    def __init__(self, conf, topics, transport):
        super().__init__(conf, topics, transport)
        self._posting = _posting(conf)

    def notify(self, ctxt, msg, priority, retry):
        if self._posting is not None:
            self._posting.take(ctxt, msg)


class Posting:
    """Puts notifications into a buffer.

    :param conf: of a service, with the section of ``options``.
    :raises ValueError: its values make no sense.
    """

    def __init__(self, conf):
        section = conf[options.GROUP]
        self._route = route.Route(conf)
        self.buffer = buffer.Buffer(
            self._route.post, section.buffer,
            section.when_full == options.DROP_OLDEST)
        self._has_failed = False
        atexit.register(self.buffer.drain, section.drain_timeout)

    def take(self, context, message):
        """Have a notification posted, if it is one to post."""
        try:
            found = self._route.of(context, jsonutils.to_primitive(message))
            if found is not None:
                self.buffer.put(*found)
        except Exception:  # none of the service's business
            if not self._has_failed:
                LOG.exception('A notification could not be posted to Zaqar; '
                              'others are not told of')
            self._has_failed = True


_made = {}


def _posting(conf):
    """The ``Posting`` of a configuration; None if that is wrong."""
    if id(conf) not in _made:
        try:
            options.register(conf)
            _made[id(conf)] = conf, Posting(conf)
        except Exception as error:  # a service must start all the same
            LOG.error('No notification is posted to Zaqar: the section '
                      '[%s] is wrong: %s', options.GROUP, error)
            _made[id(conf)] = conf, None
    return _made[id(conf)][1]
