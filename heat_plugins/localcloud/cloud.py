# SPDX-License-Identifier: Apache-2.0
"""A cloud: its services together, from start to stop."""
from collections import abc
import contextlib
import dataclasses
import itertools
import os
import pathlib
import tempfile
import time

from heat_plugins.localcloud import deployment
from heat_plugins.localcloud import errors
from heat_plugins.localcloud import identity
from heat_plugins.localcloud import options as cloud_options
from heat_plugins.localcloud import ports
from heat_plugins.localcloud import service as service_base
from heat_plugins.localcloud import shape
from heat_plugins.localcloud import state

#: What takes a line of progress.
Report = abc.Callable[[str], object]
# Seconds between two looks at services that are not ready yet.
POLL = 0.05


class Cloud:
    """Keystone, Heat, Zaqar and Redis on the loopback.

    The object that starts a cloud runs it: the services end with
    :meth:`stop`, and with the thread that called :meth:`start`. Any other
    object on the same folder only tells about it.

    :param state_dir: folder of databases, settings and logs; a folder that
        was used before is used again
    :param options: an :class:`~heat_plugins.localcloud.options.Options`;
        by default those that the folder was used with before
    """

    def __init__(self, state_dir: str | os.PathLike, *,
                 options: cloud_options.Options | None = None) -> None:
        self._folder = state.Folder(state_dir)
        self._options = options
        self._services = []

    @classmethod
    @contextlib.contextmanager
    def ephemeral(cls, *, options: cloud_options.Options | None = None,
                  report: Report | None = None) -> abc.Iterator['Cloud']:
        """A running cloud in a folder that is removed at the end.

        ::

            with cloud.Cloud.ephemeral() as running:
                env = running.environment()

        :param options: as for the class
        :param report: as for :meth:`start`
        :raises ServiceFailed: when a service does not start
        """
        folder = tempfile.TemporaryDirectory(
            prefix='heat-zaqar-cloud-', ignore_cleanup_errors=True)
        with folder as directory, cls(
                directory, options=options).started(report) as running:
            try:
                yield running
            finally:
                # Nothing is kept, so nothing need come to a good end.
                running.kill()

    @contextlib.contextmanager
    def started(self, report: Report | None = None
                ) -> abc.Iterator['Cloud']:
        """The cloud, started; stopped at the end of the ``with`` block.

        :param report: as for :meth:`start`
        """
        self.start(report)
        try:
            yield self
        finally:
            self.stop()

    @property
    def directory(self) -> pathlib.Path:
        """The state folder, a :class:`pathlib.Path`."""
        return self._folder.path

    @property
    def is_running(self) -> bool:
        """Whether this object or another process runs the cloud."""
        return self._folder.holder() is not None

    @property
    def pid(self) -> int:
        """Id of the process that runs the cloud.

        :raises NotRunning: when none does
        """
        pid = self._folder.holder()
        if pid is None:
            raise self._not_running()
        return pid

    @property
    def services(self) -> dict[str, service_base.Service]:
        """The services of a running cloud, name -> Service.

        Each can be stopped, killed and started for itself.

        :raises NotRunning: when this object has not started the cloud
        """
        if not self._services:
            raise self._not_running()
        return {service.name: service for service in self._services}

    def start(self, report: Report | None = None) -> None:
        """Start all services and wait until each answers.

        :param report: callable that takes a line of progress
        :raises AlreadyRunning: when a cloud runs in the folder
        :raises OtherShape: when the folder's state is of another kind
        :raises ServiceFailed: when a service does not start; none is left
        :raises ServerMissing: when a program is not installed
        """
        report = report or _ignore
        self._folder.acquire()
        try:
            self._start(report)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop all services, in reverse; does nothing to a stopped cloud.

        Those that require the same come to their ends side by side.
        """
        try:
            with contextlib.ExitStack() as stack:
                for _same, services in itertools.groupby(
                        self._services, lambda service: service.requires):
                    services = list(services)
                    for service in services:
                        stack.callback(service.wait)
                    for service in services:
                        stack.callback(service.terminate)
        finally:
            self._services = []
            self._folder.release()

    def kill(self) -> None:
        """Kill all services; :meth:`stop` has nothing to wait for then."""
        for service in self._services:
            service.kill()

    def restart(self, name: str) -> None:
        """Stop a service, start it again, and wait until it answers.

        :raises ServiceFailed: when it does not start
        """
        service = self.services[name]
        service.stop()
        service.start()
        self._save()
        self._wait([service], _ignore)

    def check(self) -> None:
        """Look whether all services run still.

        :raises ServiceFailed: when one has ended
        """
        for service in self._services:
            service.check()

    def status(self) -> list[tuple]:
        """State of each service of a running cloud.

        :returns: list of tuples (name, URL, pid, version, state); state is
            ``'ready'`` or ``'no answer'``
        :raises NotRunning: when no cloud runs in the folder
        """
        current = self._running_state()
        return [
            (service.name, service.url, current.services.get(service.name),
             current.versions.get(service.name),
             'ready' if service.answers() else 'no answer')
            for service in shape.services(self._deployment(current))]

    @property
    def endpoints(self) -> dict[str, str]:
        """URLs of a running cloud, name -> URL, without any path.

        :raises NotRunning: when no cloud runs in the folder
        """
        shared = self._deployment(self._running_state())
        return {name: service.base_url(name)
                for service in shape.services(shared)
                for name in service.ports}

    def environment(self) -> dict[str, str]:
        """Variables ``OS_*`` of the ordinary user ``demo``.

        :returns: dict, for clients such as ``openstack``
        :raises NotRunning: when no cloud runs in the folder
        """
        return self._environment('demo', 'demo')

    def admin_environment(self) -> dict[str, str]:
        """Variables ``OS_*`` of the administrator, in project ``admin``.

        :raises NotRunning: when no cloud runs in the folder
        """
        return self._environment('admin', 'admin')

    def log(self, service: str) -> pathlib.Path:
        """Path of a service's log."""
        return self.directory / 'log' / (service + '.log')

    def access_log(self, api: str) -> pathlib.Path:
        """Path of an API's access log, for ``access_log.read``.

        :param api: ``'keystone'``, ``'heat'``, ``'heat-cfn'``, ``'zaqar'``,
            ``'zaqar-2'`` and so on
        """
        return deployment.access_log(self.directory, api)

    def _start(self, report):
        current = self._folder.load()
        current.options = self._chosen(current.options)
        current.secrets = {**state.new_secrets(), **current.secrets}
        planned = shape.services(self._deployment(current))
        for service in planned:
            service.install(report)
        current.ports = ports.choose(
            [name for service in planned for name in service.ports],
            current.ports)
        current.services = {}
        current.versions = {service.name: service.version()
                            for service in planned}
        self._folder.save(current)
        self._services = shape.services(self._deployment(current))
        identity.write(self._services)

        report('starting in %s' % self.directory)
        pending = []
        for service in self._services:
            required = [each for each in pending
                        if each.name in service.requires]
            self._wait(required, report)
            pending = [each for each in pending if each not in required]
            service.start()
            pending.append(service)
        self._save()
        self._wait(pending, report)

    def _chosen(self, kept):
        """The options of this start, given those of an earlier one."""
        before = cloud_options.Options.from_dict(kept)
        chosen = self._options or before
        differing = before.storing_otherwise(chosen)
        if kept and differing:
            raise errors.OtherShape(
                'The cloud in %s was made %s --%s, and its state can only be '
                'used that way. Give no options to start it as it was, or '
                'give another folder with --dir.' % (
                    self.directory,
                    'with' if getattr(before, differing[0]) else 'without',
                    differing[0].replace('_', '-')))
        return dataclasses.asdict(chosen)

    def _wait(self, services, report):
        pending = list(services)
        while pending:
            for service in list(pending):
                if service.ready():
                    pending.remove(service)
                    report('%s ready (%.1f s)'
                           % (service.name, service.elapsed))
            if pending:
                time.sleep(POLL)

    def _save(self):
        current = self._folder.load()
        current.services = {service.name: service.pid
                            for service in self._services}
        self._folder.save(current)

    def _deployment(self, current):
        return deployment.Deployment(
            self.directory, current.ports, current.secrets,
            cloud_options.Options.from_dict(current.options))

    def _running_state(self):
        if not self.is_running:
            raise self._not_running()
        return self._folder.load()

    def _not_running(self):
        return errors.NotRunning(
            'No cloud is running in %s. Start one with "heat-zaqar cloud '
            'up", or give its folder with --dir.' % self.directory)

    def _environment(self, user, project):
        shared = self._deployment(self._running_state())
        return {
            'OS_AUTH_TYPE': 'password',
            'OS_AUTH_URL': shared.auth_url,
            'OS_IDENTITY_API_VERSION': '3',
            'OS_PASSWORD': shared.password,
            'OS_PROJECT_DOMAIN_NAME': 'Default',
            'OS_PROJECT_NAME': project,
            'OS_REGION_NAME': deployment.REGION,
            'OS_USER_DOMAIN_NAME': 'Default',
            'OS_USERNAME': user,
        }


def _ignore(text):
    """Report nothing."""
