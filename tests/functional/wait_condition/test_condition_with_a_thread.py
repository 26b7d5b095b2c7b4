# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Workflow::WaitCondition where each wait holds a thread."""
# ruff: noqa: E501, F401, F811
from test_wait_condition import TestBroken
from test_wait_condition import mailbox
from test_wait_condition import test_a_failure_fails_it_with_what_was_received
from test_wait_condition import test_a_larger_count_waits_for_more
from test_wait_condition import test_a_queue_deleted_by_hand_ends_the_wait
from test_wait_condition import test_a_stack_that_waits_can_be_deleted
from test_wait_condition import test_an_update_that_waits_can_be_cancelled
from test_wait_condition import (
    test_an_update_without_a_change_goes_on_after_a_timeout,
)
from test_wait_condition import test_progress_shows_as_events_and_metadata
from test_wait_condition import waiting

from tests import thread_each
from tests.thread_each import cloud


def test_an_engine_has_it_locked_as_long_as_it_waits(
        project, queue, waiting, eventually):
    stack = waiting(queue, count=2)
    project.post(queue.name, 'one')
    eventually(lambda: stack.output('received') == 1)

    assert thread_each.locked(project.cloud, stack) == ['condition']
