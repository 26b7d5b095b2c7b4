# SPDX-License-Identifier: Apache-2.0
"""Queues: made, described, changed, counted, deleted."""
import pytest

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import ownership
from heat_plugins.zaqar import queue as queues

STAMP = ownership.Stamp('stack', 'resource', 'uuid-1')
REPLACEMENT = ownership.Stamp('stack', 'resource', 'uuid-2')
STRANGER = ownership.Stamp('other-stack', 'resource', 'uuid-3')


def subscribe(zaqar, queue, count):
    for number in range(count):
        zaqar.client().subscription(
            queue.name, subscriber='http://127.0.0.1:9/%d' % number,
            ttl=3600)


class TestCreate:

    def test_a_new_queue_has_the_metadata_given(self, queue):
        assert queue.create({'a': 1, '_default_message_ttl': 77}) is True
        assert queue.metadata() == {'a': 1, '_default_message_ttl': 77}

    def test_a_second_create_changes_nothing_and_says_so(self, queue):
        queue.create({'a': 1})

        assert queue.create({'a': 2}) is False
        assert queue.metadata() == {'a': 1}

    def test_a_queue_that_a_message_made_was_there_before(self, queue):
        queue.post({'body': 1})

        assert queue.create({'a': 2}) is False
        assert queue.metadata() == {}

    @pytest.mark.parametrize(('metadata', 'reason'), [
        ({'_default_message_ttl': 59}, '_default_message_ttl'),
        ({'_default_message_ttl': 1209601}, '_default_message_ttl'),
        ({'_default_message_ttl': 'x'}, '_default_message_ttl'),
        ({'_default_message_delay': 901}, 'can not exceed 900'),
        ({'_max_messages_post_size': 0}, '_max_messages_post_size'),
        ({'_max_messages_post_size': 262145}, '_max_messages_post_size'),
        ({'_dead_letter_queue_messages_ttl': 59}, 'The TTL for a message'),
        ({'_max_claim_count': 'x'}, '_max_claim_count must be integer'),
        ({'_retry_policy': 'x'}, 'retry_policy must be a dict'),
        ({'_retry_policy': {'minimum_delay': 5, 'maximum_delay': 14}},
         'invalid minimum_delay and maximum_delay'),
        ({'_retry_policy': {'retry_backoff_function': 'x'}},
         'invalid retry_backoff_function'),
        ({'_retry_policy': {'minimum_delay': 'x'}},
         'minimum_delay must be a integer'),
        ({'big': 'x' * 65536}, 'Queue metadata is too large'),
    ])
    def test_what_breaks_a_limit_is_refused_with_the_servers_reason(
            self, queue, metadata, reason):
        with pytest.raises(errors.BadRequest) as refused:
            queue.create(metadata)

        assert reason in str(refused.value)
        assert refused.value.code == 400
        assert not queue.exists()

    def test_limits_themselves_are_allowed(self, queue):
        metadata = {'_default_message_ttl': 1209600,
                    '_default_message_delay': 900,
                    '_max_messages_post_size': 1,
                    '_dead_letter_queue': 'd',
                    '_dead_letter_queue_messages_ttl': 60,
                    '_max_claim_count': 1,
                    '_retry_policy': {'minimum_delay': 5,
                                      'maximum_delay': 15,
                                      'retry_backoff_function': 'geometric',
                                      'ignore_subscription_override': True}}

        assert queue.create(metadata)
        assert queue.metadata() == metadata

    def test_a_claim_count_below_zero_is_not_refused(self, queue):
        assert queue.create({'_max_claim_count': -3})

    @pytest.mark.parametrize('name', ['a b', 'a/b', 'x' * 65])
    def test_a_bad_name_is_refused(self, zaqar, name):
        answer = zaqar.call('PUT', '/v2/queues/' + name.replace('/', '%0A'))

        assert answer.status == 400
        assert answer.title == 'Invalid queue identification'

    @pytest.mark.parametrize(('body', 'reason'), [
        ('{', 'could not be parsed'), ('[]', 'type not supported'),
        ('3', 'could not be parsed'),
        ('{"a": 9223372036854775808}', 'integer that is too large')])
    def test_a_body_that_is_no_map_is_refused(self, zaqar, queue, body,
                                              reason):
        answer = zaqar.call('PUT', queue.path, body)

        assert (answer.status, answer.title) == (400, 'Invalid request body')
        assert reason in answer.description

    def test_a_create_answers_where_the_queue_is(self, zaqar, queue):
        first, second = (zaqar.call('PUT', queue.path) for _ in range(2))

        assert (first.status, second.status) == (201, 204)
        assert first.headers['Location'] == queue.path
        assert first.document is second.document is None


