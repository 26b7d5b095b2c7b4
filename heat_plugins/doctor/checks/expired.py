# SPDX-License-Identifier: Apache-2.0
"""Whether zaqar-gc runs, by what lies in the queues of the project."""
import itertools

from heat_plugins.doctor import finding
from heat_plugins.doctor.checks import messages
from heat_plugins.zaqar import errors

TITLE = 'Expired messages'
NEEDS = (messages,)
# Queues that are looked at.
_MOST = 100


def examine(patient):
    zaqar = patient.user.zaqar(retries=0)
    queues = list(itertools.islice(zaqar.queues()[0], _MOST))
    tried = 'expired messages in %d queues of this project' % len(queues)
    left = [each.name for each in queues
            if _has_expired(zaqar.queue(each.name))]
    if left:
        yield finding.note(
            tried, 'they are counted and in the way still in %s' %
            ', '.join(left),
            'run zaqar-gc, from cron or a timer: Zaqar does not do it by '
            'itself, and listings get slower with each expired message')
    else:
        yield finding.ok(tried, 'there are none')


def _has_expired(queue):
    """Whether messages are counted that are not there any more."""
    try:
        return queue.stats['total'] > 0 and not queue.page()
    except errors.ServerError:
        return True  # the oldest is not there, or its claim has ended
