# SPDX-License-Identifier: Apache-2.0
"""A message through a queue."""
import time

from heat_plugins.doctor import finding
from heat_plugins.doctor.checks import catalog
from heat_plugins.messages import notification

TITLE = 'Messages'
NEEDS = (catalog,)
#: The message of a check.
BODY = 'heat-zaqar doctor was here'
# Seconds until it should be there.
_PATIENCE = 10


def examine(patient):
    tried = 'a message through a queue'
    with patient.queue() as queue:
        began = time.monotonic()
        post(queue)
        if arrives(queue):
            yield finding.ok(tried, 'it was there after %.2f seconds' % (
                time.monotonic() - began))
        else:
            yield finding.failure(
                tried, 'it was not there after %d seconds' % _PATIENCE,
                'look at the log of Zaqar, and whether its message store is '
                'up and takes writes')


def post(queue):
    """Post the message of a check."""
    queue.post([{'body': BODY, 'ttl': 60}])


def arrives(queue, patience=_PATIENCE):
    """Whether the message of a check comes within so many seconds."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if any(notification.unwrap(each['body']) == BODY
               for each in queue.page()):
            return True
        time.sleep(0.1)
    return False
