# SPDX-License-Identifier: Apache-2.0
"""Signed URLs, used by a plain HTTP client."""
import re
import uuid

import pytest

from heat_plugins.zaqar import errors

MESSAGES = {'messages': [{'body': 'from a guest'}]}


@pytest.fixture
def signed(queue):
    return queue.signed_url(['messages'], 3600, ['POST'])


@pytest.fixture
def guest(zaqar, signed):
    """Calls with the signature's headers, some of them replaced."""
    def calling(method, path, document=None, **replaced):
        headers = {**signed.headers(str(uuid.uuid4())), **replaced}
        return zaqar.call(method, path, document, headers, auth=False)
    return calling


def test_says_what_it_allows(queue, signed):
    assert signed.paths == (queue.path + '/messages',)
    assert signed.methods == ('POST',)
    assert re.fullmatch('[0-9a-f]{64}', signed.signature)
    assert re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d', signed.expires)
    assert not queue.exists()


def test_a_guest_can_do_what_it_allows(queue, guest):
    answer = guest('POST', queue.path + '/messages', MESSAGES)

    assert answer.status == 201
    assert [each['body'] for each in queue.page()] == ['from a guest']


def test_a_guest_can_do_nothing_else(zaqar, queue, guest):
    queue.create({'a': 1})
    path = queue.path + '/messages'

    for method, target in [
            ('GET', path), ('DELETE', path + '?pop=1'),
            ('POST', queue.path + '/claims'), ('DELETE', queue.path),
            ('POST', queue.path + '/share'), ('PUT', queue.path),
            ('POST', zaqar.queue().path + '/messages')]:
        answer = guest(method, target,
                       MESSAGES if method == 'POST' else None)
        assert (answer.status, answer.title) == (404, '404 Not Found')

    assert queue.metadata() == {'a': 1}
    assert queue.page() == []


@pytest.mark.parametrize('forged', [
    {'URL-Signature': '0' * 64}, {'URL-Methods': 'GET,POST'},
    {'URL-Paths': '/v2/queues'}, {'X-Project-ID': 'another'},
    {'URL-Expires': '2099-01-01T00:00:00'}, {'URL-Expires': 'x'},
    {'URL-Expires': '2001-01-01T00:00:00'}, {'X-Project-ID': None}],
    ids=str)
def test_a_forged_one_is_refused(queue, guest, forged):
    answer = guest('POST', queue.path + '/messages', MESSAGES, **forged)

    assert (answer.status, answer.title) == (404, '404 Not Found')
    assert not queue.exists()


def test_a_guest_needs_a_client_id(queue, guest):
    answer = guest('POST', queue.path + '/messages', MESSAGES,
                   **{'Client-ID': None})

    assert (answer.status, answer.title) == (400, 'Missing header value')


def test_several_paths_and_methods_can_be_signed(zaqar, queue):
    signed = queue.signed_url(['subscriptions', 'messages'], 60,
                              ['POST', 'GET', 'DELETE'])
    headers = signed.headers(str(uuid.uuid4()))

    assert signed.methods == ('DELETE', 'GET', 'POST')
    for path in ('/messages', '/subscriptions'):
        assert zaqar.call('GET', queue.path + path, None, headers,
                          auth=False).status == 200


def test_what_cannot_be_signed_is_refused(queue):
    with pytest.raises(errors.BadRequest, match='Invalid paths'):
        queue.signed_url(['nonsense'], 60, ['GET'])
    with pytest.raises(errors.BadRequest, match='lower than the current'):
        queue.signed_url(['messages'], -60, ['GET'])


@pytest.mark.parametrize(('document', 'reason'), [
    ({'unknown': 1}, 'Unknown keys'), ({'expires': 'soon'}, 'parse'),
    ({'expires': 5}, 'date format'),
    ({'methods': 'GET'}, 'should be a list')])
def test_a_malformed_request_to_sign_is_refused(zaqar, queue, document,
                                                reason):
    answer = zaqar.call('POST', queue.path + '/share', document)

    assert answer.status == 400
    assert reason in answer.description


def test_by_default_it_is_to_read_messages(zaqar, queue):
    answer = zaqar.call('POST', queue.path + '/share', {})

    assert answer.document['paths'] == [queue.path + '/messages']
    assert answer.document['methods'] == ['GET']
