# SPDX-License-Identifier: Apache-2.0
"""A service: a child process with a start, a readiness and an end.

A service of one's own is a subclass that says its name, ports and command,
how to ask whether it is ready, and what it wants of Keystone. It takes a
line in ``shape``, which says what services a cloud has; nothing else changes.
"""
import contextlib
import http.client
from importlib import metadata
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
import urllib.parse

from heat_plugins.localcloud import errors
from heat_plugins.localcloud import launch

LOG_LINES = 20

# What a log says -> what to do about it.
ADVICE = (
    ('Address already in use',
     'Another program took a port just now: start the cloud again.'),
    ('ModuleNotFoundError',
     "A package is missing: pip install 'heat-zaqar-plugins[cloud]'."),
    ('No space left on device',
     'The disk is full: free some space, then start the cloud again.'),
    ('Unable to locate config file',
     'Heat is installed without its etc/heat: install openstack-heat with '
     'pip into this virtualenv.'),
    ('',
     'If the settings are sound, the kept state may be of another release: '
     'start the cloud in an empty folder, or remove this one.'),
)


class Service:
    """Base of all services.

    :param deployment: the :class:`~.deployment.Deployment` it belongs to
    """

    #: Name, unique in the cloud; also of its log.
    name = None
    #: Names of the ports it listens on, unique in the cloud.
    ports = ()
    #: Port -> scheme of its URL, where it is not http.
    schemes = {}
    #: Names of the services that must be ready before it starts.
    requires = ()
    #: Names of the APIs that write an access log.
    apis = ()
    #: Names of the packages its process imports.
    packages = ()
    #: The distribution that its program came with.
    distribution = None
    #: The extra of this package that brings them.
    extra = 'cloud'
    #: The :class:`~.programs.Program` it runs, if it is not one of Python.
    program = None
    #: Roles that Keystone shall have.
    roles = ()
    #: Seconds it may take to become ready, and to end.
    start_timeout = 120
    stop_timeout = 10

    def __init__(self, deployment):
        self.deployment = deployment
        self._process = None
        self._started = None

    # What a subclass says.

    def configure(self):
        """Write the configuration; called before each start."""

    def command(self):
        """The command line, a list of str."""
        raise NotImplementedError

    def probe(self):
        """Make one real request.

        :raises OSError: when there is no answer
        :raises http.client.HTTPException: when it is not a good one
        """
        raise NotImplementedError

    def environment(self):
        """Environment variables of its own, name -> value."""
        return self.program.place().environment() if self.program else {}

    def endpoints(self):
        """Its :class:`~.identity.Endpoint` values in the catalog."""
        return ()

    def users(self):
        """The :class:`~.identity.User` values it needs."""
        return ()

    def install(self, report):
        """See that all it needs is installed.

        :param report: callable that takes a line of progress
        :raises ServerMissing: when something is not, and cannot be fetched
        """
        for package in self.packages:
            if importlib.util.find_spec(package) is None:
                raise errors.ServerMissing(
                    'The package %s, which %s needs, is not installed: '
                    "pip install 'heat-zaqar-plugins[%s]'."
                    % (package, self.name, self.extra))
        if self.program:
            self.program.require(report)

    def version(self):
        """Version of the program it runs, a text."""
        return metadata.version(self.distribution)

    # What a subclass has.

    @property
    def url(self):
        """URL of its first port; empty when it listens on none."""
        return self.base_url(self.ports[0]) if self.ports else ''

    def base_url(self, port):
        """URL of the port of that name, without a path."""
        return self.deployment.url(port, scheme=self.schemes.get(port, 'http'))

    @property
    def directory(self):
        """Its own folder."""
        return self.deployment.directory / self.name

    @property
    def log(self):
        """Path of its log: what the process prints."""
        return self.deployment.directory / 'log' / (self.name + '.log')

    @property
    def pid(self):
        """Process id, or None."""
        return self._process.pid if self._process else None

    @property
    def elapsed(self):
        """Seconds since its start."""
        return time.monotonic() - self._started

    def start(self):
        """Start the process; :meth:`ready` tells when it serves."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        with self.log.open('ab') as log:
            self._log_start = log.tell()
            self.configure()
            self._process = subprocess.Popen(
                launch.arguments(self.command()), cwd=self.directory,
                env=self.process_environment(), stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT,
                # What it writes is for this user alone.
                umask=0o077,
                # Ctrl-C is for the user's command, not for the services.
                start_new_session=True)
        self._started = time.monotonic()

    def ready(self):
        """Whether it answers a real request.

        :raises ServiceFailed: when it has ended, or its time is up
        """
        self.check()
        if self.answers():
            return True
        if self.elapsed > self.start_timeout:
            raise self.failure('did not answer within %d s'
                               % self.start_timeout)
        return False

    def answers(self):
        """Whether one request is answered now, by whichever process."""
        try:
            self.probe()
        except (OSError, http.client.HTTPException):
            return False
        return True

    def check(self):
        """Look whether the process still runs, unless it was stopped.

        :raises ServiceFailed: when it has ended by itself
        """
        if self._process is not None and self._process.poll() is not None:
            raise self.failure('ended with status %d'
                               % self._process.returncode)

    def stop(self):
        """End the process; SIGKILL follows when it takes too long."""
        self.terminate()
        self.wait()

    def terminate(self):
        """Ask the process to end, if there is one."""
        if self._process is not None:
            self._process.terminate()

    def wait(self):
        """Wait for the end that :meth:`terminate` has asked for."""
        if self._process is None:
            return
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(self.stop_timeout)
        finally:
            self.kill()
            self._process = None

    def kill(self):
        """End the process and its children by SIGKILL, as a crash would."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def process_environment(self):
        """All environment variables of its process."""
        environment = {key: value for key, value in os.environ.items()
                       if not key.startswith('OS_')}
        environment.update(
            NO_PROXY='127.0.0.1', no_proxy='127.0.0.1',
            PYTHONUNBUFFERED='1', PYTHONWARNINGS='ignore',
            # stevedore's cache of entry points belongs to the state folder.
            XDG_CACHE_HOME=str(self.deployment.directory / 'cache'))
        environment.update((name, str(value)) for name, value
                           in self.environment().items())
        return environment

    def output(self):
        """What the process has printed since its start."""
        with self.log.open('rb') as log:
            log.seek(self._log_start)
            return log.read().decode(errors='replace')

    def failure(self, reason):
        """A :class:`~.errors.ServiceFailed` with what its log says.

        :param reason: what happened, such as ``'ended with status 1'``
        """
        text = self.output()
        tail = '\n'.join(text.splitlines()[-LOG_LINES:])
        advice = next(advice for cause, advice in ADVICE if cause in text)
        return errors.ServiceFailed(
            self.name, reason, tail,
            '%s\nThe whole log: %s (a folder given with --dir is kept).'
            % (advice, self.log))


def python_module(name, *arguments):
    """Command line that runs a module with this interpreter."""
    # -P: the folder it runs in holds names such as "heat", not modules.
    return [sys.executable, '-P', '-m', name, *map(str, arguments)]


def request(url, method='GET', body=None, headers=None):
    """One request, without proxies.

    :param body: what to send as JSON, or None
    :param headers: further headers, a dict
    :returns: headers of the answer
    :raises OSError: when there is no answer
    :raises http.client.HTTPException: when the answer is an error
    """
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    try:
        connection.request(
            method, parts.path, body and json.dumps(body), {
                'User-Agent': 'heat-zaqar-cloud',
                'Accept': 'application/json',
                'Content-Type': 'application/json', **(headers or {})})
        answer = connection.getresponse()
    finally:
        connection.close()
    if answer.status >= 400:
        raise http.client.HTTPException(
            '%s answered %d' % (url, answer.status))
    return answer.headers
