# SPDX-License-Identifier: Apache-2.0
"""A connection for pushes, to a server that may do anything."""
import base64
import hashlib
import json
import socket
import ssl
import threading

import pytest

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import websocket

from . import pushing


@pytest.fixture
def connection(pusher):
    made = websocket.Connection(pusher.url, 'p')
    made.authenticate(pushing.TOKEN)
    yield made
    made.close()


def test_what_comes_to_a_queue_is_pushed(pusher, connection):
    connection.subscribe('q', 60)

    pusher.push('q')
    pusher.push('another')

    assert connection.wait(30) == [websocket.Push('q')]
    assert connection.wait(0) == []


def test_a_push_tells_of_a_delay(pusher, connection):
    connection.subscribe('q', 60)

    pusher.push('q', delay=20)
    pusher.push('q', delay='long')

    assert connection.wait(30) + connection.wait(0.2) == [
        websocket.Push('q', 20), websocket.Push('q')]


def test_what_is_not_subscribed_to_any_more_is_not(pusher, connection):
    made = connection.subscribe('q', 60)
    assert list(pusher.subscriptions) == [made]

    connection.unsubscribe('q', made)

    pusher.push('q')
    assert connection.wait(0.2) == []


def test_a_push_that_comes_before_an_answer_is_kept(pusher, connection):
    connection.subscribe('q', 60)

    def answer(action):
        pusher.answer = lambda action: None
        pusher.push('q')

    pusher.answer = answer
    connection.subscribe('another', 60)

    assert connection.wait(30) == [websocket.Push('q')]


def test_a_burst_is_taken_at_once(pusher, connection):
    connection.subscribe('q', 60)
    for _number in range(1000):
        pusher.push('q')

    taken = []
    while len(taken) < 1000:
        pushed = connection.wait(30)
        assert pushed
        taken += pushed

    assert set(taken) == {websocket.Push('q')}


def test_a_wait_is_ended_by_another_thread(connection):
    threading.Timer(0.1, connection.wake).start()

    assert connection.wait(30) == []


def test_to_wake_a_closed_one_does_no_harm(pusher):
    connection = websocket.Connection(pusher.url, 'p')
    connection.close()

    connection.wake()


def test_a_queue_is_there_or_not(pusher, connection):
    pusher.gone.add('gone')
    pusher.metadata['q'] = {'a': 1}

    assert connection.has('q')
    assert connection.metadata('q') == {'a': 1}
    assert connection.has('another')
    assert connection.metadata('another') == {}
    assert not connection.has('gone')


def test_only_an_empty_queue_is_deleted(pusher, connection):
    pusher.stored['full'] = 1

    assert connection.delete_if_empty('q')
    assert not connection.delete_if_empty('full')

    assert pusher.gone == {'q'}


def test_a_queue_whose_messages_cannot_be_counted_is_there(pusher,
                                                           connection):
    pusher.answer = lambda action: action == 'queue_get_stats' and (
        json.dumps({'headers': {'status': 503}, 'body': {}})) or None

    assert connection.has('q')
    assert not connection.delete_if_empty('q')


@pytest.mark.parametrize(('settings', 'options'), [
    ((), {}), ((False,), {'cert_reqs': ssl.CERT_NONE,
                          'check_hostname': False}),
    (('ca.pem', 'one.pem'), {'ca_certs': 'ca.pem', 'certfile': 'one.pem'}),
    ((True, ('c.pem', 'k.pem')), {'certfile': 'c.pem', 'keyfile': 'k.pem'})])
def test_certificates_are_as_for_requests(settings, options):
    assert websocket.tls(*settings) == options


def test_it_ends_after_its_time(connection):
    assert connection.wait(0.1) == []


def test_a_token_may_be_refused(pusher):
    connection = websocket.Connection(pusher.url, 'p')

    with pytest.raises(errors.Unauthorized, match='Authentication failed'):
        connection.authenticate('another')

    connection.close()


@pytest.mark.parametrize('answer', [
    'no JSON', '[]', '5', json.dumps({'headers': {}, 'body': {}}),
    json.dumps({'headers': {'status': '201'}, 'body': {}}),
    json.dumps({'headers': {'status': 201}, 'body': []}),
    json.dumps({'headers': {'status': 201}, 'body': {}}), '[' * 100000])
def test_garbage_is_told_from_an_answer(pusher, connection, answer):
    pusher.answer = lambda action: answer

    with pytest.raises(errors.UnexpectedAnswer):
        connection.subscribe('q', 60)


def test_what_zaqar_refuses_is_an_error(pusher, connection):
    pusher.answer = lambda action: json.dumps(
        {'headers': {'status': 403}, 'body': {'error': 'not yours'}})

    with pytest.raises(errors.Forbidden, match='not yours'):
        connection.subscribe('q', 60)


@pytest.mark.parametrize('act', [
    lambda pusher: pusher.close(4003, 'Authentication expired.'),
    lambda pusher: pusher.drop(),
    lambda pusher: pusher.send('x' * (websocket.LARGEST + 1))])
def test_the_end_of_a_connection_is_told(pusher, connection, act):
    threading.Timer(0.1, act, [pusher]).start()

    with pytest.raises(errors.Unreachable):
        connection.wait(30)


def test_a_server_that_hangs_is_noticed(pusher, monkeypatch):
    monkeypatch.setattr(websocket, '_TIMEOUT', 0.2)
    connection = websocket.Connection(pusher.url, 'p')
    pusher.answer = lambda action: ''

    with pytest.raises(errors.Unreachable):
        connection.authenticate(pushing.TOKEN)

    connection.close()


def test_a_network_that_hangs_is_noticed(monkeypatch):
    monkeypatch.setattr(websocket, '_TIMEOUT', 0.2)
    monkeypatch.setattr(websocket, '_PING', 0.1)
    with socket.create_server(('127.0.0.1', 0)) as listening:
        thread = threading.Thread(target=_shake_hands, args=[listening])
        thread.start()
        connection = websocket.Connection(
            'ws://127.0.0.1:%d' % listening.getsockname()[1], 'p')
        with pytest.raises(errors.Unreachable, match='ping'):
            connection.wait(30)
        connection.close()
        thread.join()


def _shake_hands(listening):
    """Accept one connection, and never say anything again."""
    accepted, _address = listening.accept()
    with accepted:
        asked = accepted.recv(65536).decode()
        key = asked.partition('Sec-WebSocket-Key: ')[2].split('\r\n')[0]
        digest = base64.b64encode(hashlib.sha1(
            (key + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').encode()).digest())
        accepted.sendall(
            b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n'
            b'Connection: Upgrade\r\nSec-WebSocket-Accept: ' + digest +
            b'\r\n\r\n')
        while accepted.recv(65536):
            pass


def test_nobody_may_be_there():
    with socket.create_server(('127.0.0.1', 0)) as listening:
        port = listening.getsockname()[1]

    with pytest.raises(errors.Unreachable, match=str(port)):
        websocket.Connection('ws://127.0.0.1:%d' % port, 'p')
