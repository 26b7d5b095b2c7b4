# SPDX-License-Identifier: Apache-2.0
"""Messages within one process arrive without a pause."""
import time

from oslo_config import cfg
import oslo_messaging
from oslo_messaging._drivers import impl_fake
import pytest

from heat_plugins.localcloud.serve import messaging


@pytest.fixture
def pauses(monkeypatch):
    """The pauses that the driver makes."""
    made = []

    class Time:
        time = staticmethod(time.time)
        sleep = staticmethod(made.append)

    monkeypatch.setattr(impl_fake, 'time', Time)
    return made


@pytest.fixture
def call(monkeypatch, pauses):
    """Calls a server in this process, which ends with the test."""
    for name in ('FakeExchange', 'FakeListener'):
        monkeypatch.setattr(impl_fake, name, getattr(impl_fake, name))
    monkeypatch.setattr(impl_fake.FakeExchangeManager, '_exchanges', {})
    messaging.install()
    driver = impl_fake.FakeDriver(cfg.ConfigOpts(), 'fake://', 'heat')
    target = oslo_messaging.Target(topic='doubling', server='one')

    def answer(incoming):
        [request] = incoming
        request.reply(2 * request.message['number'])

    listener = driver.listen(target, batch_size=1, batch_timeout=None)
    listener.start(answer)
    yield lambda number: driver.send(
        target, {}, {'number': number}, wait_for_reply=True, timeout=60)
    listener.stop()


def test_each_call_is_answered_at_once(call, pauses):
    assert [call(number) for number in range(100)] == [
        2 * number for number in range(100)]
    assert not any(pauses)
