# SPDX-License-Identifier: Apache-2.0
"""The reader, where time passes and calls fail; the rest is a contract."""
import pytest

from heat_plugins.testing import clock as clocks
from heat_plugins.waiting import reader as readers
from heat_plugins.zaqar import errors


@pytest.fixture
def ticks():
    """The reader's clock."""
    return clocks.ManualClock(0)


@pytest.fixture
def reader(queue, ticks):
    return readers.Reader(queue, rescan=30, clock=ticks)


@pytest.fixture
def post(zaqar):
    """Posts numbers, each with a ttl."""
    sender = zaqar.client().queue('q')

    def posting(numbers, ttl=3600):
        numbers = list(numbers)
        for start in range(0, len(numbers), 20):
            sender.post([{'body': each, 'ttl': ttl}
                         for each in numbers[start:start + 20]])
    return posting


@pytest.fixture
def read(reader):
    """What it gives until it gives nothing."""
    def reading():
        found = []
        while batch := reader.read():
            found += [each.body for each in batch]
        return found
    return reading


class TestExpired:
    """Messages that have expired, and that nobody has collected."""

    @pytest.mark.parametrize('count', [1, 19, 20, 21, 45, 85])
    def test_before_it_begins_do_not_hide_what_follows(
            self, post, clock, read, count):
        post(range(count), ttl=60)
        post(range(100, 145))
        clock.advance(61)

        assert read() == list(range(100, 145))

    def test_while_it_waits_do_not_hide_what_is_new(self, post, clock, ticks,
                                                    read):
        post(range(25), ttl=60)
        post(range(100, 145))
        assert read() == [*range(25), *range(100, 145)]
        clock.advance(61)
        post(range(200, 203))

        ticks.advance(31)
        assert read() == [200, 201, 202]

    def test_nor_what_is_new_behind_many_that_were_read(
            self, post, clock, ticks, read):
        post(range(25), ttl=60)
        post(range(100, 145))
        clock.advance(61)
        assert read() == list(range(100, 145))

        for number in range(200, 205):
            # The look from the beginning meets the expired ones each time.
            ticks.advance(31)
            post([number])
            assert read() == [number]

    def test_here_and_there_slow_nothing_down(self, post, clock, reader):
        for number in range(0, 400, 10):
            post([number], ttl=60)
            post(range(number + 1, number + 10))
        clock.advance(61)

        # In one look, not with one more page at each.
        assert [each.body for each in reader.read()] == [
            each for each in range(400) if each % 10]

    def test_some_expire_between_two_looks(self, post, clock, ticks, read):
        post(range(15), ttl=60)
        post(range(100, 130))
        assert len(read()) == 45
        clock.advance(61)
        ticks.advance(31)

        assert read() == []
        post([200])
        assert read() == [200]


class TestTrouble:

    @pytest.mark.parametrize('good_pages', range(5))
    def test_in_any_page_loses_nothing_and_repeats_nothing(
            self, zaqar, post, reader, read, good_pages):
        post(range(70))
        zaqar.faults.answer(500, method='GET', path='/messages',
                            skip=good_pages)

        with pytest.raises(errors.ServerError):
            reader.read()

        assert read() == list(range(70))

    def test_in_a_later_read_loses_nothing(self, zaqar, post, reader, read):
        post(range(30))
        assert len(read()) == 30
        post(range(100, 150))
        zaqar.faults.answer(500, method='GET', path='/messages', skip=2)

        with pytest.raises(errors.ServerError):
            reader.read()

        assert read() == list(range(100, 150))

    def test_with_the_queue_itself_is_told(self, zaqar, reader, read):
        zaqar.faults.answer(403)

        with pytest.raises(errors.Forbidden):
            reader.read()
        assert read() == []


class TestCost:

    def test_of_nothing_new_is_one_call(self, zaqar, post, reader, read):
        post(range(45))
        read()
        zaqar.requests.clear()

        for _ in range(5):
            assert reader.read() == []

        assert len(zaqar.requests) == 5

    def test_of_a_batch_is_a_call_for_each_page(self, zaqar, post, reader,
                                                read):
        post(range(3))
        read()
        post(range(45))
        zaqar.requests.clear()

        assert len(reader.read()) == 45
        assert len(zaqar.requests) == 3

    def test_of_a_long_queue_grows_with_its_length_only(self, zaqar, post,
                                                        reader):
        post(range(1500))
        zaqar.requests.clear()

        found = [each.body for _ in range(4) for each in reader.read()]

        assert found == list(range(1500))
        assert len(zaqar.requests) < 1500 / 20 + 10

    def test_looks_from_the_beginning_are_rare(self, zaqar, post, reader,
                                               ticks):
        post(range(45))
        reader.read()
        zaqar.requests.clear()
        for _ in range(60):
            ticks.advance(1)
            reader.read()

        looks = [each for each in zaqar.requests
                 if each.path.endswith('/queues/q') and each.method == 'GET']
        assert len(looks) == 2

    def test_looks_that_take_long_are_rarer(self, queue, zaqar, post, ticks,
                                            monkeypatch):
        reader = readers.Reader(queue, rescan=30, clock=ticks)
        page = queue.page

        def slow_page(*arguments, **options):
            ticks.advance(10)
            return page(*arguments, **options)

        monkeypatch.setattr(queue, 'page', slow_page)
        reader.read()
        zaqar.requests.clear()
        ticks.advance(100)
        reader.read()

        assert [each for each in zaqar.requests
                if each.path.endswith('/queues/q')] == []


def test_a_message_is_handed_on_as_zaqar_showed_it(post, clock, reader):
    post([{'a': 1}], ttl=90)
    clock.advance(7)

    [message] = reader.read()

    assert (message.body, message.age, message.ttl) == ({'a': 1}, 7, 90)


def test_delete_takes_messages(zaqar, post, reader):
    post(range(25))
    messages = reader.read()

    reader.delete(messages[:24])

    assert [each['body'] for each in zaqar.client().queue('q').page()] == [24]
