# SPDX-License-Identifier: Apache-2.0
"""The stores of request ids, each held to the same."""
from concurrent import futures
import threading

import pytest

from heat_plugins.worker import memory_store
from heat_plugins.worker import sqlite_store
from heat_plugins.worker import store as stores

REPLY = {'request_id': 'r', 'status': 'SUCCESS', 'data': {'x': ['\U0001f600']}}
NEW = stores.Known()
BEGUN = stores.Known(was_begun=True)
ANSWERED = stores.Known(REPLY)


@pytest.fixture(params=['memory', 'sqlite'])
def store(request, clock, tmp_path):
    if request.param == 'memory':
        return memory_store.MemoryStore(clock)
    return sqlite_store.SqliteStore(tmp_path / 'it.sqlite', clock)


def test_what_is_new_is_held(store):
    assert store.begin('r', 'me', 60) == NEW

    with pytest.raises(stores.Busy):
        store.begin('r', 'you', 60)
    assert store.begin('other', 'you', 60) == NEW


def test_who_holds_it_may_begin_again(store):
    store.begin('r', 'me', 60)

    assert store.begin('r', 'me', 60) == NEW


def test_what_was_answered_is_remembered_for_everybody(store):
    store.begin('r', 'me', 60)
    store.finish('r', 'me', REPLY)

    assert store.begin('r', 'me', 60) == ANSWERED
    assert store.begin('r', 'you', 60) == ANSWERED


def test_what_a_dead_worker_held_may_be_begun_by_another(store, clock):
    store.begin('r', 'dead', 60)
    clock.advance(61)

    assert store.begin('r', 'me', 60) == BEGUN
    store.renew('r', 'dead', 1000)
    clock.advance(61)
    assert store.begin('r', 'you', 60) == BEGUN


def test_what_a_dead_worker_held_is_forgotten_with_its_message(store, clock):
    store.begin('r', 'dead', 60)
    clock.advance(60 + stores.KEPT)

    assert store.begin('r', 'me', 60) == NEW


def test_what_is_renewed_is_held_longer(store, clock):
    store.begin('r', 'me', 60)
    clock.advance(50)
    store.renew('r', 'me', 60)
    clock.advance(50)

    with pytest.raises(stores.Busy):
        store.begin('r', 'you', 60)


def test_an_answer_outlives_a_renewal_that_comes_late(store, clock):
    store.begin('r', 'me', 60)
    store.finish('r', 'me', REPLY)
    store.renew('r', 'me', 60)
    clock.advance(1000)

    assert store.begin('r', 'you', 60) == ANSWERED


def test_an_answer_is_forgotten_when_no_message_can_ask_for_it(store, clock):
    store.begin('r', 'me', 60)
    store.finish('r', 'me', REPLY)
    clock.advance(stores.KEPT)

    assert store.begin('r', 'you', 60) == NEW


def test_of_many_at_once_one_holds_it(store):
    together = threading.Barrier(8)

    def begin(number):
        together.wait()
        try:
            return store.begin('r', 'worker-%d' % number, 60)
        except stores.Busy as busy:
            return busy

    with futures.ThreadPoolExecutor(8) as pool:
        got = list(pool.map(begin, range(8)))

    assert got.count(NEW) == 1


def test_another_process_finds_what_sqlite_keeps(clock, tmp_path):
    one, other = (sqlite_store.SqliteStore(tmp_path / 'it.sqlite', clock)
                  for _process in range(2))
    one.begin('r', 'one', 60)
    one.finish('r', 'one', REPLY)

    assert other.begin('r', 'other', 60) == ANSWERED
