# SPDX-License-Identifier: Apache-2.0
"""A doorbell at a server that may do anything."""
import queue as queues
import time

import pytest

from heat_plugins.waiting import doorbell
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import websocket

from . import pushing

BAD = 'a token that is not taken'


class Door:
    """The way to a pusher.

    :ivar lasts: seconds that its tokens are good for.
    :ivar tokens: those that it gives, the last one again and again.
    :ivar is_forbidden: whether it may agree to nothing.
    :ivar confirmed: (queue, subscription) of each that was agreed to.
    """

    def __init__(self, pusher):
        self._pusher = pusher
        self.lasts = 3600
        self.tokens = [pushing.TOKEN]
        self.confirmed = []
        self.is_forbidden = False

    def __str__(self):
        return 'the project p'

    def connect(self):
        return websocket.Connection(self._pusher.url, 'p')

    def token(self):
        return self.tokens[0], self.lasts

    def confirm(self, queue, subscription):
        if self.is_forbidden:
            raise errors.Forbidden('not yours', 403)
        if self.tokens[0] == BAD:
            raise errors.Unauthorized('the trust has gone', 401)
        self.confirmed.append((queue, subscription))

    def refused(self):
        self.tokens.pop(0)


class Heard:
    """What a doorbell told: ('begins', 'push' or 'ends', queue)."""

    def __init__(self):
        self._told = queues.Queue()

    def push_begins(self, queue):
        self._told.put(('begins', queue))

    def push(self, queue, delay):
        self._told.put(('push', queue) + (delay,) * bool(delay))

    def push_ends(self, queue):
        self._told.put(('ends', queue))

    def next(self):
        return self._told.get(timeout=30)

    def nothing(self):
        with pytest.raises(queues.Empty):
            self._told.get(timeout=0.3)


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Nothing is waited for that only spares a server."""
    monkeypatch.setattr(doorbell, '_FIRST_PAUSE', 0.01)
    monkeypatch.setattr(doorbell, '_LINGER', 0.1)
    monkeypatch.setattr(doorbell, '_AGAIN', 0.1)


@pytest.fixture
def door(pusher):
    return Door(pusher)


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def make(door, heard):
    made = []

    def begin(interval=600, **given):
        bell = doorbell.Doorbell(door, heard, interval, **given)
        made.append(bell)
        bell.begin()
        return bell

    yield begin
    for each in made:
        each.end()


@pytest.fixture
def bell(make, heard):
    """One that listens to the queue q."""
    bell = make()
    bell.hang('q')
    assert heard.next() == ('begins', 'q')
    return bell


def test_it_rings_when_it_begins_to_listen_and_at_each_push(pusher, bell,
                                                            heard):
    assert bell.listens_to('q')

    pusher.push('q')
    assert heard.next() == ('push', 'q')
    pusher.push('q')
    assert heard.next() == ('push', 'q')
    heard.nothing()


def test_it_tells_when_something_delayed_is_there(pusher, bell, heard):
    pusher.push('q', delay=20)

    assert heard.next() == ('push', 'q', 20)


def test_it_agrees_to_what_it_asked_for(pusher, bell, door):
    assert door.confirmed == [('q', each) for each in pusher.subscriptions]


def test_where_it_may_not_agree_nothing_is_left_and_that_is_said_once(
        pusher, door, make, heard, caplog):
    door.is_forbidden = True
    make().hang('q')

    assert heard.next() == ('ends', 'q')
    deletions = 0
    while deletions < 3:
        deletions += pusher.next()[0] == 'subscription_delete'
    assert not pusher.subscriptions
    assert caplog.text.count('does not push what comes to the queue "q"') == 1
    heard.nothing()


def test_it_tries_the_rights_of_others_when_some_are_refused(door, make,
                                                             heard):
    door.tokens.insert(0, BAD)
    make().hang('q')

    assert heard.next() == ('begins', 'q')


def test_it_does_so_when_they_end_later(door, make, heard):
    bell = make()
    bell.hang('q')
    assert heard.next() == ('begins', 'q')
    door.tokens.insert(0, BAD)
    bell.hang('r')

    told = [heard.next() for _number in range(3)]
    assert told[0] == ('ends', 'q')
    assert set(told[1:]) == {('begins', 'q'), ('begins', 'r')}


def test_what_an_ended_connection_has_left_is_deleted(pusher, bell, heard):
    before, = pusher.subscriptions
    pusher.drop()
    assert heard.next() == ('ends', 'q')
    pusher.subscriptions[before] = 'q', 1200

    assert heard.next() == ('begins', 'q')

    assert before not in pusher.subscriptions


def test_it_ends_when_there_is_nothing_to_listen_to(make, heard):
    bell = make(is_left=lambda: True)
    bell._thread.join(30)

    assert not bell._thread.is_alive()


def test_it_rings_nobody_else(pusher, bell, heard):
    bell.hang('another')
    assert heard.next() == ('begins', 'another')

    pusher.push('another')

    assert heard.next() == ('push', 'another')
    heard.nothing()


def test_a_push_for_a_queue_that_is_not_known_does_no_harm(pusher, bell,
                                                           heard):
    pusher.send('{"queue_name": "foreign", "body": 1}')
    pusher.push('q')

    assert [heard.next(), heard.next()] == [('push', 'foreign'),
                                            ('push', 'q')]


def test_when_the_last_one_leaves_nothing_is_subscribed_any_more(
        pusher, bell, heard):
    bell.take_down('q')

    _wait_until(lambda: not pusher.subscriptions)
    assert not bell.listens_to('q')
    heard.nothing()


def test_who_leaves_and_comes_back_at_once_changes_nothing(pusher, bell,
                                                           heard):
    before = dict(pusher.subscriptions)
    bell.take_down('q')
    bell.hang('q')

    heard.nothing()
    assert pusher.subscriptions == before


@pytest.mark.parametrize('act', [
    lambda pusher: pusher.close(4003, 'Authentication expired.'),
    lambda pusher: pusher.drop(),
    lambda pusher: pusher.send('no JSON'),
    lambda pusher: pusher.send('x' * (websocket.LARGEST + 1))],
    ids=['4003', 'dropped', 'garbage', 'huge'])
def test_after_a_connection_is_lost_it_connects_again(pusher, bell, heard,
                                                      act):
    act(pusher)

    assert heard.next() == ('ends', 'q')
    assert heard.next() == ('begins', 'q')
    pusher.push('q')
    assert heard.next() == ('push', 'q')


def test_it_outlives_a_server_that_closes_all_the_time(pusher, bell, heard):
    for _number in range(5):
        pusher.close(4003, 'Authentication expired.')
        assert heard.next() == ('ends', 'q')
        assert heard.next() == ('begins', 'q')

    assert bell.listens_to('q')


@pytest.mark.parametrize('answer', [
    'no JSON', '{"headers": {"status": 500}, "body": {"error": "broken"}}',
    '{"headers": {"status": 403}, "body": {"error": "not yours"}}',
    '{"headers": {"status": 409}, "body": "not created"}'])
def test_it_tries_again_to_subscribe(pusher, make, heard, answer):
    def refuse(action):
        if action == 'subscription_create':
            refused.append(action)
            if len(refused) < 3:
                return answer
        return None

    refused = []
    pusher.answer = refuse
    bell = make()
    bell.hang('q')

    _wait_until(lambda: bell.listens_to('q'))
    assert len(refused) == 3


def test_a_queue_that_is_gone_is_not_made_again(pusher, make, heard):
    pusher.gone.add('q')
    bell = make()
    bell.hang('q')

    assert heard.next() == ('ends', 'q')
    assert not bell.listens_to('q')
    assert not pusher.subscriptions


def test_a_queue_that_is_deleted_just_then_stays_deleted(pusher, make, heard):
    def delete(action):
        if action == 'subscription_create':
            pusher.delete('q')

    pusher.metadata['q'] = {'a': 1}
    pusher.answer = delete
    bell = make()
    bell.hang('q')

    assert heard.next() == ('ends', 'q')
    assert pusher.gone == {'q'}
    assert not pusher.subscriptions


def test_one_that_somebody_made_again_is_listened_to(pusher, make, heard):
    def make_again(action):
        if action == 'subscription_create':
            pusher.delete('q')
            pusher.stored['q'] = 1

    pusher.metadata['q'] = {'a': 1}
    pusher.answer = make_again
    bell = make()
    bell.hang('q')

    assert heard.next() == ('begins', 'q')
    assert bell.listens_to('q')


def test_a_queue_that_is_gone_later_is_looked_at(pusher, make, heard):
    bell = make(interval=0.5)
    bell.hang('q')
    assert heard.next() == ('begins', 'q')
    pusher.gone.add('q')

    assert heard.next() == ('ends', 'q')
    assert not bell.listens_to('q')


def test_it_subscribes_anew_and_rings_now_and_then(pusher, make, heard):
    bell = make(interval=0.5)
    bell.hang('q')
    assert heard.next() == ('begins', 'q')
    first = dict(pusher.subscriptions)

    assert heard.next() == ('begins', 'q')
    assert len(pusher.subscriptions) == 1
    assert pusher.subscriptions.keys() != first.keys()


def test_it_renews_its_token_before_the_end(pusher, door, make, monkeypatch):
    monkeypatch.setattr(doorbell, '_SELDOM', 0.1)
    door.lasts = 0
    make()

    calls = [pusher.next()[0] for _number in range(3)]

    assert calls == ['authenticate'] * 3


def test_where_nobody_answers_it_stays_at_looking(door, make, heard,
                                                  monkeypatch, caplog):
    def connect():
        raise errors.Unreachable('nobody is there')

    monkeypatch.setattr(door, 'connect', connect)
    bell = make()
    bell.hang('q')

    _wait_until(lambda: 'nobody is there' in caplog.text)
    assert not bell.listens_to('q')


def test_it_says_once_that_it_is_down_and_once_that_it_is_back(
        pusher, bell, heard, caplog):
    caplog.clear()
    caplog.set_level('INFO')
    pusher.drop()

    assert heard.next() == ('ends', 'q')
    assert heard.next() == ('begins', 'q')

    told = [each.message for each in caplog.records
            if each.name == doorbell.__name__]
    assert [('pushes nothing' in each, 'pushes what' in each)
            for each in told] == [(True, False), (False, True)]


def test_two_hundred_queues_are_on_one_connection(pusher, make, heard):
    bell = make()
    names = ['q%d' % number for number in range(200)]
    for name in names:
        bell.hang(name)

    assert sorted(heard.next()[1] for _name in names) == sorted(names)
    for name in names:
        pusher.push(name)
    assert [heard.next()[1] for _name in names] == names


def test_it_ends_at_once(pusher, bell):
    bell.end()

    assert not bell._thread.is_alive()
    _wait_until(lambda: not pusher.subscriptions)


def _wait_until(is_so):
    until = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)
