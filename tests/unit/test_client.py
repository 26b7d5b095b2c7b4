# SPDX-License-Identifier: Apache-2.0
"""The client and its queues, where the contract tests cannot look."""
from keystoneauth1 import exceptions as ksa_errors
import pytest

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import limits


def test_a_queue_is_named_and_nothing_is_sent(zaqar):
    queue = zaqar.client().queue('some-queue')

    assert queue.name == 'some-queue'
    assert queue.path == '/v2/queues/some-queue'
    assert queue.href == zaqar.url + '/v2/queues/some-queue'
    assert zaqar.requests == []


def test_metadata_of_a_queue_that_has_some_takes_one_call(queue, zaqar,
                                                          calls):
    queue.update({'a': 1})
    zaqar.requests.clear()

    queue.metadata()

    assert calls() == [('GET', 200)]


def test_metadata_of_a_bare_queue_takes_a_second_look(queue, calls):
    assert queue.metadata() == {}
    assert calls() == [('GET', 200), ('PATCH', 200)]


def test_an_update_that_changes_nothing_sends_no_change(queue, zaqar, calls):
    queue.update({'a': 1})
    zaqar.requests.clear()

    assert queue.update({'a': 1, 'absent': None}) == {'a': 1}
    assert calls() == [('GET', 200)]


def test_metadata_set_to_what_it_is_sends_no_change(queue, zaqar, calls):
    queue.update({'a': 1})
    zaqar.requests.clear()

    assert queue.metadata({'a': 1}) == {'a': 1}
    assert calls() == [('GET', 200)]


def test_messages_are_deleted_a_page_at_a_time(queue, calls):
    queue.delete_messages(*map(str, range(45)))

    assert calls() == [('DELETE', 204)] * 3


def test_deleting_no_messages_sends_nothing(queue, calls):
    queue.delete_messages()

    assert calls() == []


def test_a_page_is_as_large_as_the_server_allows(queue, zaqar):
    queue.page()

    assert 'limit=%d' % limits.PAGE in zaqar.requests[-1].path


def test_delete_does_not_loop_when_subscriptions_do_not_go(zaqar, queue,
                                                           calls):
    for number in range(3):
        zaqar.client().subscription(
            'q', subscriber='http://host/%d' % number, ttl=60)
    zaqar.requests.clear()
    zaqar.faults.answer(204, method='DELETE', path='/subscriptions/',
                        times=99)

    queue.delete()

    assert calls().count(('DELETE', 204)) == 4
    assert not queue.exists()


def test_delete_that_fails_half_way_can_be_repeated(zaqar, queue, pauses):
    for number in range(25):
        zaqar.client().subscription(
            'q', subscriber='http://host/%d' % number, ttl=60)
    zaqar.faults.answer(500, method='DELETE', path='/subscriptions/', skip=22)
    with pytest.raises(errors.ServerError):
        queue.delete()
    assert queue.exists()

    queue.delete()

    assert not queue.exists()
    assert zaqar.store.subscriptions.all(('project', 'q')) == []


def test_a_create_whose_answer_is_lost_says_it_was_there_before(
        zaqar, pauses):
    queue = zaqar.client().queue('new')
    zaqar.faults.drop(method='PUT', done=True)

    # Which is why ownership looks for the stamp as well.
    assert queue.create({'a': 1}) is False
    assert queue.metadata() == {'a': 1}


def test_a_server_without_a_key_for_signing_is_explained(zaqar, queue):
    zaqar.faults.answer(400, '{"title": "Invalid API request", '
                        '"description": "The `key` can\'t be None"}',
                        path='/share')

    with pytest.raises(errors.BadRequest, match='secret_key') as failed:
        queue.signed_url(['messages'], 60, ['POST'])
    assert failed.value.code == 400


def test_the_headers_of_a_signed_url_are_for_every_request(queue):
    signed = queue.signed_url(['messages', 'claims'], 60, ['POST', 'GET'])

    assert signed.headers('an-id') == {
        'URL-Signature': signed.signature, 'URL-Expires': signed.expires,
        'URL-Methods': 'GET,POST', 'X-Project-ID': 'project',
        'URL-Paths': '/v2/queues/q/claims,/v2/queues/q/messages',
        'Client-ID': 'an-id', 'Content-Type': 'application/json'}


def test_another_project_has_queues_of_its_own(zaqar, queue):
    queue.update({'a': 1})

    assert not zaqar.client(project='another').queue('q').exists()


@pytest.mark.parametrize('found', [
    None, ksa_errors.EndpointNotFound('no endpoint')])
def test_a_catalog_without_a_websocket_is_told_in_one_way(zaqar, monkeypatch,
                                                          found):
    client = zaqar.client()

    def get_endpoint(**_options):
        if found is not None:
            raise found

    monkeypatch.setattr(client._adapter, 'get_endpoint', get_endpoint)

    with pytest.raises(errors.NotOffered):
        client.connection()
