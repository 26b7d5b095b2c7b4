# SPDX-License-Identifier: Apache-2.0
"""The HTTP edge, with everything that can go wrong on the way."""
import json

from keystoneauth1 import exceptions as ksa_errors
from keystoneauth1 import plugin
import pytest

from heat_plugins.testing import client as clients
from heat_plugins.zaqar import errors

HTML = '<html>502 Bad Gateway</html>'


def stored(zaqar):
    """Bodies in the queue, as another client sees them."""
    return [each['body'] for each in zaqar.client().queue('q').page()]


def test_given_many_calls_i_expect_one_connection(zaqar):
    client = zaqar.client()
    queue = client.queue('q')
    queue.create({'a': 1})
    for number in range(20):
        queue.post({'body': number})
        queue.page()
        queue.metadata()
        client.queue('other').exists()
    queue.delete()

    assert len(zaqar.requests) > 80
    assert zaqar.connections == 1


def test_given_refusals_i_expect_the_connection_to_be_used_again(zaqar):
    queue = zaqar.client().queue('q')
    for _ in range(5):
        with pytest.raises(errors.BadRequest):
            queue.post({'body': 1, 'ttl': 1})

    assert zaqar.connections == 1


class TestRetries:
    """Of calls that change nothing when they are made twice."""

    @pytest.mark.parametrize('status', [502, 503, 504])
    def test_given_a_passing_status_i_expect_another_try(
            self, zaqar, queue, pauses, calls, status):
        zaqar.faults.answer(status, HTML, times=2)

        assert queue.page() == []
        assert calls() == [('GET', status)] * 2 + [('GET', 200)]
        assert len(pauses) == 2

    @pytest.mark.parametrize('done', [False, True])
    def test_given_a_lost_connection_i_expect_another_try(
            self, zaqar, queue, pauses, calls, done):
        zaqar.faults.drop(done=done, times=3)

        assert queue.page() == []
        assert calls() == [('GET', None)] * 3 + [('GET', 200)]

    def test_given_no_end_of_trouble_i_expect_an_error_after_four_tries(
            self, zaqar, queue, pauses, calls):
        zaqar.faults.answer(503, HTML, times=9)

        with pytest.raises(errors.ServerError) as failed:
            queue.page()

        assert failed.value.code == 503
        assert calls() == [('GET', 503)] * 4

    def test_given_no_end_of_cuts_i_expect_unreachable_after_four_tries(
            self, zaqar, queue, pauses, calls):
        zaqar.faults.drop(times=9)

        with pytest.raises(errors.Unreachable) as failed:
            queue.page()

        assert 'GET /v2/queues/q/messages' in str(failed.value)
        assert failed.value.code is None
        assert calls() == [('GET', None)] * 4

    def test_given_as_many_retries_as_i_ask_for(self, zaqar, queue, pauses,
                                                calls):
        zaqar.faults.answer(503, times=9)

        with pytest.raises(errors.ServerError):
            zaqar.client(retries=0).queue('q').page()

        assert calls() == [('GET', 503)]

    @pytest.mark.parametrize(('what', 'method'), [
        (lambda queue: queue.create({'a': 1}), 'PUT'),
        (lambda queue: queue.update({'a': 1}), 'PATCH'),
        (lambda queue: queue.delete(), 'DELETE'),
        (lambda queue: queue.delete_messages('x'), 'DELETE'),
        (lambda queue: queue.stats, 'GET'),
    ], ids=['create', 'update', 'delete', 'delete_messages', 'stats'])
    @pytest.mark.parametrize('done', [False, True])
    def test_given_a_lost_answer_i_expect_each_of_these_to_succeed(
            self, zaqar, queue, pauses, what, method, done):
        zaqar.faults.drop(method=method, done=done)

        what(queue)

        assert [each.status for each in zaqar.requests
                if each.method == method][0] is None

    def test_given_500_i_expect_no_other_try(self, zaqar, queue, calls):
        zaqar.faults.answer(500, '{"title": "Oh", "description": "no"}')

        with pytest.raises(errors.ServerError, match='Oh: no'):
            queue.page()
        assert calls() == [('GET', 500)]


