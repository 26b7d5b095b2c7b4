# SPDX-License-Identifier: Apache-2.0
"""The handler of the tests' workers: each thing is a file, each act noted.

What a thing's properties hold tells how it behaves: ``id`` is its physical
id, ``new`` makes an update another thing, ``data`` is handed back, ``say`` is
told as progress, ``wait_for`` names a file that is waited for, ``fail`` is the
reason of a failure and ``leave`` what that leaves behind, and ``die`` kills
the worker at the first try.
"""
import json
import os
import pathlib
import signal
import time

from heat_plugins import worker


class Things:
    """Keeps things in the folder ``$THINGS``."""

    def __init__(self):
        self._folder = pathlib.Path(os.environ['THINGS'])

    def create(self, task):
        self._behave(task)
        return self._make(task, task.properties.get('id') or task.request_id)

    def update(self, task):
        self._behave(task)
        return self._make(task, task.request_id if task.properties.get('new')
                          else task.physical_id)

    def delete(self, task):
        self._behave(task)
        (self._folder / 'made' / task.physical_id).unlink(missing_ok=True)

    def _make(self, task, physical_id):
        wanted = task.properties
        if 'fail' in wanted:
            if 'leave' in wanted:
                self._write(wanted['leave'], wanted)
            raise worker.Failed(wanted['fail'], wanted.get('leave'))
        self._write(physical_id, wanted)
        return worker.Result(physical_id, wanted.get('data', {}),
                             reason='made by %d' % os.getpid())

    def _write(self, physical_id, wanted):
        (self._folder / 'made' / physical_id).write_text(json.dumps(wanted))

    def _behave(self, task):
        tries = self._note(task)
        wanted = task.properties
        if 'say' in wanted:
            task.progress(wanted['say'])
        while ('wait_for' in wanted and task.request_type != 'Delete' and
                not (self._folder / wanted['wait_for']).exists()):
            time.sleep(0.05)
        if wanted.get('die') == task.request_type and tries == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    def _note(self, task):
        """Note an act; returns how often it was tried by now."""
        line = json.dumps([task.request_type, task.resource_name,
                           task.request_id, task.resource_type])
        with (self._folder / 'acts').open('a') as acts:
            acts.write(line + '\n')
        return (self._folder / 'acts').read_text().splitlines().count(line)


class AnyThing:
    """Has all that is asked of a handler, and does nothing."""

    def create(self, task):
        """Nothing."""

    update = delete = create


class NotAll:
    """Lacks a method."""

    def create(self, task):
        """Nothing."""

    update = create
