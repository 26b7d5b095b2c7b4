# SPDX-License-Identifier: Apache-2.0
"""Real workers, a process each, and what they have done."""
import contextlib
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import requests

from heat_plugins import worker
from heat_plugins.worker import abandon
from heat_plugins.worker import errors

#: The command, and where its handler ``things:Things`` is.
COMMAND = [sys.executable, '-W', 'ignore', '-m', 'heat_plugins.cli.app',
           'worker']
FOLDER = pathlib.Path(__file__).parent


class Workers:
    """Serve a queue by the signed URL of a stack, without a Keystone user.

    :ivar queue: the name of the queue.
    :ivar signed_url: the path of the file with the signed URL.
    :param stack: of the example 16.
    :param folder: where the things and the answers are kept.
    """

    def __init__(self, stack, folder):
        self.queue = stack.output('queue')
        self._folder = folder
        (folder / 'made').mkdir()
        (folder / 'acts').touch()
        self.signed_url = folder / 'signed-url.json'
        self.signed_url.write_text(stack.output('signed_url'))
        self._running = []

    def start(self, count=1, handler='things:Things', folder=None):
        """Start some of the library's; returns the processes.

        :param folder: the current folder of the processes, where the module
            of the handler is.
        """
        return [self.run([
            *COMMAND, handler, '--signed-url', str(self.signed_url),
            '--store', 'sqlite:%s' % (self._folder / 'answers'),
            '--poll', '0.2'], folder or FOLDER) for _number in range(count)]

    def run(self, command, folder, **variables):
        """Run another worker; returns its process."""
        self._running.append(subprocess.Popen(
            command, cwd=folder, env={
                **{name: value for name, value in os.environ.items()
                   if not name.startswith('OS_')},
                'THINGS': str(self._folder),
                'ZONE_FILE': str(self._folder / 'example.zone'), **variables},
            stdout=(self._folder / 'log').open('a'),
            stderr=subprocess.STDOUT))
        return self._running[-1]

    def file(self, name):
        """The lines of a file that a worker keeps."""
        return (self._folder / name).read_text().splitlines()

    def stop(self):
        """End all of them as an operator does; each has to end well."""
        ending, self._running = self._running, []
        for each in ending:
            each.send_signal(signal.SIGTERM)
        try:
            codes = {each.wait(60) for each in ending}
        finally:
            for each in ending:
                each.kill()
        assert codes <= {0, -signal.SIGKILL, -signal.SIGTERM}, self.log

    @property
    def log(self):
        """What they have logged."""
        return (self._folder / 'log').read_text()

    @property
    def things(self):
        """Physical id → properties, of all that there is."""
        return {file.name: json.loads(file.read_text())
                for file in (self._folder / 'made').iterdir()}

    @property
    def acts(self):
        """(request type, resource name) of each act, in order."""
        return [(act[0], act[1]) for act in self._acts()]

    @property
    def request_ids(self):
        """The request ids of the acts, in order."""
        return [act[2] for act in self._acts()]

    @property
    def resource_types(self):
        return {act[3] for act in self._acts()}

    def forget_holders(self):
        """Let anybody begin what a killed worker held, without a wait."""
        with contextlib.closing(sqlite3.connect(
                self._folder / 'answers')) as rows, rows:
            rows.execute('UPDATE requests SET until = ? WHERE reply IS NULL',
                         (time.time(),))

    def let(self, name):
        """Let go on what waits for this."""
        (self._folder / name).touch()

    def _acts(self):
        return [json.loads(line) for line in
                (self._folder / 'acts').read_text().splitlines()]


class Hand:
    """A worker that the test itself is, by plain HTTP."""

    def __init__(self, queue):
        self._queue = queue
        self.request = None
        self._message = None

    def claim(self):
        """Claim a request and keep it; None if there is none."""
        for message in self._queue.claim(ttl=60, grace=60, limit=1):
            self._message, self.request = message, message.body
            return self.request
        return None

    def reply(self, *bodies, **fields):
        """POST replies: ``bodies``, or one of these fields."""
        for body in bodies or [{
                'request_id': self.request['request_id'],
                'status': 'SUCCESS', **fields}]:
            answer = requests.post(
                self.request['reply']['url'], timeout=30,
                headers=self.request['reply']['headers'],
                json={'messages': [{'body': body}]})
            assert answer.status_code == 201, answer.text

    def forget(self):
        """Delete the request."""
        self._message.delete()


@contextlib.contextmanager
def undertaker(queue):
    """Somebody answers, within this block, when stacks are deleted.

    :param queue: the ``heat_plugins.zaqar.queue.Queue`` of the requests
    """
    serving = worker.Worker(queue, abandon.Abandon(), poll=0.1)

    def run():
        # A test may have deleted the queue: there is nobody to be answered.
        with contextlib.suppress(errors.SetupError):
            serving.run()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        serving.stop()
        thread.join()
