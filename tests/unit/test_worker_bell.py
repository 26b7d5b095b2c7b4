# SPDX-License-Identifier: Apache-2.0
"""How long a worker rests: what it would wait is told, and not waited."""
import pytest

from heat_plugins.waiting import door
from heat_plugins.waiting import doorbell
from heat_plugins.worker import bell as bells

from . import pushing


class Event:
    """Notes how long it was waited for."""

    def __init__(self):
        self.waited = []
        self._is_set = False

    def wait(self, seconds):
        self.waited.append(seconds)
        return self._is_set

    def set(self):
        self._is_set = True

    def clear(self):
        self._is_set = False


@pytest.fixture
def bell(monkeypatch):
    made = bells.Bell('q', 0.5)
    made._rung = Event()
    yield made
    made.close()


def rests(bell, times, longest=None):
    before = len(bell._rung.waited)
    for _time in range(times):
        bell.rest(longest)
    return bell._rung.waited[before:]


def test_rests_grow_to_the_longest(bell):
    assert rests(bell, 6) == [0.05, 0.1, 0.2, 0.4, 0.5, 0.5]


def test_in_trouble_they_grow_further(bell):
    assert rests(bell, 12, 30)[-2:] == [30, 30]


def test_after_something_they_are_short(bell):
    rests(bell, 6)
    bell.wake()

    assert rests(bell, 2) == [0.05, 0.1]


def test_where_it_is_pushed_they_are_long_and_end_at_a_push(bell):
    bell.push_begins('q')
    assert rests(bell, 12)[-2:] == [15, 15]
    bell.push('q', 0)

    # The push comes before what it is for.
    assert rests(bell, 3) == [15, 0.05, 0.1]


def test_when_pushes_end_it_is_looked_at_as_before(bell):
    bell.push_begins('q')
    rests(bell, 12)
    bell.push_ends('q')

    assert rests(bell, 9)[-1] == 0.5


def test_it_hears_what_zaqar_pushes(pusher, monkeypatch):
    monkeypatch.setattr(doorbell, '_FIRST_PAUSE', 0.01)
    monkeypatch.setattr(door.Door, 'confirm', lambda *_subscription: None)
    bell = bells.Bell('q', 0.5)
    heard = pushing.Bell()
    monkeypatch.setattr(bell, 'push_begins',
                        lambda queue: heard.push_begins(None, queue))
    monkeypatch.setattr(bell, 'push',
                        lambda queue, delay: heard.push(None, queue, delay))
    client = Client(pusher.url)
    bell.listen(client)

    assert heard.next() == ('begins', None, 'q')
    pusher.push('q')
    assert heard.next() == ('push', None, 'q')
    bell.close()
    assert client.forgotten == 1


class Client(pushing.Client):
    """Its first token is bad.

    :ivar forgotten: how many tokens it had to forget.
    """

    forgotten = 0

    def token(self):
        return pushing.TOKEN if self.forgotten else 'bad', 3600

    def forget_token(self):
        self.forgotten += 1
