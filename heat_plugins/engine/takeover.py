# SPDX-License-Identifier: Apache-2.0
"""Going on with what engines have left behind that died, or stopped.

Each engine looks for it now and then. It takes what it can work on, and the
rest is for the others; of two that want the same, one gets it.
"""
from concurrent import futures
import random
import time

from oslo_log import log as logging

from heat_plugins import figures
from heat_plugins.engine import locks
from heat_plugins.engine import options
from heat_plugins.engine import waits

LOG = logging.getLogger(__name__)

# How many other engines are asked in one look whether they live.
_ASKED = 8
# Seconds after which an engine is asked again that did not answer: it may
# have been busy. And seconds until more is taken over, if there is more.
_ASKED_AGAIN = 3
_SOON = 1
# Seconds that an engine is left alone whose locks were taken, as far as they
# are to be.
_LEFT = 120
# How much is taken over at a time, for each thread that works on it.
_PORTION = 5


class Takeover:
    """Takes over for one engine.

    :param engine: an ``interior.Engine``.
    :param supervisor: the ``parking.Supervisor`` of that engine.
    """

    def __init__(self, engine, supervisor, clock=time.monotonic):
        self._engine = engine
        self._supervisor = supervisor
        self._clock = clock
        #: Engines that did not answer → since when.
        self._silent = {}
        #: Engines of which there is nothing to take over → until when.
        self._left = {}

    def look(self):
        """Take over what there is.

        :returns: seconds until it is worth while to look again.
        """
        waits.tidy()
        owners = waits.owners()
        holders = locks.holders()
        self._reconcile(owners[self._engine.id])
        self._supervisor.give_up(
            waits.unwanted(self._engine.id, self._portion))
        dead, is_doubtful = self._judge({*owners, *self._of_interest(holders)})
        has_more = False
        for engine in (waits.NOBODY, *dead):
            has_more |= self._take_waits(engine, owners[engine])
        for engine in holders.intersection(dead):
            self._take_locks(engine)
        soon = (_SOON if has_more else _ASKED_AGAIN if is_doubtful
                else float('inf'))
        return min(soon, options.get().takeover_interval)

    def _reconcile(self, count):
        """See that this engine looks after its own waits, and no others.

        A check may have failed, or another engine may have taken over what it
        believed to be left.
        """
        parked = {each.resource_id for each in self._supervisor.parked()}
        if count == len(parked):
            return
        stored = waits.owned_by(self._engine.id)
        self._supervisor.drop(parked - stored)
        for wait in waits.load(stored - parked):
            self._supervisor.look_after(wait)

    def _of_interest(self, holders):
        now = self._clock()
        self._left = {each: until for each, until in self._left.items()
                      if until > now}
        return holders - set(self._left)

    def _judge(self, engines):
        """Which of these engines are dead, and whether others may be.

        One that does not answer is asked once more some seconds later. None
        is dead for an engine that hears nothing from itself.
        """
        others = sorted(engines - {self._engine.id, waits.NOBODY})
        asked = set(self._silent).intersection(others)
        rest = [each for each in others if each not in asked]
        asked |= set(random.sample(rest, min(_ASKED, len(rest))))
        silent = self._ask(asked)
        if silent and not self._engine.is_alive(self._engine.id):
            silent = []
        now = self._clock()
        self._silent = {each: self._silent.get(each, now) for each in silent}
        dead = [each for each, since in self._silent.items()
                if now - since >= _ASKED_AGAIN]
        return dead, len(dead) < len(self._silent)

    def _ask(self, engines):
        """Those that do not answer; each of them takes its time for that."""
        with futures.ThreadPoolExecutor(_ASKED) as pool:
            asked = {each: pool.submit(self._engine.is_alive, each)
                     for each in engines}
        return [each for each, answer in asked.items() if not answer.result()]

    def _take_waits(self, engine, count):
        """Take a portion of an engine's waits.

        :returns: whether there are more.
        """
        most = self._room
        if not count or not most:
            return bool(count)
        # Others take over as well: each begins somewhere else.
        skipped = random.randint(0, max(0, count - most))
        taken = waits.take(engine, self._engine.id, most, skipped)
        if taken:
            LOG.info('Going on with %d waits of %s', len(taken),
                     engine and 'the engine %s, which is gone' % engine or
                     'engines that have stopped')
        figures.TAKEN_OVER.inc(len(taken))
        for wait in waits.load(taken):
            self._supervisor.look_after(wait)
        return count > len(taken)

    def _take_locks(self, engine):
        found = locks.held_by(engine)
        known = {wait.resource_id: wait for wait in waits.load(
            lock.resource_id for lock in found)}
        is_tried_again = False
        for lock in found:
            try:
                self._take_lock(lock, known.get(lock.resource_id))
            except Exception:
                LOG.exception('What an engine died over could not be taken '
                              'over; it is tried again: %s', lock)
                is_tried_again = True
        if not is_tried_again:
            self._left[engine] = self._clock() + _LEFT

    def _take_lock(self, lock, wait):
        if (wait is not None and lock.is_wanted and
                wait.traversal == lock.traversal):
            if locks.release(lock, self._engine.id):
                LOG.info('Going on with a wait over which the engine %s has '
                         'died: %s', lock.engine, wait)
                self._supervisor.look_after(wait)
        elif self._supervisor.search.is_ours(lock.stack_id, lock.traversal):
            LOG.info('The engine %s has died over a resource, which is begun '
                     'again: %s', lock.engine, lock)
            if self._engine.fail(lock):
                self._supervisor.search.ask_again_for(lock)

    @property
    def _portion(self):
        return _PORTION * options.get().wait_threads

    @property
    def _room(self):
        return max(0, self._portion - self._supervisor.backlog)
