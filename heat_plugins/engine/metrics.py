# SPDX-License-Identifier: Apache-2.0
"""The figures of an engine, in a file for node_exporter.

Heat gives its engines no port to be asked at. Each process writes a file of
its own, ``heat-zaqar-PID.prom``, which goes with it.
"""
import collections
import contextlib
import os
import pathlib
import re
import time

from oslo_log import log as logging
import prometheus_client
from prometheus_client import core

from heat_plugins import figures
from heat_plugins.engine import options

LOG = logging.getLogger(__name__)

# Seconds between two writes.
_INTERVAL = 15
_NAME = 'heat-zaqar-%d.prom'
_OURS = re.compile(r'heat-zaqar-(\d+)\.prom')


class Waits:
    """What waits in this process, counted when it is asked for.

    :param parked: called for the waits: list of
        ``heat_plugins.engine.waits.Wait``.
    """

    def __init__(self, parked, clock=time.time):
        self._parked = parked
        self._clock = clock

    def collect(self):
        """For ``prometheus_client``."""
        waits = self._parked()
        number = core.GaugeMetricFamily(
            'heat_zaqar_waits', 'Resources that wait without a thread.',
            labels=['type', 'action'])
        for key, count in collections.Counter(
                (each.resource_type, each.action) for each in waits).items():
            number.add_metric(key, count)
        yield number
        began = [each.began for each in waits if each.began is not None]
        yield core.GaugeMetricFamily(
            'heat_zaqar_oldest_wait_seconds', 'Age of the oldest of them.',
            value=self._clock() - min(began) if began else 0)


class Files:
    """Writes the file of this process, if an option says where.

    :param parked: as for ``Waits``.
    """

    def __init__(self, parked, clock=time.monotonic):
        self._waits = Waits(parked)
        figures.REGISTRY.register(self._waits)
        self._clock = clock
        self._next = clock()
        self._has_failed = False

    def look(self):
        """Write it if the time has come.

        :returns: seconds until it is worth while to look again, or None.
        """
        folder = options.get().metrics_folder
        if not folder:
            return None
        if self._clock() >= self._next:
            self._next = self._clock() + _INTERVAL
            self._write(pathlib.Path(folder))
        return _INTERVAL

    def end(self):
        """Remove it: nothing waits here any more."""
        # It may be told more than once.
        with contextlib.suppress(KeyError):
            figures.REGISTRY.unregister(self._waits)
        folder = options.get().metrics_folder
        if folder:
            _file(pathlib.Path(folder)).unlink(missing_ok=True)

    def _write(self, folder):
        try:
            _remove_those_of_the_dead(folder)
            prometheus_client.write_to_textfile(str(_file(folder)),
                                                figures.REGISTRY)
        except OSError as error:
            if not self._has_failed:
                LOG.warning('The figures cannot be written: %s', error)
            self._has_failed = True
        else:
            self._has_failed = False


def _file(folder):
    return folder / (_NAME % os.getpid())


def _remove_those_of_the_dead(folder):
    for each in folder.iterdir():
        found = _OURS.fullmatch(each.name)
        if found and not os.path.exists('/proc/%s' % found[1]):
            each.unlink(missing_ok=True)
