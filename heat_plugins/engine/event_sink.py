# SPDX-License-Identifier: Apache-2.0
"""Heat's event sink ``zaqar-messaging``: a stack's events, to a queue.

In an environment::

    event_sinks:
      - type: zaqar-messaging
        target: QUEUE
        ttl: SECONDS             # default: message_ttl of the queue
        match: PATTERN           # default: every event
        envelope: cloudevents    # default: none
"""
import datetime
import re

from heat.common import exception
from heat.common.i18n import _
from oslo_log import log as logging
from oslo_utils import timeutils

from heat_plugins.engine import client_plugin
from heat_plugins.messages import envelopes
from heat_plugins.messages import patterns
from heat_plugins.zaqar import limits

LOG = logging.getLogger(__name__)


class EventSink:
    """Posts those of a stack's events that match.

    :param target: name of the queue.
    :param ttl: seconds that the messages live.
    :param match: an event pattern, on the event as Heat makes it:
        ``{timestamp, version, type, id, payload}``.
    :param envelope: ``none``, or ``cloudevents`` for the payload as the data
        of an event of CloudEvents 1.0.
    :raises heat.common.exception.StackValidationFailed: a setting that
        means nothing.
    """

    def __init__(self, target=None, ttl=None, match=None,
                 envelope=envelopes.NONE, **unknown):
        if unknown:
            raise _invalid(', '.join(sorted(unknown)), _(
                'unknown setting; use target, ttl, match and envelope.'))
        if not (isinstance(target, str) and
                re.fullmatch(limits.QUEUE_NAME, target)):
            raise _invalid('target', _(
                '"%s" is not a valid queue name: use 1 to 64 of the '
                'characters A-Z a-z 0-9 _ -.') % (target,))
        low, high = limits.MESSAGE_TTL
        if ttl is not None and not (type(ttl) is int and low <= ttl <= high):
            raise _invalid('ttl', _(
                '"%(ttl)s" is not a number of seconds from %(low)d to '
                '%(high)d.') % {'ttl': ttl, 'low': low, 'high': high})
        if envelope not in envelopes.ENVELOPES:
            raise _invalid('envelope', _(
                '"%(it)s" is not one of %(all)s.') % {
                    'it': envelope, 'all': ', '.join(envelopes.ENVELOPES)})
        self._target = target
        self._ttl = ttl
        self._envelope = envelope
        self._pattern = None if match is None else _compiled(match)

    def consume(self, context, event):
        """Heat's hook: take an event, a map; never raises."""
        try:
            if self._pattern is None or self._pattern.matches(event):
                self._post(context, event)
        # Heat would give the event to no other sink.
        except Exception:
            LOG.exception('The event %s could not be posted to the queue %s',
                          event.get('id'), self._target)

    def _post(self, context, event):
        client = context.clients.client_plugin(client_plugin.NAME).client()
        message = {'body': event if self._envelope == envelopes.NONE
                   else _cloudevent(event)}
        if self._ttl is not None:
            message['ttl'] = self._ttl
        client.queue(self._target).post([message])


def _cloudevent(event):
    payload = event['payload']
    # The stack's own events bear the stack's id.
    kind = ('stack' if payload['physical_resource_id'] == payload['stack_id']
            else 'resource')
    time = timeutils.parse_isotime(event['timestamp'])
    return envelopes.cloudevent(
        payload, id=event['id'],
        source='/stacks/%(stack_id)s/resources/%(resource_name)s' % payload,
        type='.'.join(['org.openstack.heat', kind,
                       payload['resource_action'].lower(),
                       payload['resource_status'].lower()]),
        time=time.replace(tzinfo=time.tzinfo or datetime.UTC),
        subject=payload['resource_name'])


def _compiled(match):
    try:
        return patterns.compile(match)
    except patterns.PatternError as error:
        raise _invalid('match', str(error)) from error


def _invalid(key, reason):
    return exception.StackValidationFailed(message=_(
        'The event sink zaqar-messaging: %(key)s: %(reason)s') % {
            'key': key, 'reason': reason})
