# SPDX-License-Identifier: Apache-2.0
"""A store for all workers of a machine, in a file."""
from collections import abc
import contextlib
import json
import os
import sqlite3
import time

from heat_plugins.worker import store

# Seconds to wait for another process that writes.
_TIMEOUT = 30


class SqliteStore(store.Store):
    """Keeps everything in a file; see ``heat_plugins.worker.store.Store``.

    :param path: the file, which is made if need be. Not on a network file
        system, where SQLite's locks do not hold. It holds the replies.
    """

    def __init__(self, path: str | os.PathLike,
                 clock: abc.Callable[[], float] = time.time) -> None:
        self._path = str(path)
        self._clock = clock
        with self._transaction() as rows:
            rows.execute('CREATE TABLE IF NOT EXISTS requests ('
                         'id TEXT PRIMARY KEY, holder TEXT NOT NULL, '
                         'until REAL NOT NULL, reply TEXT)')

    def begin(self, request_id: str, holder: str,
              seconds: float) -> store.Known:
        with self._transaction() as rows:
            rows.execute('DELETE FROM requests WHERE until <= ?',
                         (self._clock() - store.KEPT,))
            found = rows.execute(
                'SELECT holder, until, reply FROM requests WHERE id = ?',
                (request_id,)).fetchone()
            other, until, reply = found or (holder, 0, None)
            if reply is not None:
                return store.Known(json.loads(reply))
            if other != holder and until > self._clock():
                raise store.Busy(request_id)
            self._put(rows, request_id, holder, seconds)
            return store.Known(was_begun=other != holder)

    def renew(self, request_id: str, holder: str, seconds: float) -> None:
        with self._transaction() as rows:
            rows.execute('UPDATE requests SET until = ? WHERE id = ? AND '
                         'holder = ? AND reply IS NULL',
                         (self._clock() + seconds, request_id, holder))

    def finish(self, request_id: str, holder: str, reply: dict) -> None:
        with self._transaction() as rows:
            self._put(rows, request_id, holder, 0, json.dumps(reply))

    def _put(self, rows, request_id, holder, seconds, reply=None):
        # held until then, or answered at that time
        rows.execute('INSERT OR REPLACE INTO requests VALUES (?, ?, ?, ?)',
                     (request_id, holder, self._clock() + seconds, reply))

    @contextlib.contextmanager
    def _transaction(self):
        """A connection that has the file for itself: one for each thread."""
        with contextlib.closing(sqlite3.connect(
                self._path, timeout=_TIMEOUT, isolation_level=None)) as rows:
            rows.execute('BEGIN IMMEDIATE')
            with rows:
                yield rows
