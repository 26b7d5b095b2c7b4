# SPDX-License-Identifier: Apache-2.0
"""Where a service stores its data: in a file, or on a database server.

Each has ``settings``, those of the section ``[database]``, and ``requires``,
the names of the services that must be ready before it is used.
"""
import dataclasses
import pathlib


@dataclasses.dataclass(frozen=True)
class Sqlite:
    """A file of SQLite, for the processes of one service.

    :param path: path of the file
    """

    path: pathlib.Path
    requires = ()

    @property
    def settings(self):
        """Settings of the section ``[database]``.

        Reads go to a "slave" that is the same file: oslo.db then keeps an
        engine of their own for them, and only writers need to lock
        (``serve.sqlite``).
        """
        url = 'sqlite:///%s?timeout=30' % self.path
        return {'connection': url, 'slave_connection': url,
                # A crash of the machine may cost a local cloud its database.
                'sqlite_synchronous': False,
                'max_pool_size': 20, 'max_overflow': 200}
