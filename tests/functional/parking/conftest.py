# SPDX-License-Identifier: Apache-2.0
"""A cloud whose waits hold no thread."""
import contextlib
import sqlite3

import pytest

from heat_plugins import releases
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options

# Nobody scans for waits, so that what is to act at once has to.
OPTIONS = options.Options(heat={
    'DEFAULT': {'executor_thread_pool_size': 16,
                'enable_stack_abandon': True, 'enable_stack_adopt': True},
    'heat_zaqar': {'park_waits': True, 'takeover_interval': 3600,
                   'rescan_interval': 2,
                   'safety_interval': 2}})


@pytest.fixture(scope='module')
def cloud():
    """Parks, and lets stacks be abandoned and adopted."""
    with clouds.Cloud.ephemeral(options=OPTIONS) as running:
        yield running


@pytest.fixture
def parked(cloud, eventually):
    """Waits until so many resources are parked in a stack, nested ones too.

    With an action, only those in that one count.
    """
    def count(stack, action):
        with contextlib.closing(sqlite3.connect(
                cloud.directory / 'heat' / 'heat.sqlite')) as rows:
            return rows.execute(
                "SELECT COUNT(*) FROM resource_data JOIN resource "
                "ON resource.id = resource_id WHERE key = 'wait' AND "
                "status = 'IN_PROGRESS' AND engine_id IS NULL AND "
                "action LIKE ? AND ? IN (stack_id, root_stack_id)",
                (action, stack.id)).fetchone()[0]

    def wait(stack, number=1, action='%'):
        eventually(lambda: count(stack, action) == number)
        return stack
    return wait


@pytest.fixture
def checked(project, eventually):
    """Asks Heat to check a stack that waits.

    Gives what sees that the wait has ended, and that a check succeeds then.
    """
    def check(stack):
        project.heat.actions.check(stack.id)
        if not releases.has_patient_checks():
            eventually(lambda: stack.status == 'CHECK_FAILED')
            assert 'already being updated' in stack.reason

        def assert_ended(name):
            eventually(lambda: stack.resource(name).resource_status in (
                'CREATE_COMPLETE', 'UPDATE_COMPLETE', 'CHECK_COMPLETE'))
            if not releases.has_patient_checks():
                project.heat.actions.check(stack.id)
            eventually(lambda: stack.status == 'CHECK_COMPLETE')
            assert stack.resource(name).resource_status == 'CHECK_COMPLETE'
        return assert_ended
    return check
