# SPDX-License-Identifier: Apache-2.0
"""What waits to be posted, in memory, and the thread that posts it.

Who puts something in is never held up. What does not fit is dropped, counted,
and told of in the log now and then.
"""
import collections
import json
import os
import threading
import time
import typing
import weakref

from oslo_log import log as logging

from heat_plugins.messages import texts
from heat_plugins.zaqar import limits

LOG = logging.getLogger(__name__)

# Messages of one post, and bytes that a message takes beside its body.
_BATCH, _AROUND = 20, 40
# Seconds until a post is tried again, each twice as long as the one before.
_FIRST_PAUSE, _LONGEST_PAUSE = 1, 30
# Seconds between two lines in the log about what was dropped.
_TOLD = 60
# Reasons in such a line, and characters of each.
_REASONS, _LINE = 5, 200
_FULL, _LARGE, _REFUSED = 'no room', 'too large', 'refused by Zaqar: %s'


class _Item(typing.NamedTuple):
    place: typing.Any
    body: typing.Any
    size: int


class Buffer:
    """Posts what is put into it, in order, from one thread of its own.

    A process that is forked off begins with an empty one: what waits stays
    with who has put it in.

    :param post: called with a place and a list of bodies; gives a list of
        the errors of those that are refused for good, and raises anything if
        they are to be posted again: as ``route.Route.post``.
    :param size: how many wait at most.
    :param drops_oldest: what is dropped when more would: the oldest, or else
        the new one.
    """

    def __init__(self, post, size, drops_oldest=False, clock=time.monotonic):
        self._post = post
        self._size = size
        self._drops_oldest = drops_oldest
        self._clock = clock
        self._reset()
        again = weakref.WeakMethod(self._reset)
        os.register_at_fork(after_in_child=lambda: (again() or _nothing)())

    def put(self, place, body):
        """Have a body posted soon, or dropped.

        :param place: where to; any value with ``==``.
        """
        size = len(json.dumps(body)) + _AROUND
        with self._changed:
            if size > limits.POST_SIZE[1]:
                self._drop(_LARGE)
                return
            # What is being posted may have to wait on.
            if len(self._items) + self._posted >= self._size:
                self._drop(_FULL)
                if not (self._drops_oldest and self._items):
                    return
                self._items.popleft()
            self._items.append(_Item(place, body, size))
            self._begin()
            self._changed.notify_all()

    def drain(self, seconds):
        """Wait until nothing waits any more, but not longer than that.

        :returns: how many wait still.
        """
        with self._changed:
            self._is_ending = True
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: not (self._items or self._posted), seconds)
            return len(self._items) + self._posted

    @property
    def dropped(self):
        """How many were dropped in all."""
        return self._dropped_in_all

    def _reset(self):
        self._items = collections.deque()
        self._changed = threading.Condition()
        self._thread = None
        #: How many are being posted.
        self._posted = 0
        self._is_ending = False
        self._dropped = collections.Counter()
        self._dropped_in_all = 0
        self._told = self._clock() - _TOLD

    def _begin(self):
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._run, daemon=True,
                name='heat-zaqar-notifications')
            self._thread.start()

    def _run(self):
        pause = _FIRST_PAUSE
        while True:
            batch = self._take()
            if self._try(batch):
                pause = _FIRST_PAUSE
                continue
            with self._changed:
                # Whoever drains it wants to know soon whether it works.
                self._changed.wait_for(lambda: self._is_ending, pause)
                if self._is_ending:
                    self._changed.wait(_FIRST_PAUSE)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _take(self):
        """Wait for what goes to one place; those that follow it, too."""
        with self._changed:
            self._posted = 0
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._items)
            batch, size = [], 0
            while (self._items and len(batch) < _BATCH and
                   self._items[0].place == (batch or self._items)[0].place and
                   size + self._items[0].size <= limits.POST_SIZE[1]):
                size += self._items[0].size
                batch.append(self._items.popleft())
            self._posted = len(batch)
            return batch

    def _try(self, batch):
        """Post a batch; if Zaqar is away it waits on.

        :returns: whether to go on with the next one.
        """
        try:
            refused = self._post(batch[0].place,
                                 [each.body for each in batch])
        except Exception as error:  # Zaqar's, Keystone's, or of the network
            return self._put_back(batch, error)
        with self._changed:
            for error in refused:
                self._drop(texts.line(_REFUSED % error, _LINE))
        self._tell()
        return True

    def _put_back(self, batch, error):
        with self._changed:
            self._items.extendleft(reversed(batch))
            self._posted = 0
        LOG.debug('Notifications wait, as Zaqar takes none: %s', error)
        self._tell()
        return False

    def _drop(self, why):
        self._dropped[why] += 1
        self._dropped_in_all += 1

    def _tell(self):
        with self._changed:
            if not self._dropped or self._clock() < self._told + _TOLD:
                return
            dropped, self._dropped = self._dropped, collections.Counter()
            self._told = self._clock()
        LOG.warning('Notifications were dropped: %s', '; '.join(texts.named([
            '%d: %s' % (count, why)
            for why, count in dropped.most_common()], _REASONS)))


def _nothing():
    """Instead of what has gone."""
