# SPDX-License-Identifier: Apache-2.0
"""Pushes by websocket: waits are seen at once where there are some."""
import time

from heat_plugins.doctor import finding
from heat_plugins.doctor.checks import messages
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import subscriptions
from heat_plugins.zaqar import websocket

TITLE = 'Pushes'
NEEDS = (messages,)
_PATIENCE = 10
_TTL = 300
_WITHOUT = ('without it all works, but a wait sees a message after a second '
            'or a few: run "zaqar-server" with the transport websocket beside '
            'the other, and register its endpoint of the type "%s"' %
            websocket.SERVICE_TYPE)


def examine(patient):
    tried = 'a push by websocket'
    try:
        connection = patient.zaqar.connection()
    except errors.NotOffered:
        yield finding.note(tried, 'the catalog has no endpoint of the type '
                           '"%s"' % websocket.SERVICE_TYPE, _WITHOUT)
        return
    except errors.ZaqarError as error:
        yield finding.warning(tried, str(error), _WITHOUT)
        return
    try:
        yield from _pushed(patient, connection, tried)
    finally:
        connection.close()
    public = patient.zaqar.websocket_endpoint('public')
    if public:
        yield finding.note(
            'who may use the websocket', 'the public catalog has it: %s' %
            public, 'keep guests away from it: there, whoever has a signed '
            'URL of one queue can use every queue of the project')


def _pushed(patient, connection, tried):
    with patient.queue() as queue:
        connection.authenticate(patient.zaqar.token()[0])
        made = connection.subscribe(queue.name, _TTL)
        # Where subscribers must confirm, this one has to as well.
        subscriptions.Subscriptions(queue).confirm(made)
        began = time.monotonic()
        messages.post(queue)
        while time.monotonic() - began < _PATIENCE:
            if any(each.queue == queue.name for each in connection.wait(1)):
                yield finding.ok(tried, 'it came after %.2f seconds' % (
                    time.monotonic() - began))
                return
    yield finding.warning(
        tried, 'none came in %d seconds' % _PATIENCE,
        'the websocket server and the other need the same stores, and '
        '"notifier" in [storage] message_pipeline')
