# SPDX-License-Identifier: Apache-2.0
"""The trusts that Zaqar makes for subscriptions, and never deletes."""
from keystoneauth1 import exceptions
from oslo_log import log as logging

LOG = logging.getLogger(__name__)


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