class TestMetadata:

    def test_a_missing_queue_is_told_from_an_empty_one(self, queue, other):
        with pytest.raises(errors.NotFound) as missing:
            queue.metadata()
        assert 'does not exist' in str(missing.value)
        assert queue.exists() is False

        other.create({})

        assert queue.metadata() == {}
        assert queue.exists() is True

    def test_get_answers_with_defaults_whether_it_exists_or_not(
            self, zaqar, queue):
        expected = {**queues.INJECTED}
        before = zaqar.call('GET', queue.path)
        queue.create({})
        after = zaqar.call('GET', queue.path)

        assert before.status == after.status == 200
        assert before.document == after.document == expected

    def test_falsy_values_of_ours_are_kept(self, queue):
        queue.create({'zero': 0, 'no': False, 'empty': '', 'list': []})

        assert queue.metadata() == {
            'zero': 0, 'no': False, 'empty': '', 'list': []}

    def test_update_sets_changes_and_removes(self, queue, other):
        queue.create({'kept': 1, 'changed': 1, 'removed': 1})

        answer = queue.update({'changed': 2, 'removed': None, 'new': {'x': 3},
                               '_default_message_ttl': 100})

        assert answer == other.metadata() == {
            'kept': 1, 'changed': 2, 'new': {'x': 3},
            '_default_message_ttl': 100}

    def test_update_removes_a_reserved_key(self, queue):
        queue.create({'_default_message_ttl': 100, '_dead_letter_queue': 'd',
                      '_max_claim_count': 2})

        assert queue.update({'_default_message_ttl': None,
                             '_dead_letter_queue': None,
                             '_max_claim_count': None}) == {}

    def test_update_can_be_repeated(self, queue):
        queue.create({'a': 1})
        changes = {'a': None, 'b': 2, 'absent': None}

        assert queue.update(changes) == queue.update(changes) == {'b': 2}

    @pytest.mark.parametrize('key', [
        'a/b', 'a~b', '~1', '~01', 'a b', 'ü', '\U0001f600', 'a"b'])
    def test_update_escapes_keys(self, queue, key):
        queue.create({})

        assert queue.update({key: 1}) == {key: 1}
        assert queue.update({key: None}) == {}

    def test_metadata_replaces_everything(self, queue):
        queue.create({'a': 1, 'b': 2, '_default_message_ttl': 100})

        assert queue.metadata({'b': 3, '_max_claim_count': 5,
                               '_dead_letter_queue': 'd'}) == {
            'b': 3, '_max_claim_count': 5, '_dead_letter_queue': 'd'}

    def test_update_of_a_missing_queue_fails(self, queue):
        with pytest.raises(errors.NotFound):
            queue.update({'a': 1})
        assert not queue.exists()

    def test_update_past_a_limit_is_refused(self, queue):
        queue.create({'a': 1})

        with pytest.raises(errors.BadRequest, match='_default_message_ttl'):
            queue.update({'_default_message_ttl': 1, 'b': 2})
        assert queue.metadata() == {'a': 1}

    @pytest.mark.parametrize('operation', ['replace', 'remove'])
    def test_a_patch_of_an_absent_key_is_a_conflict(self, zaqar, queue,
                                                    operation):
        queue.create({})
        answer = zaqar.call(
            'PATCH', queue.path, [{'op': operation, 'value': 1,
                                   'path': '/metadata/absent'}], zaqar.patch)

        assert (answer.status, answer.title) == (409, 'Resource conflict')
        assert operation in answer.description

    def test_an_empty_patch_answers_the_metadata(self, zaqar, queue):
        queue.create({'a': 1})
        answer = zaqar.call('PATCH', queue.path, [], zaqar.patch)

        assert answer.status == 200
        assert answer.document == {'a': 1, **queues.INJECTED}

    @pytest.mark.parametrize(('change', 'reason'), [
        ({'path': '/metadata/a'}, 'Unable to find `op`'),
        ({'op': 'x', 'path': '/metadata/a'}, 'Invalid operation'),
        ({'op': 'add', 'value': 1}, "Unable to find 'path'"),
        ({'op': 'add', 'path': '/metadata/a'}, 'requires a member'),
        ({'op': 'add', 'value': 1, 'path': '/x/a'}, 'root of path'),
        ({'op': 'add', 'value': 1, 'path': '/metadata'}, 'JSON pointer'),
        ({'op': 'add', 'value': 1, 'path': '/metadata/a/b'}, 'JSON pointer'),
        ({'op': 'add', 'value': 1, 'path': 'metadata/a'}, 'start with'),
        ({'op': 'add', 'value': 1, 'path': '/metadata/'}, 'end with'),
        ({'op': 'add', 'value': 1, 'path': '/metadata//a'}, 'adjacent'),
        ({'op': 'add', 'value': 1, 'path': '/metadata/~2'}, 'escape'),
        (1, 'must be JSON objects'),
    ])
    def test_a_malformed_patch_is_refused(self, zaqar, queue, change, reason):
        queue.create({})
        answer = zaqar.call('PATCH', queue.path, [change], zaqar.patch)

        assert (answer.status, answer.title) == (400, 'Invalid request body')
        assert reason in answer.description

    def test_a_patch_has_a_content_type_of_its_own(self, zaqar, queue):
        queue.create({})

        assert zaqar.call('PATCH', queue.path, []).status == 415

    def test_head_is_not_allowed(self, zaqar, queue):
        queue.create({})

        assert zaqar.call('HEAD', queue.path).status == 405


