# SPDX-License-Identifier: Apache-2.0
"""Looking after waits that no thread holds, for all resources of a process.

One thread looks at the clock, a few look at the queues, and a few others let
Heat check the resources for which something has come. Two engines may look
after one wait: Heat's lock of the resource lets only one of them go on with
it.
"""
from concurrent import futures
import dataclasses
import threading
import time

from oslo_log import log as logging

from heat_plugins.engine import interior
from heat_plugins.engine import options
from heat_plugins.engine import rights
from heat_plugins.engine import waits
from heat_plugins.waiting import bell
from heat_plugins.waiting import lookers
from heat_plugins.waiting import moments
from heat_plugins.waiting import schedule

LOG = logging.getLogger(__name__)

# Seconds between two looks at the clock.
_TICK = 0.2
# Seconds until a check is tried again that has failed.
_AGAIN = 10


class Supervisor:
    """Looks after the waits of one engine.

    :param engine: an ``interior.Engine``.
    """

    def __init__(self, engine, clock=time.time):
        self.engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        #: By the number of the resource, as the others that follow.
        self._waits = {}
        self._moments = moments.Moments()
        #: Numbers of those that are checked now, and of those to be again.
        self._checked = set()
        self._rung = set()
        settings = options.get()
        self.bell = bell.Bell(
            self.ring, rights.Rights(self._stack_of).client,
            schedule.Schedule(settings.longest_pause,
                              settings.rescan_interval))
        self._lookers = lookers.Lookers(self.bell, settings.look_threads)
        self._pool = futures.ThreadPoolExecutor(
            settings.wait_threads, 'heat-zaqar-wait')
        self._is_over = threading.Event()
        self._next_scan = 0
        self._thread = threading.Thread(target=self._run, daemon=True,
                                        name='heat-zaqar-waits')
        self._thread.start()

    def park(self, wait, sights, moment, project=None):
        """Look after a wait from now on.

        :param sights: as for ``bell.Bell.hang``.
        :param moment: of the bell, before they were looked at.
        :param project: the id of the project that the queues are in.
        """
        now = self._clock()
        with self._lock:
            self._waits[wait.resource_id] = wait
            self._moments.set(wait.resource_id, min(wait.due, wait.end))
        self.bell.hang(wait.resource_id, project, sights, moment,
                       now - wait.patience.get('last_turn', now))

    def ring(self, number):
        """Have a resource checked, now or when the check of it ends."""
        with self._lock:
            if number in self._checked:
                self._rung.add(number)
                return
            wait = self._waits.pop(number, None)
            if wait is None:
                return
            self._checked.add(number)
            self._moments.discard(number)
        self.bell.take_down(number)
        self._pool.submit(self._check, wait)

    def end(self):
        """Look after nothing any more: others take over what waits."""
        self._is_over.set()
        self._lookers.end()
        self._thread.join()
        self._pool.shutdown(cancel_futures=True)

    def _stack_of(self, number):
        wait = self._waits.get(number)
        return wait and wait.stack_id

    def _check(self, wait):
        number = wait.resource_id
        try:
            if self._clock() >= wait.end:
                self.engine.give_up(wait, 'Timed out')
            self.engine.check(wait)
        except Exception:
            LOG.exception('The check of a wait has failed; it is tried again '
                          'in %d seconds: %s', _AGAIN, wait)
            self.park(dataclasses.replace(
                wait, due=self._clock() + _AGAIN), {}, self.bell.moment())
        finally:
            with self._lock:
                self._checked.discard(number)
                is_rung = number in self._rung
                self._rung.discard(number)
            if is_rung:
                self.ring(number)

    def _run(self):
        while not self._is_over.wait(_TICK):
            try:
                self._tick()
            except Exception:
                LOG.exception('Looking after what waits failed; going on')

    def _tick(self):
        now = self._clock()
        while number := self._next_due(now):
            self.ring(number)
        if now >= self._next_scan:
            self._next_scan = now + options.get().takeover_interval
            self._pool.submit(self.scan)

    def _next_due(self, now):
        with self._lock:
            return self._moments.pop(now)

    def scan(self):
        """Take over the waits of engines that are dead."""
        alive = {}

        def is_alive(engine):
            if engine not in alive:
                alive[engine] = self.engine.is_alive(engine)
            return alive[engine]

        for found in waits.find_all():
            if found.locked_by is not None:
                if not is_alive(found.locked_by):
                    self._take_from(found)
            elif found.wait.traversal != found.traversal:
                if not found.is_wanted:
                    self.engine.give_up(found.wait, 'user triggered cancel')
            elif found.wait.engine == self.engine.id:
                self._look_after(found.wait)
            elif not is_alive(found.wait.engine):
                self._take_over(found.wait)

    def _take_from(self, found):
        """Unlock what an engine has died over, and go on with it."""
        if interior.unlock(found.wait.resource_id, found.locked_by):
            self._take_over(dataclasses.replace(
                found.wait, traversal=found.traversal))

    def _take_over(self, wait):
        LOG.info('Going on with a wait of the engine %s, which is gone: '
                 'resource %s of the stack %s', wait.engine, wait.resource_id,
                 wait.stack_id)
        self._look_after(waits.take_over(wait, self.engine.id))

    def _look_after(self, wait):
        """Have a wait checked, unless it is looked after."""
        with self._lock:
            if (wait.resource_id in self._waits or
                    wait.resource_id in self._checked):
                return
        self.park(wait, {}, self.bell.moment())
        self.ring(wait.resource_id)


_current = None


def arrange(is_known):
    """Have waits looked after once the engine of this process has started.

    :param is_known: whether this is a Heat that it was made for.
    """
    if not options.get().park_waits:
        return
    if is_known:
        interior.at_start(begin, end)
    else:
        LOG.warning('The option park_waits has no effect: it was not made for '
                    'this release of Heat. Each wait holds a thread.')


def begin(engine):
    """Look after waits in this process from now on."""
    global _current
    _current = Supervisor(engine)


def end():
    """Look after them no more."""
    global _current
    ending, _current = _current, None
    if ending is not None:
        ending.end()


def moment():
    """Before a look at queues: what came since then is new to ``park``."""
    return _current.bell.moment() if _current else 0


def park(rsrc, waiting, since):
    """Leave a resource that waits, if it can be left.

    :param rsrc: a ``heat_plugins.resources.waiter.Waiter``.
    :param waiting: what it waits by.
    :param since: the moment before that looked last.
    :raises interior.Leave: it is parked.
    """
    if _current is None or not interior.can_leave(rsrc):
        return
    wait = waits.Wait(
        rsrc.id, rsrc.replaces, rsrc.stack.id, rsrc.stack.current_traversal,
        rsrc.action, _current.engine.id, waiting.patience.due,
        time.time() + rsrc.stack.time_remaining(),
        waiting.patience.to_map(), waiting.progress.to_map())
    with rsrc.held(engine_id=None):
        rsrc.data_set(waits.KEY, wait.to_text())
    rsrc.is_parked = True
    _current.park(wait, waiting.sights(), since, rsrc.stack.tenant_id)
    raise interior.Leave
