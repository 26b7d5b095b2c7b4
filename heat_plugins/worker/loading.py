# SPDX-License-Identifier: Apache-2.0
"""Finding the handler and the store that a command line names."""
import importlib
import os
import sqlite3
import sys

from heat_plugins.worker import calling
from heat_plugins.worker import errors
from heat_plugins.worker import memory_store
from heat_plugins.worker import sqlite_store
from heat_plugins.worker import store as stores

_SQLITE = 'sqlite:'
_STORE_METHODS = sorted(stores.Store.__abstractmethods__)


def handler(text):
    """The object that MODULE:OBJECT names; of a class, an instance.

    Modules are looked for in the current folder, too.

    :raises heat_plugins.worker.errors.SetupError: there is none.
    """
    module, colon, name = text.partition(':')
    if not (module and colon and name):
        raise errors.SetupError(
            '"%s" should have the form MODULE:OBJECT, such as zone:Records.' %
            text)
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise errors.SetupError(
            'Cannot load %s: %s.' % (text, error)) from error
    return found() if isinstance(found, type) else found


def store(text):
    """The store that ``memory``, ``sqlite:FILE`` or MODULE:OBJECT names.

    :raises heat_plugins.worker.errors.SetupError: there is none, or it lacks
        a method.
    """
    if text == 'memory':
        return memory_store.MemoryStore()
    if not text.startswith(_SQLITE):
        return _own_store(text)
    try:
        return sqlite_store.SqliteStore(text.removeprefix(_SQLITE))
    except sqlite3.Error as error:
        raise errors.SetupError(
            'Cannot open the store %s: %s.' % (text, error)) from error


def _own_store(text):
    found = handler(text)
    lacking = calling.lacks(found, _STORE_METHODS)
    if lacking:
        raise errors.SetupError(
            'The store %s has no method "%s": it needs those of '
            'heat_plugins.worker.store.Store.' % (text, lacking))
    return found