class TestNoRetries:
    """Of calls that would do their work twice."""

    def test_given_a_lost_answer_i_expect_a_message_posted_once(
            self, zaqar, queue, calls):
        zaqar.faults.drop(method='POST', done=True)

        with pytest.raises(errors.Unreachable):
            queue.post({'body': 1})

        assert calls() == [('POST', None)]
        assert stored(zaqar) == [1]

    @pytest.mark.parametrize('status', [502, 503, 504])
    @pytest.mark.parametrize('done', [False, True])
    def test_given_a_proxys_error_i_expect_an_error_from_post(
            self, zaqar, queue, calls, status, done):
        zaqar.faults.answer(status, HTML, method='POST', done=done)

        with pytest.raises(errors.ServerError) as failed:
            queue.post({'body': 1})

        assert failed.value.code == status
        assert calls() == [('POST', status)]
        assert stored(zaqar) == [1] * done

    def test_given_a_lost_answer_i_expect_no_second_pop(self, zaqar, queue,
                                                        calls):
        queue.post([{'body': 1}, {'body': 2}])
        zaqar.faults.drop(method='DELETE', done=True)

        with pytest.raises(errors.Unreachable):
            queue.pop(1)

        assert calls()[1:] == [('DELETE', None)]
        assert stored(zaqar) == [2]

    def test_given_a_lost_answer_i_expect_no_second_claim(self, zaqar, queue):
        queue.post([{'body': 1}, {'body': 2}])
        zaqar.faults.drop(method='POST', path='/claims', done=True)

        with pytest.raises(errors.Unreachable):
            queue.claim(ttl=60, grace=60, limit=1)

        assert queue.stats['claimed'] == 1


class TestSilence:

    def test_given_a_hang_i_expect_unreachable_when_time_is_up(
            self, zaqar, queue, calls):
        zaqar.faults.hang(times=9)

        with pytest.raises(errors.Unreachable) as failed:
            zaqar.client(timeout=0.2, retries=0).queue('q').page()

        assert 'timed out' in str(failed.value)

    def test_given_a_hang_of_post_i_expect_one_try(self, zaqar, queue):
        zaqar.faults.hang(method='POST', times=9, done=True)

        with pytest.raises(errors.Unreachable):
            zaqar.client(timeout=0.2).queue('q').post({'body': 1})

        assert stored(zaqar) == [1]

    def test_given_a_short_hang_i_expect_another_try(self, zaqar, queue,
                                                     pauses):
        zaqar.faults.hang()

        assert zaqar.client(timeout=0.2).queue('q').page() == []
        assert len(pauses) == 1

    def test_given_nobody_there_i_expect_unreachable(self, zaqar, pauses):
        client = clients.client('http://127.0.0.1:1')

        with pytest.raises(errors.Unreachable):
            client.queue('q').page()
        assert len(pauses) == 3


