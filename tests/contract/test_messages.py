# SPDX-License-Identifier: Apache-2.0
"""Messages: posted, listed, fetched, deleted, popped, claimed."""
import pytest

from heat_plugins.zaqar import errors

BODIES = [
    None, True, 0, -1.5, '', 'a\0b', 'ü', '\U0001f600', [], {}, [None],
    9223372036854775807, {'': {'nested': [1, {'~/': '"'}]}}]


def bodies(page):
    return [each['body'] for each in page]


class TestPost:

    def test_makes_the_queue(self, queue):
        queue.post({'body': 1})

        assert queue.exists()
        assert queue.metadata() == {}

    @pytest.mark.parametrize('body', BODIES, ids=ascii)
    def test_takes_any_json(self, queue, body):
        queue.post({'body': body})

        [message] = queue.page()
        assert (message['body'], type(message['body'])) == (body, type(body))

    def test_takes_deep_json(self, queue):
        body = []
        for _ in range(300):
            body = [body]
        queue.post({'body': body})

        assert bodies(queue.page()) == [body]

    def test_answers_the_ids_in_order(self, queue, post):
        ids = post(queue, 3)

        assert [(each['id'], each['body']) for each in queue.page()] == [
            (ids[0], 0), (ids[1], 1), (ids[2], 2)]

    def test_takes_the_ttl_given_or_the_queues_or_the_servers(self, queue):
        queue.post([{'body': 1, 'ttl': 60}, {'body': 2}])
        queue.update({'_default_message_ttl': 100})
        queue.post({'body': 3})

        assert [each['ttl'] for each in queue.page()] == [60, 3600, 100]

    @pytest.mark.parametrize(('messages', 'reason'), [
        ([], 'No messages'),
        ([{'body': 1, 'ttl': 59}], 'TTL for a message'),
        ([{'body': 1, 'ttl': 1209601}], 'TTL for a message'),
        ([{'body': 1, 'ttl': 'x'}], '"ttl" field must be a int'),
        ([{'ttl': 60}], 'Missing "body" field'),
        ([{'body': 'x' * 262144}], 'Message collection size is too large'),
        ([{'body': 1}, {'body': 9223372036854775808}], 'integer'),
    ])
    def test_what_breaks_a_limit_is_refused_and_nothing_stored(
            self, queue, messages, reason):
        with pytest.raises(errors.BadRequest, match=reason) as refused:
            queue.post(messages)

        assert refused.value.code == 400
        assert queue.page() == []

    def test_a_queue_may_have_a_limit_of_its_own(self, queue):
        queue.create({'_max_messages_post_size': 50})

        with pytest.raises(errors.BadRequest, match='for current queue is 50'):
            queue.post({'body': 'x' * 50})

    def test_a_lone_surrogate_is_refused(self, queue):
        with pytest.raises(errors.ServerError, match='not be enqueued'):
            queue.post({'body': '\ud800'})

    @pytest.mark.parametrize(('document', 'title'), [
        (None, 'Invalid request body'), ({}, 'Invalid API request'),
        ([], 'Invalid API request'), ('{', 'Invalid request body'),
        ({'messages': {}}, 'Invalid request body')])
    def test_what_is_no_list_of_messages_is_refused(self, zaqar, queue,
                                                    document, title):
        answer = zaqar.call('POST', queue.path + '/messages', document)

        assert (answer.status, answer.title) == (400, title)

    def test_a_form_is_refused(self, zaqar, queue):
        answer = zaqar.call(
            'POST', queue.path + '/messages', 'a=b',
            {'Content-Type': 'application/x-www-form-urlencoded'})

        assert (answer.status, answer.title) == (400, 'Invalid Content-Type')

    @pytest.mark.parametrize('value', [None, 'no-uuid'])
    def test_a_client_id_is_needed(self, zaqar, queue, value):
        answer = zaqar.call('POST', queue.path + '/messages',
                            {'messages': [{'body': 1}]},
                            {'Client-ID': value})

        assert answer.status == 400
        assert not queue.exists()

    def test_a_token_is_needed(self, zaqar, queue):
        answer = zaqar.call('POST', queue.path + '/messages',
                            {'messages': [{'body': 1}]}, auth=False)

        assert answer.status == 401
        assert not queue.exists()


