# SPDX-License-Identifier: Apache-2.0
"""What unit tests have: a Zaqar in memory, and clocks that are told."""
import time

from hypothesis import settings
from keystoneauth1 import session
import pytest

from heat_plugins.testing import clock as clocks
from heat_plugins.testing import server

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
