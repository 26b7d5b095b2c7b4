# SPDX-License-Identifier: Apache-2.0
"""oslo.messaging within one process, where a message arrives at once.

oslo.messaging's own driver for that, ``fake://``, looks for messages every
50 ms: so long would each call of Heat's API take, and each step of a stack.
"""
import threading

from oslo_messaging._drivers import impl_fake


class Exchange(impl_fake.FakeExchange):
    """Wakes those who wait for a message when one comes."""

    def __init__(self, name):
        super().__init__(name)
        self.changed = threading.Condition(self._queues_lock)

    def deliver_message(self, *args, **kwargs):
        with self.changed:
            super().deliver_message(*args, **kwargs)
            self.changed.notify_all()


class Listener(impl_fake.FakeListener):
    """Sleeps until there is a message."""

    def poll(self, timeout=None, batch_size=1, batch_timeout=None):
        changed = self._exchange.changed
        with changed:
            while not (found := super().poll(0, batch_size)):
                if self._stopped.is_set() or not changed.wait(timeout):
                    break
            return found

    def stop(self):
        super().stop()
        with self._exchange.changed:
            self._exchange.changed.notify_all()

    @property
    def _exchange(self):
        return self._exchange_manager.get_exchange(self._targets[0].exchange)


def install():
    """Let the driver ``fake://`` work so."""
    impl_fake.FakeExchange = Exchange
    impl_fake.FakeListener = Listener