class TestPage:

    def test_of_a_missing_queue_is_empty(self, queue):
        assert queue.page() == []

    def test_has_twenty_messages_and_goes_on_from_a_marker(self, queue, post):
        post(queue, 45)

        first = queue.page()
        second = queue.page(first[-1]['id'])
        third = queue.page(second[-1]['id'])

        assert bodies(first + second + third) == list(range(45))
        assert queue.page(third[-1]['id']) == []

    def test_shows_a_message_whole(self, queue, post):
        [message_id] = post(queue, 1, ttl=60)

        [message] = queue.page()
        age = message.pop('age')
        assert message == {
            'id': message_id, 'ttl': 60, 'body': 0,
            'href': '%s/messages/%s' % (queue.path, message_id)}
        assert 0 <= age <= 60

    def test_has_ten_by_default_and_links_to_the_next(self, zaqar, queue,
                                                      post):
        ids = post(queue, 12)

        first = zaqar.call('GET', queue.path + '/messages').document
        second = zaqar.call('GET', first['links'][0]['href']).document

        assert bodies(first['messages']) == list(range(10))
        assert first['links'][0]['rel'] == 'next'
        assert ids[9] in first['links'][0]['href']
        assert bodies(second['messages']) == [10, 11]

    @pytest.mark.parametrize('query', [
        'limit=0', 'limit=21', 'limit=x', 'echo=maybe',
        'ids=' + ','.join('x' * 21)])
    def test_has_limits(self, zaqar, queue, query):
        answer = zaqar.call('GET', '%s/messages?%s' % (queue.path, query))

        assert answer.status == 400

    def test_shows_ones_own_messages_only_on_request(self, queue, other,
                                                     post):
        post(queue, 1)

        assert [each.body for each in other.messages()] == [0]
        assert list(queue.messages()) == []
        assert bodies(queue.page()) == [0]

    @pytest.mark.parametrize('marker', [
        '0', 'gone', '00000000-0000-4000-8000-000000000000'])
    def test_starts_over_at_a_marker_that_is_not_there(self, queue, post,
                                                       marker):
        post(queue, 3)

        assert bodies(queue.page(marker)) == [0, 1, 2]

    def test_starts_over_at_the_first_message(self, queue, post):
        ids = post(queue, 3)

        assert bodies(queue.page(ids[0])) == [0, 1, 2]
        assert bodies(queue.page(ids[1])) == [2]

    def test_starts_over_at_a_message_deleted_meanwhile(self, queue, post):
        ids = post(queue, 5)
        queue.delete_messages(ids[2])

        assert bodies(queue.page(ids[2])) == [0, 1, 3, 4]

    def test_shows_claimed_messages_on_request(self, queue, post):
        post(queue, 3)
        queue.claim(ttl=60, grace=60, limit=2)

        assert bodies(queue.page()) == [0, 1, 2]
        assert bodies(queue.page(include_claimed=False)) == [2]

    def test_with_claimed_ones_needs_a_marker(self, zaqar, queue, post):
        post(queue, 1)
        answer = zaqar.call('GET', queue.path +
                            '/messages?include_claimed=true')

        assert answer.status == 503
        assert 'could not be listed' in answer.description

    def test_all_claimed_hides_those_that_follow(self, queue, post):
        ids = post(queue, 50)
        claims = [queue.claim(ttl=60, grace=60, limit=20) for _ in range(2)]
        claims[0].delete()
        queue.delete_messages(*ids[:20])
        post(queue, 1)

        # 20 claimed messages, then 11 free ones
        assert bodies(queue.page('0', include_claimed=False)) == []
        assert bodies(queue.page(None, include_claimed=False)) == [
            *range(40, 50), 0]

    def test_a_delay_of_ones_own_is_dropped(self, queue):
        queue.post({'body': 1, 'delay': 900})

        assert bodies(queue.page()) == [1]

    def test_the_queues_delay_hides_messages(self, queue, zaqar):
        queue.create({'_default_message_delay': 900})
        queue.post([{'body': 1}, {'body': 2, 'delay': 0}])

        assert bodies(queue.page()) == [2]
        answer = zaqar.call(
            'GET', queue.path + '/messages?include_delayed=true')
        assert bodies(answer.document['messages']) == [1, 2]

    def test_all_delayed_hides_those_that_follow(self, queue, post):
        queue.create({'_default_message_delay': 900})
        post(queue, 20)
        post(queue, 1, delay=0)

        assert bodies(queue.page()) == []
        assert bodies(queue.page(None, include_claimed=False)) == []

    def test_hides_delayed_ones_only_while_the_queue_has_a_delay(self, queue):
        queue.create({'_default_message_delay': 900})
        queue.post({'body': 1})
        queue.update({'_default_message_delay': None})

        assert bodies(queue.page()) == [1]


