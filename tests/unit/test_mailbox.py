# SPDX-License-Identifier: Apache-2.0
"""Mailboxes, and those whose stamp a guest's message has cost."""
from heat.common import short_id
from heat.engine import resource
from hypothesis import given
from hypothesis import strategies as st
import pytest

from heat_plugins.zaqar import limits
from heat_plugins.zaqar import mailbox
from heat_plugins.zaqar import ownership

STAMP = ownership.Stamp('stack', 'handle', 'uuid-1', mailbox=True)


@given(st.from_regex('[a-z0-9_-]{1,200}', fullmatch=True), st.uuids(version=4))
def test_its_name_is_recognised(stack_and_resource, uuid):
    unique = resource.Resource.reduce_physical_resource_name(
        '%s-%s' % (stack_and_resource, short_id.get_id(uuid)),
        mailbox.UNIQUE_LENGTH)

    assert mailbox.is_name(mailbox.name(unique))
    assert len(mailbox.name(unique)) <= limits.QUEUE_NAME_LENGTH


@pytest.mark.parametrize('name', [
    'jobs', 'stack-handle-abcdefghij27', 'heat-mailbox-jobs',
    'my-heat-mailbox-stack-handle-abcdefghij27',
    'heat-mailbox-stack-handle-abcdefghij01'])
def test_another_name_is_none(name):
    assert not mailbox.is_name(name)


def test_one_that_a_guest_made_first_is_ours(zaqar):
    queue = zaqar.client().queue('heat-mailbox-s-h-abcdefghij27')
    queue.post([{'body': 'early'}])
    box = mailbox.Mailbox(queue, STAMP)

    box.open()

    assert ownership.Stamp.of(queue.metadata()) == STAMP
    assert [each['body'] for each in queue.page()] == ['early']
    box.close()
    assert not queue.exists()


def test_one_that_a_guest_made_again_is_closed(zaqar):
    queue = zaqar.client().queue('heat-mailbox-s-h-abcdefghij27')
    box = mailbox.Mailbox(queue, STAMP)
    box.open()
    queue.delete()
    queue.post([{'body': 'late'}])

    assert box.is_ours()
    box.close()
    assert not queue.exists()
