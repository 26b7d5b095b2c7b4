# SPDX-License-Identifier: Apache-2.0
"""Every case runs against the in-memory Zaqar and against the real one."""
import itertools
import json
import os
import types
import uuid

import pytest
import requests

from heat_plugins.localcloud import clients
from heat_plugins.testing import server

_numbers = itertools.count(1)


class Real:
    """Zaqar on the cloud that all tests share."""

    def __init__(self, cloud):
        self._cloud = cloud
        self._session = clients.session(cloud)
        self.url = cloud.endpoints['zaqar']

    def client(self):
        return clients.zaqar(self._cloud, using=self._session)

    def auth(self):
        """Headers of a caller with a token."""
        return {'X-Auth-Token': self._session.get_token()}


class InMemory:
    """The in-memory Zaqar."""

    def __init__(self, running):
        self._running = running
        self.url = running.url

    def client(self):
        return self._running.client()

    def auth(self):
        return {'X-Auth-Token': 'any'}


class Zaqar:
    """What a case needs of either.

    :param target: a ``Real`` or an ``InMemory``.
    """

    def __init__(self, target):
        self._target = target
        self.url = target.url
        self.client = target.client
        self.patch = {'Content-Type': 'application/openstack-messaging-v2.0'
                                      '-json-patch'}

    @staticmethod
    def name():
        """A name that no other case has."""
        return 'contract-%d-%d' % (os.getpid(), next(_numbers))

    def queue(self, name=None):
        """A queue, with a client of its own; nothing is made."""
        return self.client().queue(name or self.name())

    def call(self, method, path, document=None, headers=None, auth=True):
        """One plain HTTP request, without any client's help.

        :param document: the body: text as it is, anything else as JSON.
        :param headers: more headers; None leaves one out.
        :returns: its ``status``, ``document``, ``title``, ``headers``.
        """
        sent = {'Client-ID': str(uuid.uuid4()),
                'Content-Type': 'application/json',
                **(self._target.auth() if auth else {}), **(headers or {})}
        if document is not None and not isinstance(document, str):
            document = json.dumps(document)
        answer = requests.request(
            method, self.url + path, data=document, timeout=30,
            headers={key: value for key, value in sent.items()
                     if value is not None})
        parsed = json.loads(answer.text) if answer.text else None
        return types.SimpleNamespace(
            status=answer.status_code, document=parsed,
            title=(parsed or {}).get('title'),
            description=(parsed or {}).get('description'),
            headers=answer.headers)


@pytest.fixture(scope='session')
def _in_memory():
    with server.Server() as running:
        yield Zaqar(InMemory(running))


@pytest.fixture(scope='session')
def _real(cloud):
    return Zaqar(Real(cloud))


@pytest.fixture(params=['in-memory', 'real'])
def zaqar(request):
    """A ``Zaqar``: first the one in memory, then the real one."""
    return request.getfixturevalue({
        'in-memory': '_in_memory', 'real': '_real'}[request.param])


@pytest.fixture
def queue(zaqar):
    """A queue's name of this case's own; nothing is made."""
    return zaqar.queue()


@pytest.fixture
def other(zaqar, queue):
    """The same queue, as another client sees it."""
    return zaqar.queue(queue.name)


@pytest.fixture
def post():
    """Posts numbers to a queue, 20 at a time; returns their ids."""
    def posting(queue, count, **options):
        ids = []
        for start in range(0, count, 20):
            answer = queue.post([
                {'body': number, **options}
                for number in range(start, min(start + 20, count))])
            ids += [each.rpartition('/')[2] for each in answer['resources']]
        return ids
    return posting