class TestGet:

    def test_a_message_by_its_id(self, queue, post):
        ids = post(queue, 2)

        assert queue.message(ids[1]).body == 1

    def test_several_by_their_ids(self, queue, post):
        ids = post(queue, 3)

        found = queue.messages(ids[2], ids[0], 'gone')

        assert sorted(each.body for each in found) == [0, 2]

    def test_none_of_the_ids_is_not_found(self, queue, post):
        post(queue, 1)

        with pytest.raises(errors.NotFound, match='No messages with IDs'):
            queue.messages('gone')
        with pytest.raises(errors.NotFound, match='Message gone does not'):
            queue.message('gone')

    def test_ids_with_an_escaped_comma_are_one_id(self, zaqar, queue, post):
        ids = post(queue, 2)
        path = queue.path + '/messages?ids='

        assert zaqar.call('GET', path + '%2C'.join(ids)).status == 404
        assert len(zaqar.call('GET', path + ','.join(ids)).document[
            'messages']) == 2


class TestDelete:

    def test_by_ids_any_number_and_claimed_ones_too(self, queue, post):
        ids = post(queue, 50)
        queue.claim(ttl=60, grace=60, limit=10)

        queue.delete_messages(*ids[:45])

        assert bodies(queue.page()) == [45, 46, 47, 48, 49]

    def test_of_what_is_gone_is_fine(self, queue, post):
        [message_id] = post(queue, 1)

        queue.delete_messages(message_id, 'gone')
        queue.delete_messages(message_id)
        queue.delete_messages()

        assert queue.page() == []

    def test_in_a_missing_queue_is_fine(self, queue):
        queue.delete_messages('gone')

        assert not queue.exists()

    @pytest.mark.parametrize('query', [
        '', '?ids=' + ','.join('x' * 21), '?pop=0', '?pop=21', '?pop=x',
        '?pop=1&ids=x'])
    def test_has_limits(self, zaqar, queue, post, query):
        post(queue, 1)
        answer = zaqar.call('DELETE', queue.path + '/messages' + query)

        assert answer.status == 400
        assert bodies(queue.page()) == [0]

    def test_of_one_claimed_needs_its_claim(self, zaqar, queue, post):
        ids = post(queue, 2)
        claim = queue.claim(ttl=60, grace=60, limit=1)
        path = '%s/messages/%s' % (queue.path, ids[0])

        assert zaqar.call('DELETE', path).status == 403
        assert zaqar.call('DELETE', path + '?claim_id=x').status == 400
        assert zaqar.call('DELETE', '%s/messages/%s?claim_id=%s' % (
            queue.path, ids[1], claim.id)).status == 400
        assert bodies(queue.page()) == [0, 1]

        assert zaqar.call('DELETE', '%s?claim_id=%s' % (
            path, claim.id)).status == 204
        assert bodies(queue.page()) == [1]

    def test_pop_hands_out_and_removes_the_first(self, queue, post):
        post(queue, 5)

        assert [each.body for each in queue.pop(2)] == [0, 1]
        assert bodies(queue.page()) == [2, 3, 4]
        assert queue.stats['claimed'] == 0

    def test_pop_leaves_claimed_ones(self, queue, post):
        post(queue, 3)
        queue.claim(ttl=60, grace=60, limit=2)

        assert [each.body for each in queue.pop(5)] == [2]
        assert list(queue.pop(5)) == []

    def test_pop_of_a_missing_queue_is_empty(self, queue):
        assert list(queue.pop(5)) == []


