# SPDX-License-Identifier: Apache-2.0
"""Looking after waits that no thread holds, for all resources of a process.

One thread looks at the clock, a few look at the queues, and a few others let
Heat check the resources for which something has come; one more looks for what
other engines have left behind. Should two engines believe that a wait is
theirs, Heat's lock of the resource lets only one of them go on with it.
"""
from concurrent import futures
import contextlib
import dataclasses
import functools
import math
import random
import threading
import time

from oslo_log import log as logging

from heat_plugins.engine import door
from heat_plugins.engine import interior
from heat_plugins.engine import metrics
from heat_plugins.engine import options
from heat_plugins.engine import overview
from heat_plugins.engine import rights
from heat_plugins.engine import search
from heat_plugins.engine import takeover
from heat_plugins.engine import waits
from heat_plugins.waiting import bell
from heat_plugins.waiting import doorbells
from heat_plugins.waiting import lookers
from heat_plugins.waiting import moments
from heat_plugins.waiting import schedule

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
        #: By the number of the resource, as the others that follow.
        self._waits = {}
        self._moments = moments.Moments()
        #: Numbers of those that are checked now, and of those to be again.
        self._checked = set()
        self._rung = set()
        #: By the number of a resource that is checked: for how many seconds
        #: nobody could look for it; None if nobody did.
        self._gaps = {}
        #: By the id of a stack that was stopped: the moment to look at it.
        self._stopped = {}
        settings = options.get()
        self._rights = rights.Rights(self._stack_of)
        self.bell = bell.Bell(
            self.ring, self._rights.client,
            schedule.Schedule(settings.longest_pause, settings.rescan_interval,
                              settings.safety_interval),
            doorbells.Silence if settings.websocket == 'off' else
            functools.partial(doorbells.Doorbells, self._door,
                              settings.safety_interval))
        self._lookers = lookers.Lookers(self.bell, settings.look_threads)
        self._pool = futures.ThreadPoolExecutor(
            settings.wait_threads, 'heat-zaqar-wait')
        self._is_over = threading.Event()
        self.search = search.Search(engine)
        self._takeover = takeover.Takeover(engine, self)
        self._log = overview.Log(self.parked)
        overview.report(self.parked, engine.id)
        self._files = metrics.Files(engine.id, self.parked)
        for name, run in (('waits', self._run), ('takeover', self._scan)):
            threading.Thread(target=run, daemon=True,
                             name='heat-zaqar-%s' % name).start()

    def park(self, wait, sights, moment, project=None):
        """Look after a wait from now on.

        :param sights: as for ``bell.Bell.hang``.
        :param moment: of the bell, before they were looked at.
        :param project: the id of the project that the queues are in.
        """
        if self.is_ending:
            return
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
        self._gaps[number] = self.bell.take_down(number)
        self._submit(self._check, wait)

    def get_ready(self, wait):
        """Have a token by then when something comes for a wait."""
        self._submit(self._get_ready, wait)

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
                self._moments.discard(number)
            self.bell.take_down(number)

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

    def gaps(self, number):
        """For how many seconds nobody could look for a resource, while it was
        parked; None if nobody did."""
        return self._gaps.get(number)

    def stopped(self, stack_id):
        """A stack waits no longer, unless another action of it follows."""
        with self._lock:
            self._stopped[stack_id] = self._clock() + _STOPPED

    def end(self):
        """Hand over what waits: other engines go on with it."""
        self._is_over.set()
        self._lookers.end()
        self._pool.shutdown(wait=False, cancel_futures=True)
        try:
            LOG.info('%d waits are handed over to other engines.',
                     waits.hand_over(self.engine.id))
        except Exception:  # of the database
            LOG.exception('Waits could not be handed over; other engines will '
                          'find out that this one has gone')
        self._files.end()

    def _door(self, project):
        return door.Door(project, self._rights, self.bell.someone_in,
                         options.get().websocket == 'on')

    def _stack_of(self, number):
        wait = self._waits.get(number)
        return wait and wait.stack_id

    @staticmethod
    def _get_ready(wait):
        try:
            rights.get_ready(wait.stack_id, wait.queues[0])
        except Exception as error:  # of the database, of Keystone, of Zaqar
            LOG.debug('There is no token yet for %s: %s', wait, error)

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
                self._gaps.pop(number, None)
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
            self._give_up_in(wait.stack_id)
            self._keep(self._after(wait))

    def _after(self, wait):
        """What to keep in sight when there was nothing to check for a wait.

        Its stack does something else now. It will come to the resource, or
        has come to it, and the resource waits anew.
        """
        for stored in waits.load([wait.resource_id]):
            if stored.traversal != wait.traversal:
                return dataclasses.replace(stored, due=self._clock())
        return dataclasses.replace(wait, due=math.inf, end=math.inf)

    def _keep(self, wait):
        """Keep a wait in sight, unless a check of Heat's has parked it anew.

        What is parked anew is newer, and hangs at the bell.
        """
        with self._lock:
            if not self.is_ending and wait.resource_id not in self._waits:
                self._waits[wait.resource_id] = wait
                self._moments.set(wait.resource_id, min(wait.due, wait.end))

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
        for stack in self._stopped_until(now):
            self._submit(self._give_up_in, stack)

    def _stopped_until(self, now):
        with self._lock:
            stopped = [stack for stack, moment in self._stopped.items()
                       if moment <= now]
            for stack in stopped:
                del self._stopped[stack]
        return stopped

    def _submit(self, *act):
        # The pool takes nothing any more, when all this ends.
        with contextlib.suppress(RuntimeError):
            self._pool.submit(*act)

    def _scan(self):
        # The engines of a cloud that start together look at different times.
        pause = random.uniform(0, options.get().takeover_interval)
        while not self._is_over.wait(pause):
            pause = self.scan()

    def _next_due(self, now):
        with self._lock:
            return self._moments.pop(now)

    def scan(self):
        """Go on with what nobody looks after.

        :returns: seconds until the next look.
        """
        pause = options.get().takeover_interval
        for look in (self._takeover.look, self.search.look, self._log.look,
                     self._files.look):
            try:
                pause = min(pause, look() or pause)
            except Exception:  # of the database, of RabbitMQ
                LOG.exception('The look for what other engines have left '
                              'behind failed; it is tried again')
        return pause

    def _give_up_in(self, stack_id):
        """Give up what waits in a stack that waits no longer."""
        self.give_up(waits.unwanted_in(stack_id))

    def give_up(self, unwanted):
        """Fail what nobody waits for any more: list of ``waits.Wait``."""
        for wait in unwanted:
            try:
                self.engine.give_up(wait)
            except Exception:  # of the database, of what loads the stack
                LOG.exception('A wait that is not wanted any more could not '
                              'be ended; it is tried again: %s', wait)


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
        interior.replace_once()
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
        _leave(rsrc, _wait(rsrc, waiting), waiting.sights(), since)


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
            wait, due=time.time() + _AGAIN,
            traversal=rsrc.stack.current_traversal, end=_end(rsrc)), {},
            moment())


def _can_leave(rsrc):
    return _current is not None and interior.can_leave(rsrc)


def _wait(rsrc, waiting):
    return waits.Wait(
        rsrc.id, rsrc.replaces, rsrc.stack.id, rsrc.stack.current_traversal,
        rsrc.action, rsrc.type(), list(waiting.sights()),
        waiting.patience.due, _end(rsrc), waiting.patience.to_map(),
        waiting.progress.to_map(), waiting.account())


def _end(rsrc):
    return time.time() + rsrc.stack.time_remaining() + _LATE


def _leave(rsrc, wait, sights, since):
    is_wanted = waits.is_wanted(wait)
    with rsrc.held(engine_id=None):
        waits.store(rsrc, wait, _current.owner)
    rsrc.is_parked = True
    if not rsrc.is_resumed:
        _current.get_ready(wait)
    _current.park(wait, sights, since, rsrc.stack.tenant_id)
    if not is_wanted:
        _current.stopped(wait.stack_id)
    raise interior.Leave
