# SPDX-License-Identifier: Apache-2.0
"""JSON as a template gives it, such as the body of a message."""
import json

from heat_plugins.zaqar import limits


def problem(body, limit=limits.POST_SIZE[1]):
    """What is wrong with a value, or None.

    :param limit: bytes that it may have as JSON.
    """
    try:
        json.dumps(body, allow_nan=False, ensure_ascii=False).encode()
        size = len(json.dumps(body))
    except (TypeError, ValueError, RecursionError) as error:
        return 'is not JSON: %s.' % error
    if size > limit:
        return '%d bytes as JSON, at most %d are allowed.' % (size, limit)
    return None