class TestClaim:

    def test_takes_the_first_messages(self, queue, post):
        ids = post(queue, 5)

        claim = queue.claim(ttl=60, grace=60, limit=2)

        assert [each.body for each in claim] == [0, 1]
        assert queue.message(ids[0]).href.endswith('?claim_id=' + claim.id)
        assert [each.body for each in
                queue.claim(ttl=60, grace=60, limit=20)] == [2, 3, 4]

    def test_takes_ten_without_a_limit(self, queue, post):
        post(queue, 12)

        assert len(list(queue.claim(ttl=60, grace=60))) == 10

    def test_of_nothing_is_nothing(self, queue):
        assert list(queue.claim(ttl=60, grace=60, limit=1)) == []
        queue.create({})
        assert list(queue.claim(ttl=60, grace=60, limit=1)) == []

    def test_frees_its_messages_when_released(self, queue, post):
        post(queue, 2)
        claim = queue.claim(ttl=60, grace=60, limit=2)

        claim.delete()

        assert bodies(queue.page(include_claimed=False)) == [0, 1]
        assert queue.stats == {'free': 2, 'claimed': 0, 'total': 2}

    def test_is_no_lock(self, queue, post):
        post(queue, 5)
        first = queue.claim(ttl=60, grace=60, limit=2)
        second = queue.claim(ttl=60, grace=60, limit=2)
        first.delete()

        # What follows the first free message is taken as it is.
        third = queue.claim(ttl=60, grace=60, limit=5)

        assert [each.body for each in second] == [2, 3]
        assert [each.body for each in third] == [0, 1, 2, 3, 4]

    def test_shows_what_it_still_holds_until_it_is_gone(self, zaqar, queue,
                                                        post):
        ids = post(queue, 3)
        claim = queue.claim(ttl=100, grace=60, limit=2)
        path = '%s/claims/%s' % (queue.path, claim.id)
        queue.delete_messages(ids[0])

        shown = zaqar.call('GET', path)
        assert bodies(shown.document['messages']) == [1]
        assert (shown.document['ttl'], shown.document['href']) == (100, path)
        assert zaqar.call('PATCH', path, {'ttl': 200}).status == 204
        assert zaqar.call('GET', path).document['ttl'] == 200

        assert zaqar.call('DELETE', path).status == 204
        assert zaqar.call('DELETE', path).status == 204
        assert zaqar.call('GET', path).status == 404
        assert zaqar.call('PATCH', path, {'ttl': 200}).status == 404

    @pytest.mark.parametrize(('query', 'document'), [
        ('', {'ttl': 59}), ('', {'ttl': 43201}), ('', {'grace': 59}),
        ('', {'ttl': 'x'}), ('?limit=0', {}), ('?limit=21', {}), ('', [])])
    def test_has_limits(self, zaqar, queue, post, query, document):
        post(queue, 1)
        answer = zaqar.call('POST', queue.path + '/claims' + query, document)

        assert answer.status == 400
        assert queue.stats['claimed'] == 0

    def test_of_a_delayed_message_waits(self, queue, post):
        queue.create({'_default_message_delay': 900})
        post(queue, 2)

        assert list(queue.claim(ttl=60, grace=60, limit=2)) == []
        post(queue, 1, delay=0)
        assert [each.body for each in
                queue.claim(ttl=60, grace=60, limit=2)] == [0]

    def test_once_too_often_moves_a_message_to_the_dead_letters(
            self, zaqar, queue, post):
        dead = zaqar.queue()
        dead.create({})
        queue.create({'_max_claim_count': 2,
                      '_dead_letter_queue': dead.name,
                      '_dead_letter_queue_messages_ttl': 77})
        post(queue, 1)
        for _ in range(2):
            claim = queue.claim(ttl=60, grace=60, limit=1)
            assert [each.body for each in claim] == [0]
            claim.delete()

        assert list(queue.claim(ttl=60, grace=60, limit=1)) == []

        assert queue.page() == []
        assert [(each['body'], each['ttl']) for each in dead.page()] == [
            (0, 77)]
