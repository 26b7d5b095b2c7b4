# SPDX-License-Identifier: Apache-2.0
"""Serve custom resources: a library for the programs that listen on a queue.

A handler has three methods::

    from heat_plugins import worker

    class Records:
        def create(self, task):
            record = add(task.properties['name'])
            return worker.Result(physical_id=record.id, data={'n': record.n})

        def update(self, task):
            change(task.physical_id, task.properties)

        def delete(self, task):
            remove(task.physical_id)

``heat-zaqar worker MODULE:Records --queue QUEUE`` serves it, or ``Worker``
within a program of one's own. ``task`` is a ``task.Task``. What a method
returns is a ``Result``, a map for its ``data``, or None; ``Failed``, or any
other exception, is a failure. A delete of what is gone is a success.
"""
from heat_plugins.worker.handler import Handler
from heat_plugins.worker.handler import Outcome
from heat_plugins.worker.memory_store import MemoryStore
from heat_plugins.worker.result import Failed
from heat_plugins.worker.result import Result
from heat_plugins.worker.service import Worker
from heat_plugins.worker.sqlite_store import SqliteStore
from heat_plugins.worker.task import Task

__all__ = ['Failed', 'Handler', 'MemoryStore', 'Outcome', 'Result',
           'SqliteStore', 'Task', 'Worker']
