# SPDX-License-Identifier: Apache-2.0
"""The doorbells of several projects, and how an engine comes to the server."""
import threading
import time

import pytest

from heat_plugins.engine import door as doors
from heat_plugins.waiting import doorbell
from heat_plugins.waiting import doorbells

from . import pushing


class Rights:
    """Gives clients one after the other, when one is refused."""

    def __init__(self, *clients):
        self._clients = list(clients)
        self.keys = []

    def client(self, project, key, refused=None):
        self.keys.append((project, key))
        if refused is self._clients[0]:
            self._clients.pop(0)
        return self._clients[0]


class Door(doors.Door):
    """Needs nobody to agree."""

    def confirm(self, queue, subscription_id):
        pass


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(doorbell, '_FIRST_PAUSE', 0.01)
    monkeypatch.setattr(doorbell, '_LINGER', 0.1)


@pytest.fixture
def bell():
    return pushing.Bell()


@pytest.fixture
def make(bell):
    made = []

    def begin(*clients, someone=lambda project: 'key', is_expected=False):
        rights = Rights(*clients)
        begun = doorbells.Doorbells(
            lambda project: Door(project, rights, someone, is_expected), 600,
            bell)
        made.append(begun)
        return begun
    yield begin
    for each in made:
        each.end()
    wait_until(lambda: not threads())


def threads():
    return [each for each in threading.enumerate()
            if each.name == 'heat-zaqar-doorbell']


def test_each_project_has_a_connection_and_hears_its_own(pusher, make, bell):
    begun = make(pushing.Client(pusher.url))

    for number in range(30):
        assert not begun.hang('p%d' % number, 'q%d' % number)
        assert bell.next() == ('begins', 'p%d' % number, 'q%d' % number)

    assert len(threads()) == 30
    pusher.push('q7')
    assert bell.next() == ('push', 'p7', 'q7')


def test_two_hundred_queues_are_one_thread(pusher, make, bell):
    begun = make(pushing.Client(pusher.url))
    for number in range(200):
        begun.hang('p', 'q%d' % number)

    assert {bell.next()[0] for _number in range(200)} == {'begins'}
    assert len(threads()) == 1
    assert begun.hang('p', 'q5')


def test_the_connection_ends_when_nobody_waits_any_more(pusher, make, bell):
    begun = make(pushing.Client(pusher.url))
    begun.hang('p', 'q')
    assert bell.next() == ('begins', 'p', 'q')

    begun.take_down('p', 'q')

    wait_until(lambda: not threads())
    begun.hang('p', 'q')
    assert bell.next() == ('begins', 'p', 'q')


def test_the_end_ends_all(pusher, make, bell):
    begun = make(pushing.Client(pusher.url))
    begun.hang('p', 'q')
    assert bell.next() == ('begins', 'p', 'q')

    begun.end()

    wait_until(lambda: not threads())
    assert not begun.hang('p', 'q')
    assert not threads()


def test_the_end_does_not_wait_for_a_server_that_hangs(pusher, make, bell):
    begun = make(pushing.Client(pusher.url))
    pusher.answer = lambda action: ''
    for number in range(10):
        begun.hang('p%d' % number, 'q')
    pusher.next()

    begun.end()

    assert threads()


def test_the_rights_of_one_who_waits_there_are_used(pusher, make, bell):
    begun = make(pushing.Client(pusher.url, 'a bad token'),
                 pushing.Client(pusher.url))
    begun.hang('p', 'q')

    assert bell.next() == ('begins', 'p', 'q')


@pytest.mark.parametrize(('is_expected', 'level'), [
    (False, 'INFO'), (True, 'WARNING')])
def test_where_the_catalog_has_none_that_is_said_once(
        make, caplog, is_expected, level):
    caplog.set_level('INFO')
    make(pushing.Client(None), is_expected=is_expected).hang('p', 'q')

    wait_until(lambda: 'the catalog has none' in caplog.text)
    time.sleep(0.2)
    told, = [each for each in caplog.records if 'catalog' in each.message]
    assert told.levelname == level
    assert 'the project p' in told.message


def test_where_nobody_waits_any_more_nobody_is_asked(make, caplog):
    make(pushing.Client(None), someone=lambda project: None).hang('p', 'q')

    wait_until(lambda: 'nobody waits there' in caplog.text)


def wait_until(is_so):
    until = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)
