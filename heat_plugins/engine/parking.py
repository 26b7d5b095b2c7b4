# SPDX-License-Identifier: Apache-2.0
"""Looking after waits that no thread holds, for all resources of a process.

One thread looks at the queues and the clock; a few others let Heat check the
resources for which something has come. Two engines may look after one wait:
Heat's lock of the resource lets only one of them go on with it.
"""
from concurrent import futures
import dataclasses
import threading
import time

from oslo_log import log as logging

from heat_plugins.engine import interior
from heat_plugins.engine import options
from heat_plugins.engine import waits
from heat_plugins.waiting import bell

LOG = logging.getLogger(__name__)

# Seconds between two looks at the clock.
_TICK = 0.2
# Seconds until a check is tried again that has failed.
_AGAIN = 5
# Seconds after which a stack that was stopped acts anew, or not at all.
_STOPPED = 0.5
# Seconds by which Heat may think that a stack has more time left.
_LATE = 0.5


class Supervisor:
    """Looks after the waits of one engine.

    :param engine: an ``interior.Engine``.
    """

    def __init__(self, engine, clock=time.time):
        self.engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        #: By the number of the resource: a wait, and the queues it hangs at.
        self._waits = {}
        self._queues = {}
        #: Numbers of those that are checked now, and of those to be again.
        self._checked = set()
        self._rung = set()
        #: By the number of a resource that is checked: for how many seconds
        #: nobody could look for it; None if nobody did.
        self._gaps = {}
        #: By the id of a stack that was stopped: the moment to look at it.
        self._stopped = {}
        self.bell = bell.Bell(self.ring)
        self._pool = futures.ThreadPoolExecutor(
            options.get().wait_threads, 'heat-zaqar-wait')
        self._is_over = threading.Event()
        self._next_scan = 0
        self._thread = threading.Thread(target=self._run, daemon=True,
                                        name='heat-zaqar-waits')
        self._thread.start()

    def park(self, wait, lines, moment):
        """Look after a wait from now on.

        :param lines: queue → the reader that has read it
        :param moment: of the bell, before they were read
        """
        with self._lock:
            self._waits[wait.resource_id] = wait
            self._queues[wait.resource_id] = list(lines)
        for queue, reader in lines.items():
            self.bell.hang(wait.resource_id, queue, reader, moment)

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
        self._gaps[number] = self._take_down(number)
        self._pool.submit(self._check, wait)

    def gaps(self, number):
        """For how many seconds nobody could look for a resource, while it was
        parked; None if nobody did."""
        return self._gaps.get(number)

    def stopped(self, stack_id):
        """A stack waits no longer, unless another action of it follows."""
        with self._lock:
            self._stopped[stack_id] = self._clock() + _STOPPED

    def end(self):
        """Look after nothing any more: others take over what waits."""
        self._is_over.set()
        self._thread.join()
        self._pool.shutdown(cancel_futures=True)

    def _take_down(self, number):
        """Take it down everywhere; for how long nobody could look."""
        return max([self.bell.take_down(number, queue)
                    for queue in self._queues.pop(number, ())], default=None)

    def _check(self, wait):
        number = wait.resource_id
        try:
            if self._clock() >= wait.end:
                self.engine.give_up(wait, 'Timed out')
            if not self.engine.check(wait):
                self._give_up_in(wait.stack_id)
        except Exception:
            LOG.exception('The check of a wait has failed; it is tried again '
                          'in %d seconds: %s', _AGAIN, wait)
            self.park(dataclasses.replace(
                wait, due=self._clock() + _AGAIN), {}, self.bell.moment())
        finally:
            with self._lock:
                self._gaps.pop(number, None)
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
        with self._lock:
            due = [number for number, wait in self._waits.items()
                   if min(wait.due, wait.end) <= now]
            stopped = [stack for stack, moment in self._stopped.items()
                       if moment <= now]
            for stack in stopped:
                del self._stopped[stack]
        for number in due:
            self.ring(number)
        for stack in stopped:
            self._pool.submit(self._give_up_in, stack)
        for queue in self.bell.due():
            self._pool.submit(self.bell.look, queue)
        if now >= self._next_scan:
            self._next_scan = now + options.get().takeover_interval
            self._pool.submit(self.scan)

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
            elif not found.is_wanted:
                self.engine.give_up(found.wait)
            elif found.wait.traversal != found.traversal:
                continue  # its stack is about to act on it anew
            elif found.wait.engine == self.engine.id:
                self._look_after(found.wait)
            elif not is_alive(found.wait.engine):
                self._take_over(found.wait)

    def _give_up_in(self, stack_id):
        """Give up what waits in a stack that waits no longer."""
        for found in waits.find_in(stack_id):
            if found.locked_by is None and not found.is_wanted:
                self.engine.give_up(found.wait)

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
        interior.at_stop_of_stack(stopped)
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


def stopped(stack_id):
    """A stack waits no longer, unless another action of it follows."""
    if _current is not None:
        _current.stopped(stack_id)


def gaps(rsrc):
    """For how many seconds nobody could look, while a resource was parked.

    :returns: None if nobody did: its engine has gone.
    """
    return _current.gaps(rsrc.id) if _current else None


def moment():
    """Before a look at queues: what came since then is new to ``park``."""
    return _current.bell.moment() if _current else 0


def park(rsrc, waiting, since):
    """Leave a resource that waits, until something has come.

    Nothing is done where it cannot be left.

    :param rsrc: a ``heat_plugins.resources.waiter.Waiter``.
    :param waiting: what it waits by; it has looked at all there was.
    :param since: the moment before that looked last.
    :raises interior.Leave: it is parked.
    """
    if _can_leave(rsrc):
        _leave(rsrc, _wait(rsrc, waiting), {
            (rsrc.stack.tenant_id, queue): reader
            for queue, reader in waiting.lines().items()}, since)


def put_off(rsrc, waiting):
    """Leave a resource that could not look, and try again later.

    As ``park``.
    """
    if _can_leave(rsrc):
        put_off_again(rsrc, _wait(rsrc, waiting))


def put_off_again(rsrc, wait):
    """The same for one that did not come so far.

    :param wait: the ``waits.Wait`` that it was to go on with.
    """
    if _can_leave(rsrc):
        _leave(rsrc, dataclasses.replace(
            wait, engine=_current.engine.id, due=time.time() + _AGAIN,
            traversal=rsrc.stack.current_traversal, end=_end(rsrc)), {},
            moment())


def _can_leave(rsrc):
    return _current is not None and interior.can_leave(rsrc)


def _wait(rsrc, waiting):
    return waits.Wait(
        rsrc.id, rsrc.replaces, rsrc.stack.id, rsrc.stack.current_traversal,
        rsrc.action, _current.engine.id, waiting.patience.due,
        _end(rsrc), waiting.patience.to_map(), waiting.progress.to_map(),
        waiting.account())


def _end(rsrc):
    return time.time() + rsrc.stack.time_remaining() + _LATE


def _leave(rsrc, wait, lines, since):
    is_wanted = waits.is_wanted(wait)
    with rsrc.held(engine_id=None):
        rsrc.data_set(waits.KEY, wait.to_text())
    rsrc.is_parked = True
    _current.park(wait, lines, since)
    if not is_wanted:
        _current.stopped(wait.stack_id)
    raise interior.Leave
