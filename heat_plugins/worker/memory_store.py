# SPDX-License-Identifier: Apache-2.0
"""A store for one process, which forgets when that ends."""
import dataclasses
import threading
import time

from heat_plugins.worker import store


@dataclasses.dataclass
class _Entry:
    holder: str
    until: float
    reply: dict | None = None


class MemoryStore(store.Store):
    """Keeps everything in memory; see ``heat_plugins.worker.store.Store``."""

    def __init__(self, clock=time.time):
        self._clock = clock
        self._lock = threading.Lock()
        self._entries = {}

    def begin(self, request_id, holder, seconds):
        with self._lock:
            self._forget_old()
            entry = self._entries.get(request_id)
            if entry is not None and entry.reply is not None:
                return entry.reply
            if entry is not None and entry.holder != holder:
                raise store.Busy(request_id)
            self._entries[request_id] = _Entry(holder,
                                               self._clock() + seconds)
            return None

    def renew(self, request_id, holder, seconds):
        with self._lock:
            entry = self._entries.get(request_id)
            if entry is not None and (entry.holder, entry.reply) == (
                    holder, None):
                entry.until = self._clock() + seconds

    def finish(self, request_id, holder, reply):
        with self._lock:
            self._entries[request_id] = _Entry(
                holder, self._clock() + store.KEPT, reply)

    def _forget_old(self):
        now = self._clock()
        self._entries = {key: each for key, each in self._entries.items()
                         if each.until > now}
