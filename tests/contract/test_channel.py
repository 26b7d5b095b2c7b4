# SPDX-License-Identifier: Apache-2.0
"""Requests in a queue: found, withdrawn, and claimed as workers claim."""
import pytest

from heat_plugins.waiting import channel as channels
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import guest
from heat_plugins.zaqar import mailbox
from heat_plugins.zaqar import ownership


@pytest.fixture
def replies(zaqar):
    """The name of the mailbox's queue."""
    return zaqar.name()


@pytest.fixture
def channel(zaqar, queue, replies):
    queue.create({})
    client = zaqar.client()
    return channels.Channel(client.queue, mailbox.Mailbox(
        client.queue(replies), ownership.Stamp('stack', 'it', 'uuid')), 30)


@pytest.fixture
def asked(channel, queue):
    """Two requests were posted, with others around."""
    for number in range(45):
        queue.post([{'body': {'request_id': 'other-%d' % number}}])
    for name in ('first', 'second'):
        channel.post(queue.name, {'request_id': name}, 600)
    queue.post([{'body': 'no request'}])


def test_a_request_is_found_by_its_id(channel, queue, asked):
    found = channel.find(queue.name, 'second')

    assert queue.message(found.message_id).body == {'request_id': 'second'}
    assert not found.was_claimed
    assert channel.find(queue.name, 'third') is None


def test_a_request_outlives_the_time_its_reply_is_waited_for(
        channel, queue, asked):
    found = channel.find(queue.name, 'first')

    assert queue.message(found.message_id).ttl == 660


@pytest.mark.parametrize(('timeout', 'ttl'), [(1, 61), (10 ** 9, 1209600)])
def test_a_request_lives_as_long_as_zaqar_allows(channel, queue, timeout,
                                                 ttl):
    channel.post(queue.name, {'request_id': 'it'}, timeout)

    assert queue.page()[0]['ttl'] == ttl


def test_in_no_queue_nothing_is_found_or_made(channel, zaqar):
    missing = zaqar.queue()

    assert channel.find(missing.name, 'first') is None
    assert not missing.exists()


def test_what_is_claimed_is_known_and_not_withdrawn(channel, queue, zaqar):
    channel.post(queue.name, {'request_id': 'it'}, 600)
    claim = zaqar.queue(queue.name).claim(ttl=60, grace=60, limit=1)

    found = channel.find(queue.name, 'it')

    assert found.was_claimed
    assert channel.withdraw(queue.name, found) is False
    claim.delete()
    found = channel.find(queue.name, 'it')
    assert not found.was_claimed
    assert channel.withdraw(queue.name, found) is True
    assert queue.page() == []
    # once more, as after a lost answer
    assert channel.withdraw(queue.name, found) is True


def test_each_request_is_claimed_by_one(channel, queue, zaqar, asked):
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


def test_how_many_wait_is_counted(channel, queue, zaqar, asked):
    queue.claim(ttl=60, grace=60, limit=8)

    assert channel.unclaimed(queue.name) == 40


def test_a_guest_replies_by_the_mailbox(channel, zaqar, replies):
    channel.mailbox.open()
    signed = channel.mailbox.sign(600)
    posting = guest.queue(
        '%s/v2/queues/%s/messages' % (zaqar.url, replies),
        signed.headers('5a2a4b36-8d4e-4b4b-9d0b-9f2f0b6a3e11'))

    posting.post([{'body': {'n': 1}}])

    [message] = channel.read()
    assert message.body == {'n': 1}
    channel.delete([message])
    assert zaqar.queue(replies).page() == []
    with pytest.raises(errors.NotFound):
        posting.page()


def test_a_mailbox_that_is_gone_is_told_of(channel):
    with pytest.raises(errors.NotFound):
        channel.read()
    channel.mailbox.open()
    assert channel.read() == []
    assert channel.mailbox.is_ours()
    channel.mailbox.close()
    assert not channel.mailbox.is_ours()
