# SPDX-License-Identifier: Apache-2.0
"""Notifications: subscriptions, topics and forwarding need them."""
from oslo_utils import uuidutils

from heat_plugins.doctor import finding
from heat_plugins.doctor.checks import messages
from heat_plugins.doctor.checks import signed_urls
from heat_plugins.messages import notification
from heat_plugins.zaqar import ownership
from heat_plugins.zaqar import subscriptions

TITLE = 'Notifications'
NEEDS = (signed_urls,)
_PATIENCE = 5
# Seconds that a subscription of this check lives, if it is not removed.
_TTL = 300


def examine(patient):
    tried = 'a subscription that posts to another queue'
    with patient.queue() as source, patient.queue() as target:
        subscribed = subscriptions.Subscriptions(source)
        made = subscribed.ensure(_wanted(target), ownership.Stamp(
            'doctor', 'doctor', source.name))
        messages.post(source)
        if messages.arrives(target, _PATIENCE):
            yield finding.ok(tried, 'it does so at once')
            return
        subscribed.confirm(made.id)
        messages.post(source)
        if messages.arrives(target, _PATIENCE):
            yield finding.note(
                tried, 'it does so when it was confirmed',
                'nothing for signals, forwarding and workflows, which are '
                'confirmed for their owners; a webhook has to answer')
        else:
            yield finding.failure(
                tried, 'it did not in %d seconds, nor when it was confirmed' %
                _PATIENCE,
                'zaqar.conf needs "notifier" in [storage] message_pipeline, '
                'and the hosts of Zaqar must reach its own endpoint')


def _wanted(target):
    signed = target.signed_url(paths=['messages'], methods=['POST'],
                               ttl_seconds=_TTL)
    return subscriptions.Wanted(
        target.href + '/messages', _TTL, {
            'post_headers': signed.headers(uuidutils.generate_uuid()),
            'post_data': notification.post_data({'messages': [
                {'body': notification.PLACEHOLDER}]})})
