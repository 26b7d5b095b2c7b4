# SPDX-License-Identifier: Apache-2.0
"""What unit tests have: a Zaqar in memory, and clocks that are told."""
import logging
import time

from hypothesis import settings
from keystoneauth1 import session
import pytest

from heat_plugins import releases
from heat_plugins.testing import clock as clocks
from heat_plugins.testing import server
from tests import shells as shells_of

from . import checks
from . import pushing
from . import sending

# Without native threads Heat has none of the groups of them that test_threads
# is about; with them nothing is green. The rest needs no eventlet.
collect_ignore = ['test_green.py' if releases.has_native_threads()
                  else 'test_threads.py']

# A slow machine is not a failure.
settings.register_profile('unit', deadline=None, max_examples=40)
settings.load_profile('unit')


@pytest.fixture
def clock():
    """The server's clock."""
    return clocks.ManualClock()


@pytest.fixture
def zaqar(clock):
    """A running ``heat_plugins.testing.server.Server``."""
    with server.Server(clock) as running:
        yield running


@pytest.fixture
def queue(zaqar):
    """A queue that is there."""
    made = zaqar.client().queue('q')
    made.create({})
    zaqar.requests.clear()
    return made


@pytest.fixture
def pauses(monkeypatch):
    """No pauses between two tries; the seconds they would have taken."""
    taken = []

    class Time:
        sleep = staticmethod(taken.append)

        def __getattr__(self, name):
            return getattr(time, name)

    monkeypatch.setattr(session, 'time', Time())
    return taken


@pytest.fixture
def calls(zaqar):
    """The requests made since the queue was there, as (method, status)."""
    def told():
        return [(each.method, each.status) for each in zaqar.requests]
    return told


@pytest.fixture
def pusher():
    """A running ``tests.unit.pushing.Pusher``."""
    running = pushing.Pusher()
    yield running
    running.end()


@pytest.fixture(scope='module')
def heat_tables():
    """Heat's own tables, in memory."""
    with checks.database():
        yield


@pytest.fixture
def heat(heat_tables, monkeypatch):
    """A ``tests.unit.checks.Heat``, whose thing has not acted yet."""
    monkeypatch.setattr(checks.Thing, 'acts', [])
    return checks.Heat(monkeypatch)


@pytest.fixture(scope='session')
def shells(tmp_path_factory):
    """Folders for PATH, by the name of the shell that is ``sh`` there."""
    return {name: shells_of.make(name, tmp_path_factory.mktemp(name))
            for name in shells_of.NAMES}


@pytest.fixture(params=shells_of.NAMES)
def machine(request, shells, tmp_path, zaqar, queue):
    """A ``tests.unit.sending.Machine``, with each of the shells."""
    return sending.Machine(tmp_path, shells[request.param], zaqar, queue)


@pytest.fixture
def own_logging():
    """The handlers that a command of cliff adds go with the test.

    They write to what the test has captured.
    """
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
