# SPDX-License-Identifier: Apache-2.0
"""The figures of an engine, in a file for node_exporter.

Heat gives its engines no port to be asked at. Each process writes a file of
its own, ``heat-zaqar-ENGINE_ID.prom``, which goes with it. Containers may
share the folder: the ids of processes are the same in several of them.
"""
import collections
import contextlib
import pathlib
import time

from oslo_log import log as logging
import prometheus_client
from prometheus_client import core

from heat_plugins import figures
from heat_plugins.engine import options

LOG = logging.getLogger(__name__)

# Seconds between two writes.
_INTERVAL = 15
# Seconds after which a file that nobody has written is one of the dead.
_DEAD = 20 * _INTERVAL
_NAME = 'heat-zaqar-%s.prom'


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

    :param engine_id: the id of the engine.
    :param parked: as for ``Waits``.
    """

    def __init__(self, engine_id, parked, clock=time.monotonic):
        self._name = _NAME % engine_id
        self._waits = Waits(parked)
        figures.REGISTRY.register(self._waits)
        self._clock = clock
        self._next = clock()
        self._has_failed = False
        self._is_over = False

    def look(self):
        """Write it if the time has come.

        :returns: seconds until it is worth while to look again, or None.
        """
        folder = options.get().metrics_folder
        if not folder or self._is_over:
            return None
        if self._clock() >= self._next:
            self._next = self._clock() + _INTERVAL
            self._write(pathlib.Path(folder))
        return _INTERVAL

    def end(self):
        """Remove it: nothing waits here any more."""
        if self._is_over:
            return
        self._is_over = True
        figures.REGISTRY.unregister(self._waits)
        folder = options.get().metrics_folder
        if folder:
            with contextlib.suppress(OSError):
                (pathlib.Path(folder) / self._name).unlink()

    def _write(self, folder):
        try:
            _remove_those_of_the_dead(folder)
            prometheus_client.write_to_textfile(str(folder / self._name),
                                                figures.REGISTRY)
        except OSError as error:
            if not self._has_failed:
                LOG.warning('The figures cannot be written: %s', error)
            self._has_failed = True
        else:
            self._has_failed = False


def _remove_those_of_the_dead(folder):
    # Those that were killed while they wrote have left a part of one.
    for each in folder.glob(_NAME % '*' + '*'):
        # Another process may have removed it in this moment.
        with contextlib.suppress(FileNotFoundError):
            if time.time() - each.stat().st_mtime > _DEAD:
                each.unlink()
