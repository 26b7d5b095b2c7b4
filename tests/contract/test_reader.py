# SPDX-License-Identifier: Apache-2.0
"""The reader hands every message on once, whatever a listing hides."""
import threading

import pytest

from heat_plugins.testing import clock as clocks
from heat_plugins.waiting import reader as readers
from heat_plugins.zaqar import errors


@pytest.fixture
def clock():
    """The reader's clock; the server's is its own."""
    return clocks.ManualClock(0)


@pytest.fixture
def reader(other, clock):
    return readers.Reader(other, rescan=30, clock=clock)


def bodies(messages):
    return [each.body for each in messages]


def read_all(reader):
    """What it gives until it gives nothing."""
    found = []
    while batch := reader.read():
        found += bodies(batch)
    return found


@pytest.mark.parametrize('count', [0, 1, 2, 19, 20, 21, 45, 1000])
def test_all_messages_come_once_and_in_order(queue, post, reader, clock,
                                             count):
    queue.create({})
    post(queue, count)

    assert read_all(reader) == list(range(count))
    clock.advance(60)
    assert read_all(reader) == []


def test_a_batch_has_a_bound(queue, post, reader):
    post(queue, readers.BATCH + 30)

    first = reader.read()

    assert readers.BATCH <= len(first) < readers.BATCH + 20
    assert bodies(first) + read_all(reader) == list(
        range(readers.BATCH + 30))


def test_what_comes_later_is_read_without_a_look_from_the_beginning(
        queue, post, reader):
    post(queue, 25)
    read_all(reader)
    post(queue, 25)

    assert read_all(reader) == list(range(25))


def test_claimed_messages_come_too(queue, post, reader):
    post(queue, 45)
    for _ in range(2):
        queue.claim(ttl=60, grace=60, limit=20)

    assert read_all(reader) == list(range(45))


def test_messages_behind_delayed_ones_come_once_they_can_be_seen(
        queue, post, reader, clock):
    queue.create({'_default_message_delay': 900})
    post(queue, 45)
    assert read_all(reader) == []

    queue.update({'_default_message_delay': None})

    clock.advance(60)
    assert read_all(reader) == list(range(45))


def test_deleting_what_was_read_brings_nothing_back(queue, post, reader,
                                                    clock):
    post(queue, 45)
    first = reader.read()
    reader.delete(first[:30])
    post(queue, 5)
    second = reader.read()
    clock.advance(60)

    assert bodies(first) == list(range(45))
    assert bodies(second) == list(range(5))
    assert read_all(reader) == []
    assert queue.stats['total'] == 20


def test_the_last_message_read_may_be_deleted_by_somebody(queue, post,
                                                          reader):
    ids = post(queue, 45)
    read_all(reader)
    queue.delete_messages(ids[-1])
    post(queue, 3)

    assert read_all(reader) == [0, 1, 2]


def test_everything_may_be_deleted_by_somebody(queue, post, reader):
    ids = post(queue, 5)
    read_all(reader)
    queue.delete_messages(*ids)
    post(queue, 3)

    assert read_all(reader) == [0, 1, 2]


def test_somebody_may_delete_and_post_while_it_reads(zaqar, queue, post,
                                                     reader, clock):
    kept = post(queue, 200)

    def disturb():
        own = zaqar.queue(queue.name)
        own.delete_messages(*kept[0:200:2])
        for number in range(1000, 1100):
            own.post({'body': number})

    disturbing = threading.Thread(target=disturb)
    disturbing.start()
    found = []
    while disturbing.is_alive():
        found += bodies(reader.read())
    # Zaqar asks Redis for the place of the marker, then for what follows: a
    # deletion in between hides a message until the next look from the front.
    clock.advance(60)
    found += read_all(reader)

    assert len(found) == len(set(found))
    assert set(found) >= {*range(1, 200, 2), *range(1000, 1100)}


def test_a_queue_that_is_gone_is_noticed_at_the_next_look(queue, post, reader,
                                                          clock):
    post(queue, 3)
    read_all(reader)
    queue.delete()

    assert reader.read() == []
    clock.advance(60)
    with pytest.raises(errors.NotFound):
        reader.read()


def test_a_forwarded_message_is_unwrapped(queue, reader):
    queue.post({'body': {'ttl': 60, 'body': {'ttl': 60, 'body': 'inner',
                                             'Message_Type': 'Notification',
                                             'queue_name': 'a'},
                         'Message_Type': 'Notification',
                         'queue_name': 'b'}})

    assert read_all(reader) == ['inner']
