# SPDX-License-Identifier: Apache-2.0
"""The database of a service: SQLite, or a database server."""
import sqlalchemy

from heat_plugins.localcloud.serve import sqlite


def migrate(conf, db_sync):
    """Make the tables, or bring them up to this release.

    :param conf: oslo.config object with the section ``[database]``
    :param db_sync: callable that takes the keyword ``engine``; it may open a
        second connection within a transaction of the first
    """
    engine = sqlalchemy.create_engine(conf.database.connection)
    if engine.name == sqlite.NAME:
        with sqlite.numbering_once():
            db_sync(engine=engine)
        sqlite.allow_readers(engine)
    else:
        db_sync(engine=engine)
    engine.dispose()


def prepare(conf, context_manager):
    """Let many threads use the database at a time.

    :param conf: as for :func:`migrate`
    :param context_manager: an oslo.db transaction context manager that was
        not used yet
    """
    url = sqlalchemy.make_url(conf.database.connection)
    if url.get_backend_name() == sqlite.NAME:
        sqlite.prepare(context_manager)
