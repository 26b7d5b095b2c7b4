# SPDX-License-Identifier: Apache-2.0
"""Several who wait on one queue ask once."""
import gc
import threading
import uuid

import pytest

from heat_plugins.testing import clock as clocks
from heat_plugins.waiting import watch
from heat_plugins.zaqar import errors


class Queue:
    """Counts what it is asked."""

    def __init__(self):
        self.href = 'http://zaqar/v2/queues/' + uuid.uuid4().hex
        self.asked = []
        self.deleted = []
        self.error = None
        self.gate = None

    def page(self, *question, **options):
        self.asked.append((question, options))
        if self.gate:
            self.gate.wait(10)
        if self.error:
            raise self.error
        return [{'id': 'm%d' % len(self.asked)}]

    def metadata(self):
        self.asked.append('metadata')
        return {}

    def delete_messages(self, *messages):
        self.deleted += messages


@pytest.fixture
def clock():
    return clocks.ManualClock(0)


@pytest.fixture
def queue():
    return Queue()


@pytest.fixture
def watching(queue, clock):
    def make(project='p'):
        return watch.Watch(queue, project, clock)
    return make


def test_an_answer_serves_all_for_a_moment(queue, clock, watching):
    watches = [watching() for _number in range(50)]

    assert {each.page('0')[0]['id'] for each in watches} == {'m1'}
    clock.advance(watch.FRESH + 0.01)
    assert {each.page('0')[0]['id'] for each in watches} == {'m2'}


def test_another_question_is_another_answer(queue, watching):
    one = watching()
    one.page('0')
    one.page('m1')
    one.page(marker=None, include_claimed=False)
    one.page(include_claimed=False, marker=None)
    one.metadata()
    one.metadata()

    assert len(queue.asked) == 4


def test_another_project_has_another_queue(queue, watching):
    one, other = watching('one'), watching('other')
    one.page('0')
    other.page('0')

    assert len(queue.asked) == 2


def test_those_who_come_while_it_is_asked_wait_for_it(queue, watching):
    queue.gate = threading.Event()
    found = []
    threads = [threading.Thread(
        target=lambda: found.append(watching().page('0')))
        for _number in range(10)]
    keeper = watching()
    for each in threads:
        each.start()
    queue.gate.set()
    for each in threads:
        each.join()

    assert keeper.page('0') == found[0]
    assert len(found) == 10
    assert len(queue.asked) == 1


def test_an_error_is_an_answer_too(queue, clock, watching):
    one, other = watching(), watching()
    queue.error = errors.Unreachable('no answer')

    for each in (one, other):
        with pytest.raises(errors.Unreachable, match='no answer'):
            each.page('0')
    assert len(queue.asked) == 1
    queue.error = None
    clock.advance(1)
    assert one.page('0')


def test_deleting_is_done_at_once(queue, watching):
    watching().delete_messages('a', 'b')

    assert queue.deleted == ['a', 'b']


def test_what_was_asked_before_it_began_is_asked_again(queue, clock,
                                                       watching):
    # somebody may have consumed the message in between
    one = watching()
    one.page('0')
    clock.advance(0.01)

    assert watching().page('0') == [{'id': 'm2'}]
    assert one.page('0') == [{'id': 'm2'}]


def test_old_answers_are_forgotten_and_those_of_a_queue_nobody_watches(
        queue, clock, watching):
    one = watching()
    for number in range(100):
        one.page(str(number))
        clock.advance(1)
    assert len(one._answers._known) == 1

    del one
    gc.collect()
    watching().page('99')
    assert len(queue.asked) == 101
