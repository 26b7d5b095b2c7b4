# SPDX-License-Identifier: Apache-2.0
"""The test kit for handlers: the life of a thing without a cloud."""
import datetime
import importlib.util
import pathlib
import re
import shutil
import subprocess
import sys
import textwrap

import pytest

from heat_plugins import worker
from heat_plugins.custom import contract
from heat_plugins.localcloud import demo
from heat_plugins.worker import testing

A, B, C = {'v': 'a'}, {'v': 'b'}, {'v': 'c'}
DOCUMENTATION = (pathlib.Path(__file__).parents[2] / 'doc' / 'source' /
                 'workers.rst')
NOW = datetime.datetime.now(datetime.UTC)


class Handler:
    """Keeps things in a map; what it is to do wrong is told to it.

    :ivar things: physical id → value.
    :ivar calls: the tasks, in order.
    :ivar act: called with each task before it is done.
    """

    def __init__(self, act=lambda task: None, has_new=False):
        self.things = {}
        self.calls = []
        self.act = act
        self.has_new = has_new

    def create(self, task):
        self._begin(task)
        self.things[task.request_id] = task.properties['v']
        return {'v': task.properties['v']}

    def update(self, task):
        self._begin(task)
        if not self.has_new:
            self.things[task.physical_id] = task.properties['v']
            return None
        self.things[task.request_id] = task.properties['v']
        return worker.Result(task.request_id)

    def delete(self, task):
        self._begin(task)
        self.things.pop(task.physical_id, None)

    def _begin(self, task):
        self.calls.append(task)
        self.act(task)


def failing(*types, physical_id=None):
    def act(task):
        if task.request_type in types:
            raise worker.Failed('no', physical_id)
    return act


def test_a_life():
    handler = Handler()
    life = testing.Life(handler, stack_name='mine')
    assert life.create(A).status == 'SUCCESS'
    made = life.physical_id
    assert (life.data, handler.things) == (A, {made: 'a'})
    life.update(B)
    assert handler.things == {made: 'b'}
    assert handler.calls[1].old_properties == A
    life.delete()

    assert not handler.things
    assert not life.left
    assert life.physical_id is None
    assert life.asked == ['Create', 'Update', 'Delete']
    assert {each.stack_name for each in handler.calls} == {'mine'}


def test_what_does_not_change_asks_nobody():
    life = testing.Life(Handler())
    life.create(A)
    life.update(A)

    assert life.asked == ['Create']


def test_a_new_thing_takes_the_place_of_the_old_one():
    handler = Handler(has_new=True)
    life = testing.Life(handler)
    life.create(A)
    first = life.physical_id
    life.update(B)

    assert life.asked == ['Create', 'Update', 'Delete']
    assert handler.calls[-1].physical_id == first != life.physical_id
    assert handler.things == {life.physical_id: 'b'}


@pytest.mark.parametrize(('has_new', 'asked'), [
    (False, ['Create', 'Update', 'Update']),
    (True, ['Create', 'Update', 'Delete'])])
def test_an_update_is_rolled_back(has_new, asked):
    handler = Handler(has_new=has_new)
    life = testing.Life(handler)
    life.create(A)
    first = life.physical_id
    life.update(B, rolled_back=True)

    assert life.asked == asked
    assert (life.physical_id, handler.things) == (first, {first: 'a'})


def test_a_create_is_rolled_back():
    handler = Handler()
    life = testing.Life(handler)
    life.create(A, rolled_back=True)

    assert life.asked == ['Create', 'Delete']
    assert not handler.things


def test_a_failure_ends_an_action_and_the_next_settles_it():
    handler = Handler(failing('Update'))
    life = testing.Life(handler)
    life.create(A)
    assert life.update(B).reason == 'no'
    handler.act = lambda task: None
    assert life.update(A).status == 'SUCCESS'

    assert life.asked == ['Create', 'Update', 'Update']


