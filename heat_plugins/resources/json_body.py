# SPDX-License-Identifier: Apache-2.0
"""The body of a message, as a template gives it: any JSON."""
import json

from heat.common.i18n import _

from heat_plugins.zaqar import limits


def problem(body):
    """What is wrong with a body, or None."""
    try:
        size = len(json.dumps(body, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        return _('is not JSON: %s.') % error
    if size > limits.POST_SIZE[1]:
        return _('%(size)d bytes as JSON, at most %(limit)d are allowed.') % {
            'size': size, 'limit': limits.POST_SIZE[1]}
    return None
