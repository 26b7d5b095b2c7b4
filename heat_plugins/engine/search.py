# SPDX-License-Identifier: Apache-2.0
"""Searching stacks in progress for work that is in nobody's hands.

A message between engines is lost when RabbitMQ is restarted, or when the
engine dies that has received it; and an engine may die between the end of a
resource and what follows from it. Heat's own stacks stay in progress then, for
ever. Here a node that nobody seems to have in hand is asked for again after a
while. That does no harm if somebody has it: Heat's lock lets one engine work
on it, and what is done already is not done again.
"""
import dataclasses
import random
import time
import uuid

from heat.common import config  # noqa: F401 - it registers the option below
from oslo_config import cfg
from oslo_log import log as logging

from heat_plugins.engine import interior
from heat_plugins.engine import traversals

LOG = logging.getLogger(__name__)

# How many stacks are looked at in one look, of those at rest and of others.
_STACKS = 50
# How many nodes of a stack are asked for again in one look.
_NODES = 20
# Seconds that a node may be in nobody's hands. The time doubles each time that
# it was asked for, so many times: an engine may have much to do.
_AFTER = 20
_DOUBLED = 5
# Seconds that a stack may take for its beginning. A delete first waits up to
# two minutes for engines to let go of the stack.
_BEGIN_AFTER = 60
_BEGIN_DELETE_AFTER = 180


@dataclasses.dataclass(frozen=True)
class _Seen:
    """What was seen in nobody's hands, and since when."""
    state: tuple
    since: float


class Search:
    """Searches for one engine.

    :param engine: an ``interior.Engine``.
    """

    def __init__(self, engine, clock=time.monotonic):
        self._engine = engine
        self._clock = clock
        # Each engine begins somewhere else.
        self._last = str(uuid.UUID(int=random.getrandbits(128)))
        #: (id of the stack, node, or None for the stack itself) → ``_Seen``
        self._seen = {}
        self._strange = set()

    def look(self):
        """Look at some stacks, and ask again for what was lost of them."""
        if not any(self._looks_at(action) for action in traversals.ACTIONS):
            return
        ids = {stack for stack, _node in self._seen}
        ids.update(traversals.at_rest(_STACKS), self._next())
        seen = {}
        for traversal in traversals.read(ids):
            if self._looks_at(traversal.action):
                seen.update(self._look_at(traversal))
        self._seen = seen

    def ask_again_for(self, lock):
        """Ask again for a resource that an engine has died over."""
        if not lock.is_wanted:
            return
        for traversal in traversals.read([lock.stack_id]):
            for node in traversal.unheld() if traversal.is_begun else ():
                if traversal.resource_of(node) == lock.resource_id:
                    self._engine.ask_again(traversal, node)

    def is_ours(self, stack_id, traversal_id):
        """Whether a stack is looked at: see ``interior.is_ours``."""
        key = stack_id, traversal_id
        if key in self._strange:
            return False
        is_ours = interior.is_ours(stack_id)
        if not is_ours:
            self._strange.add(key)
        return is_ours

    def _looks_at(self, action):
        """An abandoned stack looks like one that is deleted."""
        return action != 'DELETE' or not cfg.CONF.enable_stack_abandon

    def _next(self):
        ids = traversals.in_progress(self._last, _STACKS)
        self._last = ids[-1] if len(ids) == _STACKS else ''
        return ids

    def _look_at(self, traversal):
        """What is in nobody's hands, and is given time: as ``_seen``."""
        if not traversal.is_begun:
            is_late = traversal.age >= (
                _BEGIN_DELETE_AFTER if traversal.action == 'DELETE'
                else _BEGIN_AFTER)
            return self._consider(traversal, None, traversal.state,
                                  _AFTER) if is_late else {}
        found = {}
        for node in sorted(traversal.unheld(),
                           key=traversal.asked_again)[:_NODES]:
            asked = min(_DOUBLED, max(0, traversal.asked_again(node)))
            found.update(self._consider(
                traversal, node, traversal.state_of(node),
                _AFTER * 2 ** asked))
        return found

    def _consider(self, traversal, node, state, seconds):
        key = traversal.stack_id, node
        now = self._clock()
        seen = self._seen.get(key)
        if seen is None or seen.state != state:
            seen = _Seen(state, now)
        if now - seen.since < seconds:
            return {key: seen}
        if self.is_ours(traversal.stack_id, traversal.id):
            self._ask_again(traversal, node)
        return {}

    def _ask_again(self, traversal, node):
        try:
            if node is None:
                is_asked = self._engine.begin_again(traversal)
            else:
                is_asked = self._engine.ask_again(traversal, node)
        except Exception:  # Keystone's, of the database, of RabbitMQ
            LOG.exception('What was lost of a stack could not be asked for; '
                          'it is tried again: stack %s', traversal.stack_id)
            return
        if is_asked:
            LOG.info('Going on with the stack %s, of which something was '
                     'lost: %s', traversal.stack_id, node or 'its beginning')
