# SPDX-License-Identifier: Apache-2.0
"""Settings of services that post to Zaqar what they tell of themselves."""


def settings(deployment):
    """Settings for any service's file, section -> key -> value.

    They are posted to each owner's project, by Zaqar's key.
    """
    given = deployment.options.notifications
    if given is None:
        return {}
    return {
        'oslo_messaging_notifications': {'driver': 'zaqar'},
        'zaqar_notifications': {**posted_by_key(deployment), **given},
    }


def posted_by_key(deployment):
    """Settings by which notifications are posted to any project."""
    return {'signing_key': deployment.secrets['zaqar_signing'],
            'endpoint_override': deployment.url('zaqar')}
