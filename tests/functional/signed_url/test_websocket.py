# SPDX-License-Identifier: Apache-2.0
"""What a signed URL opens over Zaqar's websocket: more than was signed.

Zaqar compares the method there, and not the path. The install page tells
operators so; when this test fails, Zaqar has been mended.
"""
import contextlib
import json
import uuid

import pytest
import websocket

_LISTS = ('URL-Methods', 'URL-Paths')


@pytest.fixture
def ask(cloud):
    """Sends one action as a guest, and gives the status of the answer."""
    def asking(signed, action, **body):
        headers = signed.headers(str(uuid.uuid4()))
        headers.update((key, headers[key].split(',')) for key in _LISTS)
        with contextlib.closing(websocket.create_connection(
                cloud.endpoints['zaqar-websocket'])) as connection:
            connection.send(json.dumps({
                'action': action, 'headers': headers, 'body': body}))
            return json.loads(connection.recv())['headers']['status']
    return asking


def test_a_guest_of_one_queue_reaches_every_queue_of_the_project(
        project, ask):
    own, other = (project.queue(project.name()) for _ in range(2))
    own.create({})
    other.create({})
    signed = own.signed_url(['messages'], 3600, ['POST'])

    status = ask(signed, 'message_post', queue_name=other.name,
                 messages=[{'body': 'from a guest of another', 'ttl': 60}])

    assert status == 201
    assert project.bodies(other.name) == ['from a guest of another']
    assert ask(signed, 'message_list', queue_name=own.name) == 403
