# SPDX-License-Identifier: Apache-2.0
"""When waits are looked after, and when Heat goes its own way."""
import types

from heat.engine import service
import pytest

from heat_plugins.engine import options
from heat_plugins.engine import parking


class Service:
    """Stands for Heat's, which starts and stops in each worker process.

    :ivar log: what happened, in its order.
    """
    engine_id = 'me'
    worker_service = None

    def __init__(self):
        self.log = []

    def start(self):
        self.log.append('start')

    def stop(self):
        self.log.append('stop')


@pytest.fixture
def engine(monkeypatch):
    """One that has not started; the classes are as before afterwards."""
    monkeypatch.setattr(service, 'EngineService', Service)
    for name in ('start', 'stop'):
        monkeypatch.setattr(Service, name, getattr(Service, name))
    return Service()


@pytest.fixture
def looked_after(engine, monkeypatch):
    """Notes in the engine's log when waits are looked after."""
    monkeypatch.setattr(
        parking, 'begin', lambda it: engine.log.append('begin ' + it.id))
    monkeypatch.setattr(parking, 'end', lambda: engine.log.append('end'))


def choose(monkeypatch, **values):
    monkeypatch.setattr(options, 'get',
                        lambda: types.SimpleNamespace(**values))


def live(engine):
    engine.start()
    engine.stop()
    return engine.log


def test_waits_are_looked_after_from_start_to_stop(
        engine, looked_after, monkeypatch):
    choose(monkeypatch, park_waits=True)
    # Heat loads plugins from each of its folders.
    for _scan in range(2):
        parking.arrange(True)

    assert live(engine) == ['start', 'begin me', 'end', 'stop']
    # A signal may have Heat's engine start again.
    assert live(engine)[4:] == ['start', 'begin me', 'end', 'stop']


def test_on_an_unknown_heat_nothing_is_touched_and_one_line_says_so(
        engine, looked_after, monkeypatch, caplog):
    choose(monkeypatch, park_waits=True)
    parking.arrange(False)

    assert live(engine) == ['start', 'stop']
    [line] = caplog.messages
    assert line.startswith('The option park_waits has no effect')


def test_without_the_option_nothing_is_touched_and_nothing_said(
        engine, looked_after, monkeypatch, caplog):
    choose(monkeypatch, park_waits=False)
    for is_known in (True, False):
        parking.arrange(is_known)

    assert live(engine) == ['start', 'stop']
    assert caplog.messages == []


def test_a_resource_waits_in_its_thread_then():
    """Nothing of it is touched: it is none."""
    assert parking.moment() == 0
    assert parking.park(None, None, 0) is None
