# SPDX-License-Identifier: Apache-2.0
"""Notifications of all services of a cloud, from its broker to Zaqar.

What the broker has is acknowledged when Zaqar has it; in between it may come
again, with the same ``message_id``.
"""
import collections
import threading

from oslo_log import log as logging
import oslo_messaging

from heat_plugins.messages import texts

LOG = logging.getLogger(__name__)

_PRIORITIES = ('audit', 'debug', 'info', 'warn', 'error', 'critical',
               'sample')
# Notifications that are taken at once; seconds that are waited for as many.
_BATCH, _WAIT = 20, 0.1
# Seconds until what Zaqar does not take is taken from the broker again.
_PAUSE = 2


class Relay:
    """Listens, as an endpoint of oslo.messaging's batches.

    :param route: a ``heat_plugins.notifications.route.Route``.
    """

    def __init__(self, route):
        self._route = route
        self._is_over = threading.Event()
        for priority in _PRIORITIES:
            setattr(self, priority, _taker(self, priority))

    def take(self, priority, batch):
        """Post a batch.

        :returns: of ``oslo_messaging.NotificationResult``.
        """
        groups = collections.defaultdict(list)
        for each in batch:
            found = self._found(priority, each)
            if found is not None:
                place, body = found
                groups[place].append(body)
        for place, bodies in groups.items():
            try:
                refused = self._route.post(place, bodies)
            except Exception as error:  # Keystone's, or of the network
                LOG.warning('Zaqar takes no notifications for %s; they are '
                            'posted again: %s', place, error)
                self._is_over.wait(_PAUSE)
                return oslo_messaging.NotificationResult.REQUEUE
            for error in refused:
                LOG.error('A notification for %s is dropped, as Zaqar refuses '
                          'it: %s', place, texts.line(str(error)))
        return oslo_messaging.NotificationResult.HANDLED

    def _found(self, priority, given):
        """As of ``Route.of``; what cannot be posted would come for ever."""
        try:
            return self._route.of(given['ctxt'], _message(priority, given))
        except Exception as error:  # of whatever a service may send
            LOG.error('The notification %s is dropped, as nothing can be made '
                      'of it: %s', given['metadata'].get('message_id'), error)
            return None

    def end(self):
        """Wait for nothing any more."""
        self._is_over.set()


def listener(conf, relay, exchanges, topics, pool):
    """A listener of oslo.messaging, not started yet.

    :param conf: with ``transport_url`` of the broker.
    :param exchanges: names of those on which services tell.
    :param topics: names of the topics of notifications.
    :param pool: the name of the pool: all who share it share the work, and
        nobody else loses anything by it.
    """
    return oslo_messaging.get_batch_notification_listener(
        oslo_messaging.get_notification_transport(conf),
        [oslo_messaging.Target(exchange=exchange, topic=topic)
         for exchange in exchanges for topic in topics],
        [relay], executor='threading', allow_requeue=True, pool=pool,
        batch_size=_BATCH, batch_timeout=_WAIT)


def _taker(relay, priority):
    def take(messages):
        return relay.take(priority, messages)
    return take


def _message(priority, given):
    """As a driver of notifications gets it."""
    return {'message_id': given['metadata'].get('message_id'),
            'timestamp': given['metadata'].get('timestamp'),
            'priority': priority.upper(),
            **{key: given[key] for key in ('publisher_id', 'event_type',
                                           'payload')}}
