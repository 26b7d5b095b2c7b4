# SPDX-License-Identifier: Apache-2.0
"""A stand-in for Zaqar's websocket transport, which can be made to fail."""
import contextlib
import json
import queue as queues
import threading
import uuid

from websockets import exceptions
from websockets.sync import server

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import websocket

TOKEN = 'a token'


class Pusher:
    """Answers as Zaqar does; what it does wrong is told to it.

    :ivar subscriptions: id → queue and ttl, of all that are connected.
    :ivar calls: (action, body), as they came.
    :ivar gone: the queues that are not there.
    :ivar metadata: queue → what is stored with it, if that is anything.
    :ivar stored: queue → how many messages there are in it.
    :ivar answer: called with an action; what it returns that is not None is
        sent in the place of the answer. It may raise to end the connection.
    """

    def __init__(self):
        self.subscriptions = {}
        self.gone = set()
        self.metadata = {}
        self.stored = {}
        self.calls = queues.Queue()
        self.answer = lambda action: None
        self._connections = []
        self._subscribers = {}
        self._server = server.serve(self._serve, '127.0.0.1', 0)
        self.port = self._server.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    @property
    def url(self):
        return 'ws://127.0.0.1:%d' % self.port

    def end(self):
        self._server.shutdown()
        self._thread.join()

    def delete(self, queue):
        """As when somebody deletes a queue."""
        self.gone.add(queue)
        self.metadata.pop(queue, None)

    def push(self, name, **more):
        """As after a post to this queue."""
        for made, (queue, _ttl) in list(self.subscriptions.items()):
            if queue == name and made in self._subscribers:
                self.send(json.dumps({
                    'Message_Type': 'Notification', 'ttl': 60, 'body': 1,
                    'queue_name': name, **more}), [self._subscribers[made]])

    def send(self, text, connections=None):
        """Send to all who are connected, or to these connections."""
        for each in list(connections or self._connections):
            with contextlib.suppress(exceptions.ConnectionClosed):
                each.send(text)

    def close(self, code, reason):
        """Close all connections."""
        for each in list(self._connections):
            each.close(code, reason)

    def drop(self):
        """End all connections without a word."""
        for each in list(self._connections):
            each.socket.close()

    def next(self):
        """What was called next: action, and body."""
        return self.calls.get(timeout=30)

    def _serve(self, connection):
        mine = {}
        self._connections.append(connection)
        try:
            for text in connection:
                self._take(connection, json.loads(text), mine)
        except (exceptions.ConnectionClosed, OSError):
            pass
        finally:
            self._connections.remove(connection)
            for each in mine:
                self.subscriptions.pop(each, None)

    def _take(self, connection, asked, mine):
        action, body = asked['action'], asked['body']
        answer = self.answer(action)
        if answer is None:
            status, answered = self._act(connection, asked, mine)
            answer = json.dumps({
                'request': {'action': action, 'body': body},
                'headers': {'status': status}, 'body': answered})
        self.calls.put((action, body))
        if answer:
            connection.send(answer)

    def _act(self, connection, asked, mine):
        body = asked['body']
        if asked['action'] == 'authenticate':
            if asked['headers']['X-Auth-Token'] == TOKEN:
                return 200, {'message': 'Authentified.'}
            return 401, {'error': 'Authentication failed.'}
        if asked['action'] == 'subscription_create':
            self.gone.discard(body['queue_name'])
            made = str(uuid.uuid4())
            self.subscriptions[made] = body['queue_name'], body['ttl']
            mine[made] = True
            self._subscribers[made] = connection
            return 201, {'subscription_id': made}
        if asked['action'] == 'queue_get':
            return 200, self.metadata.get(body['queue_name'], {})
        if asked['action'] == 'queue_get_stats':
            if body['queue_name'] in self.gone:
                return 404, {'messages': {'total': 0}}
            return 200, {'messages': {
                'total': self.stored.get(body['queue_name'], 0)}}
        if asked['action'] == 'queue_delete':
            self.delete(body['queue_name'])
            return 204, 'gone'
        self.subscriptions.pop(body['subscription_id'], None)
        return 204, 'gone'


class Bell:
    """What was told: (what, project, queue)."""

    def __init__(self):
        self._told = queues.Queue()

    def push_begins(self, project, queue):
        self._told.put(('begins', project, queue))

    def push(self, project, queue, delay):
        self._told.put(('push', project, queue))

    def push_ends(self, project, queue):
        self._told.put(('ends', project, queue))

    def next(self):
        return self._told.get(timeout=30)


class Client:
    """Of Zaqar, as far as a door uses it.

    :param url: of a ``Pusher``; None where the catalog has none.
    """

    def __init__(self, url, token=TOKEN):
        self._url = url
        self._token = token

    def connection(self, project):
        if self._url is None:
            raise errors.NotOffered('the catalog has none')
        return websocket.Connection(self._url, project)

    def token(self):
        return self._token, 3600
