# SPDX-License-Identifier: Apache-2.0
"""Pushes by websocket: waits are seen at once where there are some."""
import contextlib
import time

from oslo_utils import uuidutils

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
    if patient.zaqar.websocket_endpoint('public'):
        with contextlib.suppress(errors.ZaqarError):  # there are no guests
            yield _what_guests_reach(patient)


def _what_guests_reach(patient):
    tried = ('the signed URL of a queue, for another one by the public '
             'websocket')
    with patient.queue() as own, patient.queue() as other, (
            contextlib.closing(patient.zaqar.connection(
                interface='public'))) as connection:
        headers = own.signed_url(
            paths=['messages'], methods=['POST'], ttl_seconds=60).headers(
                uuidutils.generate_uuid())
        try:
            connection.post_signed(headers, other.name, messages.BODY)
        except errors.Refused as error:
            return finding.ok(tried, 'it is refused: %s' % error)
    return finding.note(
        tried, 'it was taken', 'keep guests away from the websocket, by a '
        'firewall or by no public endpoint of it: whoever has a signed URL '
        'of one queue can use every queue of the project there')


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