class TestStrangeAnswers:

    @pytest.mark.parametrize('body', [
        HTML, '', '[]', '"text"', 'null', '3', '{"messages": [', b'\xff\xfe',
        b'\0'], ids=ascii)
    def test_given_garbage_with_200_i_expect_unexpected_answer(
            self, zaqar, queue, calls, body):
        zaqar.faults.answer(200, body)

        with pytest.raises(errors.UnexpectedAnswer) as failed:
            queue.page()

        assert 'is not from Zaqar' in str(failed.value)
        assert failed.value.code == 200
        assert calls() == [('GET', 200)]

    @pytest.mark.parametrize('status', [200, 400])
    def test_given_json_without_a_bottom_i_expect_an_error_of_ours(
            self, zaqar, queue, status):
        zaqar.faults.answer(status, '[' * 100000)

        with pytest.raises(errors.ZaqarError) as failed:
            queue.page()
        assert failed.value.code == status

    def test_given_garbage_with_201_i_expect_unexpected_answer(
            self, zaqar, queue):
        zaqar.faults.answer(201, HTML)

        with pytest.raises(errors.UnexpectedAnswer):
            queue.post({'body': 1})

    def test_given_half_an_answer_i_expect_unreachable(self, zaqar, queue):
        queue.post([{'body': 'x' * 1000}])
        zaqar.faults.truncate(method='GET', times=9)

        with pytest.raises(errors.Unreachable):
            queue.page()

    @pytest.mark.parametrize('status', [301, 302, 303, 307, 308])
    def test_given_a_redirect_i_expect_an_error_and_nobody_following(
            self, zaqar, queue, calls, status):
        zaqar.faults.answer(status, HTML, {
            'Location': zaqar.url + '/v2/queues/elsewhere'})

        with pytest.raises(errors.UnexpectedAnswer) as failed:
            queue.page()

        assert failed.value.code == status
        assert calls() == [('GET', status)]

    def test_given_a_redirect_i_expect_post_not_to_become_get(
            self, zaqar, queue, calls):
        zaqar.faults.answer(302, '', {'Location': zaqar.url + '/v2/queues'})

        with pytest.raises(errors.UnexpectedAnswer):
            queue.post({'body': 1})
        assert calls() == [('POST', 302)]

    @pytest.mark.parametrize(('body', 'text'), [
        ('{"title": "T", "description": "D"}', 'T: D'),
        ('{"title": "T"}', ': T'), ('plain words', 'plain words'),
        ('', 'no reason given'), ('{}', 'no reason given'),
        ('[1]', '[1]'), ('{"title": {"a": 1}}', "{'a': 1}"),
        ('x' * 9999, 'x' * 500)])
    def test_given_an_error_i_expect_the_reason_in_its_text(
            self, zaqar, queue, body, text):
        zaqar.faults.answer(409, body)

        with pytest.raises(errors.Conflict) as failed:
            queue.page()

        words = str(failed.value)
        assert words.startswith(
            'Zaqar answered 409 to GET /v2/queues/q/messages: ')
        assert text in words
        assert len(words) < 600

    def test_given_an_error_that_is_no_text_i_expect_an_error_of_ours(
            self, zaqar, queue):
        zaqar.faults.answer(400, b'\xff\xfe')

        with pytest.raises(errors.ZaqarError):
            queue.page()


class Tokens(plugin.FixedEndpointPlugin):
    """An auth plugin whose tokens are counted."""

    def __init__(self, endpoint, trouble=None):
        super().__init__(endpoint)
        self.fetched = 0
        self.trouble = trouble
        self._token = None

    def get_token(self, session):
        if self._token is None:
            self.fetched += 1
            if self.fetched > 1 and self.trouble is not None:
                raise self.trouble
            self._token = 'token-%d' % self.fetched
        return self._token

    def invalidate(self):
        self._token = None
        return True


