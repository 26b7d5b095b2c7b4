# SPDX-License-Identifier: Apache-2.0
"""What waits in this process, for operators: in the log and in a report.

``heat_plugins.engine.waits.figures`` has it for all engines.
"""
import collections
import datetime
import time

from oslo_log import log as logging
from oslo_reports import guru_meditation_report
from oslo_reports.models import with_default_views

from heat_plugins.engine import options

LOG = logging.getLogger(__name__)

_SECTION = 'Waits of the Zaqar resource types'
# How many queues are named in a line of the log, and in the report.
_IN_LINE, _IN_REPORT = 5, 100


class Log:
    """Says at intervals in the log what waits; nothing while nothing does.

    :param parked: called for the waits of this process.
    """

    def __init__(self, parked, clock=time.monotonic):
        self._parked = parked
        self._clock = clock
        self._next = clock()

    def look(self):
        """Say it if the time has come."""
        interval = options.get().wait_log_interval
        if not interval or self._clock() < self._next:
            return
        self._next = self._clock() + interval
        waits = self._parked()
        if waits:
            LOG.info('%d waits without a thread: %s', len(waits), '; '.join(
                '%s: %s' % each
                for each in figures(waits, _IN_LINE).items()))


def report(parked, engine):
    """Have a section of the guru meditation report of this process.

    :param parked: called for the waits of this process.
    :param engine: the id of its engine.
    """
    def section():
        waits = parked()
        return with_default_views.ModelWithDefaultViews({
            'engine': engine, 'waits': len(waits),
            **figures(waits, _IN_REPORT)})

    guru_meditation_report.TextGuruMeditation.register_section(
        _SECTION, section)


def figures(waits, most):
    """For what they wait, and since when: map of texts.

    :param waits: list of ``heat_plugins.engine.waits.Wait``.
    :param most: how many queues are named; those of most waits come first.
    """
    if not waits:
        return {}
    began = [each.began for each in waits if each.began is not None]
    found = {
        'types': _counted(each.resource_type for each in waits),
        'actions': _counted(each.action for each in waits),
        'queues': _counted((queue for each in waits for queue in each.queues),
                           most)}
    if began:
        found['since'] = datetime.datetime.fromtimestamp(
            min(began), datetime.UTC).isoformat(
                sep=' ', timespec='seconds')
    return found


def _counted(names, most=None):
    counted = collections.Counter(names)
    named = ['%s (%d)' % each for each in counted.most_common(most)]
    if len(counted) > len(named):
        named.append('and %d more' % (len(counted) - len(named)))
    return ', '.join(named)
