# SPDX-License-Identifier: Apache-2.0
"""Run a cloud until it is told to end, here or in the background.

    python -m heat_plugins.localcloud.supervisor FOLDER [OPTIONS]

is the process that ``detach`` leaves: it reports on stderr until the cloud is
ready, and writes to ``log/cloud.log`` from then on.
"""
import os
import signal
import subprocess
import sys
import time

from heat_plugins.localcloud import cloud
from heat_plugins.localcloud import errors
from heat_plugins.localcloud import options as cloud_options
from heat_plugins.localcloud import service
from heat_plugins.localcloud import signals

# Seconds between two looks at the services, and at a cloud that is to end.
POLL = 0.5
# Seconds a cloud may take to end; each service has 10 before it is killed.
DOWN_TIMEOUT = 60


def supervise(running, report, when_ready):
    """Start a cloud, watch it until a signal comes, and stop it.

    :param running: a :class:`~heat_plugins.localcloud.cloud.Cloud`
    :param report: callable that takes a line of progress
    :param when_ready: callable without arguments
    :raises ServiceFailed: when a service does not start, or ends
    """
    with signals.unwinding(), running.started(report):
        when_ready()
        try:
            watch(running)
        except (KeyboardInterrupt, SystemExit):
            report('stopping')


def watch(running):
    """Watch the services of a cloud for ever.

    :raises ServiceFailed: when one ends
    """
    while True:
        running.check()
        time.sleep(POLL)


def detach(directory, report, options=None):
    """Start a cloud in a process of its own, and wait until it is ready.

    :param directory: the state folder
    :param report: callable that takes a line of progress
    :param options: as for the :class:`~heat_plugins.localcloud.cloud.Cloud`
    :returns: whether it is ready; if not, the report has told why
    """
    given = [options.to_json()] if options else []
    process = subprocess.Popen(
        service.python_module(__name__, directory, *given),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        # The pipe ends when the cloud is ready, or with its process.
        with process.stderr as progress:
            for line in progress:
                report(line.rstrip('\n'))
    except BaseException:
        process.terminate()
        process.wait()
        raise
    try:
        process.wait(timeout=0.3)
        return False
    except subprocess.TimeoutExpired:
        return True


def down(running):
    """End the process that runs a cloud, and wait for it.

    :raises NotRunning: when none does
    :raises CloudError: when it does not end
    """
    os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + DOWN_TIMEOUT
    while running.is_running:
        if time.monotonic() > deadline:
            raise errors.CloudError(
                'The cloud in %s did not stop within %d s; its process id is '
                '%d.'
                % (running.directory, DOWN_TIMEOUT, running.pid))
        time.sleep(0.1)


def main():
    """The process that :func:`detach` leaves."""
    directory, *given = sys.argv[1:]
    running = cloud.Cloud(directory, options=next(
        map(cloud_options.Options.from_json, given), None))

    def to_log():
        log = os.open(running.log('cloud'),
                      os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(log, sys.stderr.fileno())
        os.close(log)

    try:
        supervise(running, lambda line: print(line, file=sys.stderr), to_log)
    except errors.CloudError as error:
        sys.exit(str(error))


if __name__ == '__main__':
    main()
