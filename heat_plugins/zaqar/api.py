# SPDX-License-Identifier: Apache-2.0
"""The operations of Zaqar's v2 API."""
from zaqarclient.queues.v2 import api


class V2(api.V2):
    """python-zaqarclient's, and the one it lacks."""

    schema = {
        **api.V2.schema,
        'subscription_confirm': {
            'ref': 'queues/{queue_name}/subscriptions/{subscription_id}'
                   '/confirm',
            'method': 'PUT',
        },
    }
