# SPDX-License-Identifier: Apache-2.0
"""The trusts that Zaqar makes for subscriptions, and never deletes.

Zaqar makes a trust before it stores the subscription that names it. When it
stops in between, the trust is nobody's. It ends when the subscription was to
end: soon, or at a time that tells whose it was. See
``subscriptions.first_ttl``.
"""
import contextlib
import datetime

from keystoneauth1 import exceptions
from oslo_log import log as logging
from oslo_utils import timeutils

from heat_plugins.zaqar import subscriptions

LOG = logging.getLogger(__name__)

# Key of the resource's data: since when a POST may have made a trust.
_SINCE = 'trusts_since'
# How wrong a clock may be, and how late Zaqar may answer a POST.
_EARLIER = datetime.timedelta(minutes=5)
_LATER = datetime.timedelta(hours=1)


def delete(resource, trust_id):
    """Delete a trust. Gone is fine.

    Keystone lets nobody do so but the user who gave it: the one who acts
    now, or the one who made the stack.
    """
    if trust_id is None:
        return
    for context in resource.context, resource.stack.stored_context():
        try:
            context.clients.client('keystone').delete_trust(trust_id)
            return
        except exceptions.Forbidden as error:
            refused = error
    LOG.warning('The trust %s of %s stays in Keystone until the user who '
                'gave it deletes it: %s', trust_id, resource, refused)


@contextlib.contextmanager
def noted(resource, stamp, subscribed, wanted):
    """Around POSTs that may make trusts, to find those that were cut off.

    :param wanted: the ``subscriptions.Wanted`` that are posted.
    """
    if not any(each.is_trusted for each in wanted):
        yield
        return
    delete_lost(resource, stamp, subscribed)
    resource.data_set(_SINCE, timeutils.utcnow(with_timezone=True)
                      .isoformat())
    yield
    resource.data_delete(_SINCE)


def delete_lost(resource, stamp, subscribed):
    """Delete the trusts of POSTs that were cut off.

    :param subscribed: the ``subscriptions.Subscriptions`` of the queue.
    """
    if _SINCE not in resource.data():
        return
    since = timeutils.parse_isotime(resource.data()[_SINCE])
    named = {each.trust_id for each in subscribed}
    ttl = datetime.timedelta(seconds=subscriptions.first_ttl(stamp))
    keystone = resource.context.clients.client('keystone').client
    for each in keystone.trusts.list(trustor_user=resource.context.user_id):
        if each.id in named or each.expires_at is None:
            continue
        made = timeutils.parse_isotime(each.expires_at) - ttl
        if since - _EARLIER <= made <= since + _LATER:
            LOG.info('The trust %s of %s was deleted: no subscription uses '
                     'it', each.id, resource)
            delete(resource, each.id)
    resource.data_delete(_SINCE)