def test_what_a_failed_create_has_left_is_deleted():
    handler = Handler(failing('Create', physical_id='half'))
    life = testing.Life(handler)
    life.create(A)
    assert life.left == ['half']
    life.delete()

    assert handler.calls[-1].physical_id == 'half'
    assert not life.left


def test_an_old_thing_whose_delete_fails_stays_until_the_next_action():
    handler = Handler(failing('Delete'), has_new=True)
    life = testing.Life(handler)
    life.create(A)
    first = life.physical_id
    assert life.update(B).status == 'FAILED'
    assert life.left == [life.physical_id, first]
    handler.act = lambda task: None
    life.delete()

    assert not handler.things
    assert not life.left


def test_a_worker_that_dies_has_it_begun_again():
    def die_once(task):
        handler.act = lambda task: None
        raise testing.WorkerDied

    handler = Handler(die_once)
    life = testing.Life(handler)

    assert life.create(A).status == 'SUCCESS'
    first, second = handler.calls
    assert first.request_id == second.request_id
    assert life.asked == ['Create']


def test_one_that_always_dies_is_hopeless():
    def die(task):
        raise testing.WorkerDied

    with pytest.raises(testing.Hopeless, match='10 times over the request'):
        testing.Life(Handler(die)).create(A)


def test_a_request_may_come_again():
    handler = Handler()
    life = testing.Life(handler)
    first = life.create(A)

    assert life.repeat() == first
    assert len(handler.things) == 1
    assert life.asked == ['Create']


def test_progress_is_told():
    life = testing.Life(Handler(lambda task: task.progress('half')))
    life.create(A)

    assert life.progress == ['half']


@pytest.mark.parametrize(('deadline', 'is_over'), [
    (NOW - datetime.timedelta(seconds=5), True),
    (NOW + datetime.timedelta(hours=1), False), (None, False)])
def test_a_handler_knows_whether_anybody_waits(deadline, is_over):
    seen = []
    testing.Life(Handler(lambda task: seen.append(
        (task.deadline, task.cancelled))), deadline=deadline).create(A)

    assert seen == [(deadline and deadline.replace(microsecond=0), is_over)]


def test_a_request_that_no_worker_would_take_is_refused():
    with pytest.raises(contract.ContractError, match='request.heartbeat'):
        testing.request('Create', A, heartbeat=0)


def test_the_example_s_handler(tmp_path, monkeypatch):
    monkeypatch.setenv('ZONE_FILE', str(tmp_path / 'zone'))
    path = demo.examples() / 'workers' / 'zone.py'
    spec = importlib.util.spec_from_file_location('zone', path)
    zone = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(zone)
    life = testing.Life(zone.Records())

    assert life.create({'name': 'www', 'type': 'A', 'value': '192.0.2.7'}
                       ).status == 'SUCCESS'
    assert life.repeat().status == 'SUCCESS'
    life.update({'name': 'web', 'type': 'A', 'value': '192.0.2.7'})
    assert life.asked == ['Create', 'Update', 'Delete']
    text = (tmp_path / 'zone').read_text()
    assert 'web' in text
    assert 'www' not in text
    life.delete()
    assert 'web' not in (tmp_path / 'zone').read_text()


def test_the_tests_in_the_documentation_pass(tmp_path):
    """As they are written there, beside the example's handler."""
    text = DOCUMENTATION.read_text()
    _before, _title, text = text.partition('Test a handler\n===')
    [block, *_others] = re.findall(
        r'^\.\. code-block:: python\n\n((?:    .*\n|\n)+)', text, re.M)
    (tmp_path / 'test_zone.py').write_text(textwrap.dedent(block))
    shutil.copy(demo.examples() / 'workers' / 'zone.py', tmp_path)

    ended = subprocess.run(
        [sys.executable, '-W', 'ignore', '-m', 'pytest', '-q', '-p',
         'no:cacheprovider'], cwd=tmp_path, capture_output=True, text=True,
        timeout=120)

    assert '4 passed' in ended.stdout, ended.stdout
