# SPDX-License-Identifier: Apache-2.0
"""Messages that come one after the other to one condition that is parked."""
import time

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud as clouds
from tests.bench import parked
from tests.bench import waiting

#: Messages in a second.
RATE = 50


def measure(count):
    """How often Heat checks the condition, and how long that takes.

    :returns: a map of what to the figure.
    """
    with clouds.Cloud.ephemeral(options=parked.DEFAULTS) as cloud:
        queue = clients.zaqar(cloud).queue('stream')
        queue.create({})
        stack = waiting.created(cloud, 'stream', {'condition': {
            'type': 'Zaqar::Workflow::WaitCondition',
            'properties': {'queue': queue.name, 'count': count}}})
        while not waiting.waiting(cloud, stack):
            time.sleep(0.5)
        time.sleep(3)
        before, spent = locks(cloud), waiting.cpu(cloud, 'heat')
        began = time.monotonic()
        for number in range(count):
            time.sleep(max(0, began + number / RATE - time.monotonic()))
            queue.post([{'body': {'id': str(number)}, 'ttl': 3600}])
        posted = time.monotonic()
        if stack.wait() != 'CREATE_COMPLETE':
            raise RuntimeError(stack.reason)
        return {'seconds to post them': posted - began,
                'seconds from the last to CREATE_COMPLETE':
                    time.monotonic() - posted,
                'writes of the row by the checks': locks(cloud) - before,
                'CPU seconds of heat': waiting.cpu(cloud, 'heat') - spent}


def locks(cloud):
    with parked.database(cloud) as rows:
        return rows.execute('SELECT MAX(atomic_key) FROM resource'
                            ).fetchone()[0]
