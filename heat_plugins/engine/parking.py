# SPDX-License-Identifier: Apache-2.0
"""Looking after waits that no thread holds, for all resources of a process.

One thread looks at the queues and the clock; a few others let Heat check the
resources for which something has come; one more looks for what other engines
have left behind. Should two engines believe that a wait is theirs, Heat's lock
of the resource lets only one of them go on with it.
"""
from concurrent import futures
import contextlib
import dataclasses
import math
import random
import threading
import time

from oslo_log import log as logging

from heat_plugins.engine import interior
from heat_plugins.engine import options
from heat_plugins.engine import overview
from heat_plugins.engine import search
from heat_plugins.engine import takeover
from heat_plugins.engine import waits
from heat_plugins.waiting import bell

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
        #: By the number of the resource: a wait, and the queues it hangs at.
        self._waits = {}
        self._queues = {}
        #: Numbers of those that are checked now, and of those to be again.
        self._checked = set()
        self._rung = set()
        self.bell = bell.Bell(self.ring)
        self._pool = futures.ThreadPoolExecutor(
            options.get().wait_threads, 'heat-zaqar-wait')
        self._is_over = threading.Event()
        self.search = search.Search(engine)
        self._takeover = takeover.Takeover(engine, self)
        self._log = overview.Log(self.parked)
        overview.report(self.parked, engine.id)
        for name, run in (('waits', self._run), ('takeover', self._scan)):
            threading.Thread(target=run, daemon=True,
                             name='heat-zaqar-%s' % name).start()

    def park(self, wait, lines, moment):
        """Look after a wait from now on.

        :param lines: queue → the reader that has read it
        :param moment: of the bell, before they were read
        """
        if self.is_ending:
            return
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
        self._take_down(number)
        self._submit(self._check, wait)

    def look_after(self, wait):
        """Have a wait checked, unless it is looked after."""
        with self._lock:
            if (wait.resource_id in self._waits or
                    wait.resource_id in self._checked):
                return
        self.park(wait, {}, self.bell.moment())
        self.ring(wait.resource_id)

    def drop(self, numbers):
        """Look after these waits no more: another engine does, or nobody."""
        for number in numbers:
            with self._lock:
                self._waits.pop(number, None)
            self._take_down(number)

    def parked(self):
        """What waits here: list of ``waits.Wait``."""
        return list(self._waits.values())

    @property
    def backlog(self):
        """How many checks are under way, or are to be."""
        return len(self._checked)

    @property
    def owner(self):
        """The id of the engine that looks after what is parked here now."""
        return waits.NOBODY if self.is_ending else self.engine.id

    @property
    def is_ending(self):
        """Whether nothing is looked after any more."""
        return self._is_over.is_set()

    def end(self):
        """Hand over what waits: other engines go on with it."""
        self._is_over.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        try:
            LOG.info('%d waits are handed over to other engines.',
                     waits.hand_over(self.engine.id))
        except Exception:  # of the database
            LOG.exception('Waits could not be handed over; other engines will '
                          'find out that this one has gone')

    def _take_down(self, number):
        for queue in self._queues.pop(number, ()):
            self.bell.take_down(number, queue)

    def _check(self, wait):
        number = wait.resource_id
        try:
            self._check_if_owned(wait)
        except Exception:
            LOG.exception('The check of a wait has failed; it is tried again '
                          'in %d seconds: %s', _AGAIN, wait)
            self._keep(dataclasses.replace(
                wait, due=self._clock() + _AGAIN))
        finally:
            with self._lock:
                self._checked.discard(number)
                is_rung = number in self._rung
                self._rung.discard(number)
            if is_rung:
                self.ring(number)

    def _check_if_owned(self, wait):
        if not waits.is_owned_by(self.engine.id, wait.resource_id):
            return
        if self._clock() >= wait.end:
            self.engine.give_up(wait, 'Timed out')
        if not self.engine.check(wait):
            # The stack does something else now, and will come to it.
            self._keep(dataclasses.replace(wait, due=math.inf, end=math.inf))

    def _keep(self, wait):
        """Keep a wait in sight, unless a check of Heat's has parked it anew.

        What is parked anew is newer, and hangs at the bell.
        """
        with self._lock:
            if not self.is_ending:
                self._waits.setdefault(wait.resource_id, wait)

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
        for number in due:
            self.ring(number)
        for queue in self.bell.due():
            self._submit(self.bell.look, queue)

    def _submit(self, *act):
        # The pool takes nothing any more, when all this ends.
        with contextlib.suppress(RuntimeError):
            self._pool.submit(*act)

    def _scan(self):
        # The engines of a cloud that start together look at different times.
        pause = random.uniform(0, options.get().takeover_interval)
        while not self._is_over.wait(pause):
            pause = self.scan()

    def scan(self):
        """Go on with what nobody looks after.

        :returns: seconds until the next look.
        """
        pause = options.get().takeover_interval
        for look in (self._takeover.look, self.search.look, self._log.look):
            try:
                pause = min(pause, look() or pause)
            except Exception:  # of the database, of RabbitMQ
                LOG.exception('The look for what other engines have left '
                              'behind failed; it is tried again')
        return pause


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
    """Look after them no more; what is parked from now on, others do."""
    if _current is not None:
        _current.end()


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
    lines = waiting.lines()
    wait = waits.Wait(
        rsrc.id, rsrc.replaces, rsrc.stack.id, rsrc.stack.current_traversal,
        rsrc.action, rsrc.type(), list(lines), waiting.patience.due,
        time.time() + rsrc.stack.time_remaining(),
        waiting.patience.to_map(), waiting.progress.to_map())
    with rsrc.held(engine_id=None):
        waits.store(rsrc, wait, _current.owner)
    rsrc.is_parked = True
    _current.park(wait, {(rsrc.stack.tenant_id, queue): reader
                         for queue, reader in lines.items()}, since)
    raise interior.Leave