class TestTokens:

    def test_given_many_calls_i_expect_one_token(self, zaqar, queue):
        tokens = Tokens(zaqar.url)
        client = zaqar.client(auth=tokens)
        for _ in range(5):
            client.queue('q').page()

        assert tokens.fetched == 1
        assert {each.headers['x-auth-token']
                for each in zaqar.requests} == {'token-1'}

    @pytest.mark.parametrize('what', ['page', 'post'])
    def test_given_401_i_expect_one_new_token_and_the_call_again(
            self, zaqar, queue, what):
        tokens = Tokens(zaqar.url)
        zaqar.faults.answer(401, '{"error": {"code": 401}}')
        mine = zaqar.client(auth=tokens).queue('q')

        if what == 'page':
            assert mine.page() == []
        else:
            mine.post({'body': 1})
            assert stored(zaqar) == [1]

        assert tokens.fetched == 2
        assert [(each.status in (200, 201), each.headers['x-auth-token'])
                for each in zaqar.requests[:2]] == [
            (False, 'token-1'), (True, 'token-2')]

    def test_given_401_twice_i_expect_unauthorized(self, zaqar, queue, calls):
        tokens = Tokens(zaqar.url)
        zaqar.faults.answer(401, '', times=9)

        with pytest.raises(errors.Unauthorized) as failed:
            zaqar.client(auth=tokens).queue('q').page()

        assert failed.value.code == 401
        assert tokens.fetched == 2
        assert calls() == [('GET', 401)] * 2

    @pytest.mark.parametrize(('trouble', 'expected'), [
        (ksa_errors.Unauthorized(), errors.Unauthorized),
        (ksa_errors.NotFound('the trust'), errors.Unauthorized),
        (ksa_errors.AuthorizationFailure(), errors.Unauthorized),
        (ksa_errors.ConnectFailure(), errors.Unreachable),
        (ksa_errors.ServiceUnavailable(), errors.Unreachable)],
        ids=lambda value: getattr(value, '__name__', type(value).__name__))
    def test_given_keystone_in_trouble_i_expect_an_error_of_ours(
            self, zaqar, queue, trouble, expected):
        zaqar.faults.answer(401, '')

        with pytest.raises(expected):
            zaqar.client(auth=Tokens(zaqar.url, trouble)).queue('q').page()

    def test_given_no_endpoint_i_expect_unreachable_and_why(self, zaqar):
        with pytest.raises(errors.Unreachable, match='"messaging"'):
            zaqar.client(auth=Tokens(None)).queue('q').page()


class TestRequests:

    def test_given_ids_i_expect_commas_to_stay_commas(self, zaqar, queue):
        queue.delete_messages('a', 'b')

        assert zaqar.requests[-1].path == '/v2/queues/q/messages?ids=a,b'

    def test_given_ids_with_signs_i_expect_them_escaped(self, zaqar, queue):
        with pytest.raises(errors.NotFound):
            queue.message('a/b?c#d e%2f')

        assert zaqar.requests[-1].path == (
            '/v2/queues/q/messages/a%2Fb%3Fc%23d%20e%252f')

    def test_given_a_limit_of_none_i_expect_it_left_out(self, zaqar, queue):
        queue.claim(ttl=60, grace=60)

        assert zaqar.requests[-1].path == '/v2/queues/q/claims'

    def test_given_booleans_i_expect_them_in_small_letters(self, zaqar,
                                                           queue):
        queue.page()

        assert 'include_claimed=true' in zaqar.requests[-1].path

    def test_given_any_call_i_expect_the_clients_id_and_json(self, zaqar,
                                                             queue):
        queue.post({'body': 'ü\U0001f600'})
        queue.page()

        sent = zaqar.requests[0]
        assert len({each.headers['client-id']
                    for each in zaqar.requests}) == 1
        assert sent.headers['content-type'] == 'application/json'
        assert json.loads(sent.body) == {
            'messages': [{'body': 'ü\U0001f600'}]}

    def test_given_two_clients_i_expect_two_ids(self, zaqar):
        for _ in range(2):
            zaqar.client().queue('q').exists()

        assert len({each.headers['client-id']
                    for each in zaqar.requests}) == 2

    def test_given_an_update_i_expect_the_type_of_a_patch(self, zaqar, queue):
        queue.update({'a': 1})

        assert zaqar.requests[-1].headers['content-type'] == (
            'application/openstack-messaging-v2.0-json-patch')

    def test_given_a_link_i_expect_follow_to_fetch_it(self, zaqar, queue):
        queue.post([{'body': number} for number in range(3)])

        found = list(queue.messages(limit=2, echo=True))

        assert [each.body for each in found][:2] == [0, 1]


@pytest.mark.parametrize('value', [
    float('nan'), float('inf'), -float('inf'), [{'a': float('nan')}]])
def test_what_is_not_json_is_not_sent(zaqar, queue, value):
    with pytest.raises(errors.BadRequest) as refused:
        queue.post([{'body': value}])

    assert 'is not JSON' in str(refused.value)
    assert zaqar.requests == []


def test_a_text_that_names_it_is_sent(queue):
    queue.post([{'body': {'NaN': '-Infinity'}}])

    assert [each['body'] for each in queue.page()] == [{'NaN': '-Infinity'}]
