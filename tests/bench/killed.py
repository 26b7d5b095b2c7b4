# SPDX-License-Identifier: Apache-2.0
"""An engine that is killed, and started again: nobody types anything."""
import time

from heat_plugins.localcloud import cloud as clouds
from tests.bench import conditions
from tests.bench import parked

STACKS = 10
# Seconds after which what is not complete never will be.
_NEVER = 180


def measure():
    """Seconds from the start of the engine until all waits are complete.

    Their messages came while it was down.

    :returns: kind → seconds; infinity when they never are.
    """
    return {kind: _seconds(kind) for kind in conditions.KINDS}


def _seconds(kind):
    with clouds.Cloud.ephemeral(options=parked.DEFAULTS) as cloud:
        begun = [conditions.Waiting(cloud, kind, 1)
                 for _number in range(STACKS)]
        time.sleep(3)
        cloud.services['heat'].kill()
        for each in begun:
            each.post(1)
        cloud.restart('heat')
        began = time.monotonic()
        while any(each.stack.status != 'CREATE_COMPLETE' for each in begun):
            if time.monotonic() - began > _NEVER:
                return float('inf')
            time.sleep(0.2)
        return time.monotonic() - began
