# SPDX-License-Identifier: Apache-2.0
"""Requests in a queue: found, withdrawn, and claimed as workers claim."""
import pytest

from heat_plugins.asking import outbox as outboxes
from heat_plugins.testing import clock as clocks
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import guest
from heat_plugins.zaqar import mailbox
from heat_plugins.zaqar import ownership


@pytest.fixture
def outbox(zaqar, queue):
    queue.create({})
    return outboxes.Outbox(zaqar.client().queue, 30)


@pytest.fixture
def asked(outbox, queue):
    """Two requests were posted, with others around."""
    for number in range(45):
        queue.post([{'body': {'request_id': 'other-%d' % number}}])
    for name in ('first', 'second'):
        outbox.post(queue.name, {'request_id': name}, 600)
    queue.post([{'body': 'no request'}])


def test_a_request_is_found_by_its_id(outbox, queue, asked):
    found = outbox.find(queue.name, 'second')

    assert queue.message(found.message_id).body == {'request_id': 'second'}
    assert not found.was_claimed
    assert outbox.find(queue.name, 'third') is None


def test_a_request_outlives_the_time_its_reply_is_waited_for(
        outbox, queue, asked):
    found = outbox.find(queue.name, 'first')

    assert queue.message(found.message_id).ttl == 660


@pytest.mark.parametrize(('timeout', 'ttl'), [(1, 61), (10 ** 9, 1209600)])
def test_a_request_lives_as_long_as_zaqar_allows(outbox, queue, timeout,
                                                 ttl):
    outbox.post(queue.name, {'request_id': 'it'}, timeout)

    assert queue.page()[0]['ttl'] == ttl


def test_in_no_queue_nothing_is_found_or_made(outbox, zaqar):
    missing = zaqar.queue()

    assert outbox.find(missing.name, 'first') is None
    assert not missing.exists()


def test_what_is_claimed_is_known_and_not_withdrawn(outbox, queue, zaqar):
    outbox.post(queue.name, {'request_id': 'it'}, 600)
    claim = zaqar.queue(queue.name).claim(ttl=60, grace=60, limit=1)

    found = outbox.find(queue.name, 'it')

    assert found.was_claimed
    assert outbox.withdraw(queue.name, found) is False
    claim.delete()
    found = outbox.find(queue.name, 'it')
    assert not found.was_claimed
    assert outbox.withdraw(queue.name, found) is True
    assert queue.page() == []
    # once more, as after a lost answer
    assert outbox.withdraw(queue.name, found) is True


def test_each_request_is_claimed_by_one(outbox, queue, zaqar, asked):
    other = zaqar.queue(queue.name)
    taken = [message.body for number in range(48)
             for message in (queue, other)[number % 2].claim(
                 ttl=60, grace=60, limit=1)]

    assert len(taken) == 48
    assert len({str(each) for each in taken}) == 48
    assert queue.claim(ttl=60, grace=60, limit=1).id is None


def test_a_queue_that_is_not_there_has_nothing_to_claim(zaqar):
    missing = zaqar.queue()

    assert missing.claim(ttl=60, grace=60, limit=1).id is None
    assert not missing.exists()


def test_how_many_wait_is_counted(outbox, queue, zaqar, asked):
    queue.claim(ttl=60, grace=60, limit=8)

    assert outbox.unclaimed(queue.name) == 40


def test_a_queue_that_is_gone_is_noticed_now_and_then(zaqar, queue):
    clock = clocks.ManualClock(0)
    outbox = outboxes.Outbox(zaqar.client().queue, 30, clock)
    queue.create({})
    assert not outbox.is_gone(queue.name)

    queue.delete()

    assert not outbox.is_gone(queue.name)
    clock.advance(30)
    assert outbox.is_gone(queue.name)


@pytest.fixture
def box(queue):
    return mailbox.Mailbox(queue, ownership.Stamp('stack', 'it', 'uuid'))


def test_a_guest_posts_to_a_mailbox_and_no_more(zaqar, queue, box):
    box.open()
    posting = guest.queue(
        '%s/v2/queues/%s/messages' % (zaqar.url, queue.name),
        box.sign(600).headers('5a2a4b36-8d4e-4b4b-9d0b-9f2f0b6a3e11'))

    posting.post([{'body': {'n': 1}}])

    assert [each['body'] for each in queue.page()] == [{'n': 1}]
    with pytest.raises(errors.NotFound):
        posting.page()


def test_a_mailbox_is_its_owners_until_it_is_closed(queue, box):
    assert not box.is_ours()
    box.open()
    box.open()
    assert box.is_ours()
    box.close()
    assert not queue.exists()
    box.close()
