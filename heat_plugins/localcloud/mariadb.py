# SPDX-License-Identifier: Apache-2.0
"""MariaDB: where Heat and Keystone keep what they store in production."""
import dataclasses
import os
import pathlib
import pwd
import subprocess
import tempfile

from heat_plugins.localcloud import config
from heat_plugins.localcloud import deployment as deployments
from heat_plugins.localcloud import launch
from heat_plugins.localcloud import ports
from heat_plugins.localcloud import programs
from heat_plugins.localcloud import service

PROGRAM = programs.Program('mariadbd', package='mariadb-server-core')
USER = 'cloud'
DATABASES = ('heat', 'keystone')
# The scripts that make the server's own tables, in this order.
SYSTEM_TABLES = ('mysql_system_tables.sql', 'mysql_performance_tables.sql',
                 'mysql_system_tables_data.sql')


@dataclasses.dataclass(frozen=True)
class Database:
    """A database on the server, as ``database.Sqlite`` is one in a file.

    :param deployment: the :class:`~.deployment.Deployment`
    :param name: one of ``DATABASES``
    """

    deployment: deployments.Deployment
    name: str
    requires = ('mariadb',)

    @property
    def settings(self):
        """Settings of the section ``[database]``."""
        return {'connection': '%s/%s?charset=utf8mb3' % (
                    url(self.deployment), self.name),
                # Each thread of an engine may need a connection.
                'max_pool_size': 20, 'max_overflow': 200}


def url(deployment):
    """URL of the server, with user and password."""
    return 'mysql+pymysql://%s:%s@%s:%d' % (
        USER, deployment.secrets['mariadb'], ports.HOST,
        deployment.ports['mariadb'])


class MariaDB(service.Service):
    """MariaDB on the loopback, with one user for all databases."""

    name = 'mariadb'
    ports = ('mariadb',)
    packages = ('pymysql',)
    program = PROGRAM

    def version(self):
        return programs.version(
            [PROGRAM.which('mariadbd'), '--no-defaults', '--version'],
            self.environment())

    def command(self):
        return [str(PROGRAM.which('mariadbd')),
                '--defaults-file=%s' % self._config_file]

    def configure(self):
        config.write(self._config_file, {'mariadbd': {
            'datadir': self._data,
            # Below datadir: an absolute path may be too long for a socket.
            'socket': 'mariadb.sock',
            'pid-file': 'mariadb.pid',
            'bind-address': ports.HOST,
            'port': self.deployment.ports['mariadb'],
            'skip-name-resolve': 1,
            # It refuses to run as root unless it is told to.
            'user': pwd.getpwuid(os.geteuid()).pw_name,
            'lc-messages-dir': self._share,
            'character-sets-dir': self._share / 'charsets',
            'max-connections': 1000,
            # If the machine crashes, the last second may be lost.
            'innodb-flush-log-at-trx-commit': 2,
        }})
        if not self._data.exists():
            self._make_data()

    def probe(self):
        import pymysql
        try:
            with pymysql.connect(
                    host=ports.HOST, port=self.deployment.ports['mariadb'],
                    user=USER, password=self.deployment.secrets['mariadb'],
                    connect_timeout=5, read_timeout=5) as connection:
                connection.ping()
        except pymysql.MySQLError as error:
            raise ConnectionError('MariaDB: %s' % error) from error

    def base_url(self, port):
        return url(self.deployment)

    def _make_data(self):
        """Make the server's own tables, the databases and the user."""
        with tempfile.TemporaryDirectory(dir=self.directory) as work:
            data = pathlib.Path(work, 'data')
            data.mkdir()
            with self.log.open('ab') as log:
                done = subprocess.run(
                    launch.arguments([*self.command(), '--bootstrap',
                                      '--datadir=%s' % data]),
                    input=self._sql().encode(), stdout=log, stderr=log,
                    cwd=self.directory, env=self.process_environment())
            if done.returncode:
                raise self.failure('could not make its tables')
            data.rename(self._data)

    def _sql(self):
        tables = [(self._share / name).read_text() for name in SYSTEM_TABLES]
        return '\n'.join((
            'CREATE DATABASE mysql;',
            'USE mysql;',
            *tables,
            # Any user of this machine could log in as root.
            "DELETE FROM global_priv WHERE User = 'root';",
            'FLUSH PRIVILEGES;',
            "GRANT ALL ON *.* TO '%s'@'%s' IDENTIFIED BY '%s';" % (
                USER, ports.HOST, self.deployment.secrets['mariadb']),
            *('CREATE DATABASE %s CHARACTER SET utf8mb3;' % name
              for name in DATABASES)))

    @property
    def _data(self):
        return self.directory / 'data'

    @property
    def _config_file(self):
        return self.directory / 'mariadb.cnf'

    @property
    def _share(self):
        """The folder of the server's scripts, messages and character sets."""
        installed = PROGRAM.which('mariadbd').parents[1] / 'share'
        return next(
            installed / name for name in ('mariadb', 'mysql')
            if (installed / name / SYSTEM_TABLES[0]).exists())
