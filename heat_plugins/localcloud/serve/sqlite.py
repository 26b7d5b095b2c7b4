# SPDX-License-Identifier: Apache-2.0
"""SQLite under many threads, as sound as a database server."""
import contextlib
import threading

import sqlalchemy

#: SQLAlchemy's name of it.
NAME = 'sqlite'
# Seconds a writer waits for its turn, before SQLite's own wait.
PATIENCE = 60


def allow_readers(engine):
    """Let readers of a database read while a writer writes."""
    with engine.connect() as connection:
        connection.exec_driver_sql('PRAGMA journal_mode = WAL')


@contextlib.contextmanager
def numbering_once():
    """Tables that are made meanwhile give no number to a second row.

    By itself SQLite gives that of the last row anew when it was deleted, and
    an engine that is at work on the old row yet would mistake the other.
    """
    listening = sqlalchemy.Table, 'before_create', _number_once
    sqlalchemy.event.listen(*listening)
    yield
    sqlalchemy.event.remove(*listening)


def _number_once(table, _connection, **_options):
    columns = list(table.primary_key)
    if len(columns) == 1 and isinstance(columns[0].type, sqlalchemy.Integer):
        table.dialect_options[NAME]['autoincrement'] = True


def prepare(context_manager):
    """Make oslo.db use SQLite as it would use MySQL.

    Transactions wait for each other instead of failing, and foreign keys
    hold.

    :param context_manager: an oslo.db transaction context manager that was
        not used yet, with a ``slave_connection`` for the readers
    """
    context_manager.configure(synchronous_reader=False, sqlite_fk=True)
    Writers().listen(context_manager.writer.get_engine())


class Writers:
    """Lets the writers of one process have their turns, one by one.

    A writer locks the database at its begin: oslo.db begins it as a reader,
    and SQLite refuses to turn a reader into a writer when another one wrote
    meanwhile. They queue here because SQLite serves those that wait for its
    lock in no order, so that one of many may wait for half a minute.
    """

    def __init__(self):
        self._turn = threading.Lock()

    def listen(self, engine):
        """Watch the transactions of an engine."""
        sqlalchemy.event.listen(engine, 'before_cursor_execute', self.begin,
                                retval=True)
        sqlalchemy.event.listen(engine, 'checkin', self.end)

    def begin(self, connection, cursor, statement, parameters, context,
              executemany):
        """Before any statement: a transaction begins with a turn."""
        if statement == 'BEGIN':
            statement = 'BEGIN IMMEDIATE'
            if self._turn.acquire(timeout=PATIENCE):
                connection.info['turn'] = self._turn
        return statement, parameters

    def end(self, dbapi_connection, record):
        """When a connection goes back to its pool, its turn is over."""
        turn = record.info.pop('turn', None)
        if turn is not None:
            turn.release()
