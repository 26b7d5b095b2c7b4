# SPDX-License-Identifier: Apache-2.0
"""The same tests on a cloud where each wait holds a thread of its engine.

A file that takes ``cloud`` from here, and tests from another, runs those as on
a Heat whose interior is not known. These are the tests in which something
happens while a resource waits: where nothing is waited for, nothing differs.
"""
import contextlib
import sqlite3

import pytest

from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options

OPTIONS = options.Options(heat={'heat_zaqar': {
    'park_waits': False, 'rescan_interval': 2}})


@pytest.fixture(scope='module')
def cloud():
    """A running ``heat_plugins.localcloud.cloud.Cloud`` of its own."""
    with clouds.Cloud.ephemeral(options=OPTIONS) as running:
        yield running


def locked(running, stack):
    """The names of a stack's resources that an engine has locked."""
    file = running.directory / 'heat' / 'heat.sqlite'
    with contextlib.closing(sqlite3.connect(
            'file:%s?mode=ro' % file, uri=True)) as database:
        return [name for name, in database.execute(
            'SELECT name FROM resource WHERE stack_id = ? AND engine_id IS '
            'NOT NULL', (stack.id,))]
