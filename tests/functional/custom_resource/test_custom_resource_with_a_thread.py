# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Workflow::CustomResource where each wait holds a thread."""
# ruff: noqa: E501, F401, F811
from test_custom_resource import TestDeadWorker
from test_custom_resource import TestInProgress
from test_custom_resource import TestReplies
from test_custom_resource import hand
from test_custom_resource import one
from test_custom_resource import queues
from test_custom_resource import reasons

from tests import thread_each
from tests.thread_each import cloud


def test_an_engine_has_it_locked_as_long_as_it_waits(
        project, one, workers, eventually):
    stack = one()
    eventually(lambda: project.bodies(workers.queue))

    assert thread_each.locked(project.cloud, stack) == ['thing']