class TestStats:

    def test_of_a_missing_queue_are_zeros(self, queue):
        assert queue.stats == {'free': 0, 'claimed': 0, 'total': 0}
        assert not queue.exists()

    def test_count_free_and_claimed(self, queue, post):
        post(queue, 5)
        queue.claim(ttl=60, grace=60, limit=2)

        assert queue.stats == {'free': 3, 'claimed': 2, 'total': 5}

    def test_forget_what_was_deleted_under_a_claim(self, queue, post):
        ids = post(queue, 5)
        queue.claim(ttl=60, grace=60, limit=2)
        queue.delete_messages(*ids[:3])

        assert queue.stats == {'free': 2, 'claimed': 0, 'total': 2}

    def test_a_claim_outlives_its_queue_and_is_counted(self, queue, post):
        post(queue, 3)
        queue.claim(ttl=60, grace=60, limit=3)
        queue.delete()
        post(queue, 1)

        assert queue.stats == {'free': -2, 'claimed': 3, 'total': 1}


class TestDelete:

    def test_takes_the_messages(self, queue, post):
        post(queue, 3)
        queue.delete()

        assert not queue.exists()
        queue.create({})
        assert queue.page() == []

    def test_of_a_missing_queue_is_fine(self, queue):
        queue.delete()

        assert not queue.exists()

    def test_takes_all_pages_of_subscriptions(self, zaqar, queue):
        queue.create({})
        subscribe(zaqar, queue, 45)
        assert len(listed(zaqar, queue)) == 45

        queue.delete()

        assert listed(zaqar, queue) == []
        assert not queue.exists()

    def test_the_server_itself_leaves_subscriptions(self, zaqar, queue):
        subscribe(zaqar, queue, 1)
        answer = zaqar.call('DELETE', queue.path)

        assert answer.status == 204
        assert len(listed(zaqar, queue)) == 1

    def test_purge_takes_all_messages_and_ten_subscriptions(
            self, zaqar, queue, post):
        post(queue, 30)
        subscribe(zaqar, queue, 12)

        queue.purge()

        assert queue.stats['total'] == 0
        assert len(listed(zaqar, queue)) == 2

    def test_purge_can_be_of_messages_only(self, zaqar, queue, post):
        post(queue, 3)
        subscribe(zaqar, queue, 1)

        queue.purge(['messages'])

        assert queue.stats['total'] == 0
        assert len(listed(zaqar, queue)) == 1


