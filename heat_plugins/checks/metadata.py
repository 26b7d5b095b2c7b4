# SPDX-License-Identifier: Apache-2.0
"""The metadata of a queue that a template gives."""
from heat_plugins.checks import json_value
from heat_plugins.zaqar import limits


def problem(own):
    """What is wrong with a map, or None."""
    reserved = [key for key in own if key.startswith('_')]
    if reserved:
        return 'keys that begin with "_" are reserved: %s.' % ', '.join(
            sorted(reserved))
    return json_value.problem(own, limits.METADATA_SIZE)
