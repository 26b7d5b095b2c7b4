# SPDX-License-Identifier: Apache-2.0
"""A store for one process, which forgets when that ends."""
from collections import abc
import dataclasses
import threading
import time

from heat_plugins.worker import store


@dataclasses.dataclass
class _Entry:
    """One request: held until then, or answered at that time."""
    holder: str
    until: float
    reply: dict | None = None


class MemoryStore(store.Store):
    """Keeps everything in memory; see ``heat_plugins.worker.store.Store``."""

    def __init__(self, clock: abc.Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._entries = {}

    def begin(self, request_id: str, holder: str,
              seconds: float) -> store.Known:
        with self._lock:
            self._forget_old()
            entry = self._entries.get(request_id)
            if entry is not None and entry.reply is not None:
                return store.Known(entry.reply)
            was_begun = entry is not None and entry.holder != holder
            if was_begun and entry.until > self._clock():
                raise store.Busy(request_id)
            self._entries[request_id] = _Entry(holder,
                                               self._clock() + seconds)
            return store.Known(was_begun=was_begun)

    def renew(self, request_id: str, holder: str, seconds: float) -> None:
        with self._lock:
            entry = self._entries.get(request_id)
            if entry is not None and (entry.holder, entry.reply) == (
                    holder, None):
                entry.until = self._clock() + seconds

    def finish(self, request_id: str, holder: str, reply: dict) -> None:
        with self._lock:
            self._entries[request_id] = _Entry(holder, self._clock(), reply)

    def _forget_old(self):
        oldest = self._clock() - store.KEPT
        self._entries = {key: each for key, each in self._entries.items()
                         if each.until > oldest}