def listed(zaqar, queue):
    """The subscriptions of a queue, page by page."""
    found, marker = [], ''
    while True:
        page = zaqar.call('GET', '%s/subscriptions?limit=20&marker=%s' % (
            queue.path, marker)).document['subscriptions']
        if not page:
            return found
        found += page
        marker = page[-1]['id']


class TestOwnership:

    def test_a_claimed_queue_is_ours_again_and_again(self, queue):
        assert ownership.claim(queue, STAMP, {'a': 1})
        assert ownership.claim(queue, STAMP, {'a': 1, 'b': 2})

        assert ownership.Stamp.of(queue.metadata()) == STAMP
        assert (queue.metadata().items() >= {'a': 1, 'b': 2}.items())

    def test_a_queue_that_was_there_is_not_ours_nor_touched(self, queue):
        queue.create({'theirs': 1})

        assert not ownership.claim(queue, STAMP, {'a': 1})
        assert queue.metadata() == {'theirs': 1}

    def test_nor_is_one_that_a_message_made(self, queue):
        queue.post({'body': 1})

        assert not ownership.claim(queue, STAMP, {})
        assert queue.metadata() == {}

    def test_a_replacement_takes_it_and_the_old_one_lets_it_live(self, queue):
        ownership.claim(queue, STAMP, {})
        assert ownership.claim(queue, REPLACEMENT, {})

        assert not ownership.release(queue, STAMP)
        assert queue.exists()
        assert ownership.release(queue, REPLACEMENT)
        assert not queue.exists()

    def test_a_rollback_takes_it_back(self, queue):
        ownership.claim(queue, STAMP, {})
        ownership.claim(queue, REPLACEMENT, {})

        ownership.take_over(queue, STAMP)

        assert ownership.Stamp.of(queue.metadata()) == STAMP

    def test_a_stranger_neither_takes_nor_deletes_it(self, queue):
        ownership.claim(queue, STAMP, {'a': 1})

        assert not ownership.claim(queue, STRANGER, {'a': 2})
        ownership.take_over(queue, STRANGER)
        assert not ownership.release(queue, STRANGER)

        assert ownership.Stamp.of(queue.metadata()) == STAMP
        assert queue.metadata()['a'] == 1

    def test_what_is_gone_is_released(self, queue):
        assert ownership.release(queue, STAMP)


def test_the_queues_of_a_project_are_listed_in_order(zaqar):
    names = sorted(zaqar.name() for _ in range(3))
    for name in names:
        zaqar.queue(name).create({'n': name})
    found, marker = {}, ''
    while True:
        page = zaqar.call('GET', '/v2/queues?detailed=true&limit=20&marker='
                          + marker).document['queues']
        # A marker at the first place starts over.
        if not page or page[-1]['name'] in found:
            break
        found.update((each['name'], each) for each in page)
        marker = page[-1]['name']

    assert sorted(found) == list(found)
    for name in names:
        assert found[name]['href'] == '/v2/queues/' + name
        assert found[name]['metadata'] == {'n': name, **queues.INJECTED}


@pytest.mark.parametrize('limit', ['0', '21', 'x'])
def test_a_page_of_queues_has_limits(zaqar, limit):
    answer = zaqar.call('GET', '/v2/queues?limit=' + limit)

    assert answer.status == 400
