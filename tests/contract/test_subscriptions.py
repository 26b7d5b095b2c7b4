# SPDX-License-Identifier: Apache-2.0
"""Subscriptions."""
import pytest

from heat_plugins.zaqar import errors

URL = 'http://127.0.0.1:9/hook'


@pytest.fixture
def path(queue):
    return queue.path + '/subscriptions'


@pytest.fixture
def subscription(zaqar, queue):
    return zaqar.client().subscription(queue.name, subscriber=URL, ttl=600,
                                       options={'x': 1})


def test_one_that_was_made_is_shown(queue, subscription):
    [found] = queue.subscriptions()

    assert (found.id, found.subscriber, found.ttl, found.options) == (
        subscription.id, URL, 600, {'x': 1})
    assert found.confirmed is False
    assert queue.exists()


def test_the_defaults_are_an_hour_and_no_options(zaqar, path):
    made = zaqar.call('POST', path, {'subscriber': URL})
    shown = zaqar.call('GET', '%s/%s' % (
        path, made.document['subscription_id'])).document

    assert made.status == 201
    assert (shown['ttl'], shown['options']) == (3600, {})


def test_options_may_be_null_and_stay_so(zaqar, path):
    made = zaqar.call('POST', path, {'subscriber': URL, 'options': None})
    shown = zaqar.call('GET', '%s/%s' % (
        path, made.document['subscription_id'])).document

    assert shown['options'] is None


def test_the_same_again_is_answered_with_the_old_one_unchanged(
        zaqar, path, subscription):
    again = zaqar.call('POST', path, {'subscriber': URL, 'ttl': 900})

    assert again.status == 201
    assert again.document == {'subscription_id': subscription.id}
    shown = zaqar.call('GET', '%s/%s' % (path, subscription.id)).document
    assert (shown['ttl'], shown['options']) == (600, {'x': 1})


def test_the_same_again_is_a_conflict_once_confirmed(zaqar, path,
                                                     subscription):
    confirm = '%s/%s/confirm' % (path, subscription.id)
    assert zaqar.call('PUT', confirm, {'confirmed': True}).status == 204

    again = zaqar.call('POST', path, {'subscriber': URL})

    assert (again.status, again.title) == (409, 'Resource conflict')
    assert zaqar.call('GET', '%s/%s' % (
        path, subscription.id)).document['confirmed'] is True


def test_a_confirmation_is_true_or_false(zaqar, path, subscription):
    confirm = '%s/%s/confirm' % (path, subscription.id)

    assert zaqar.call('PUT', confirm, {}).status == 400
    assert zaqar.call('PUT', path + '/gone/confirm',
                      {'confirmed': True}).status == 404


@pytest.mark.parametrize('document', [
    {}, {'subscriber': 'gopher://x'}, {'subscriber': URL, 'ttl': 59},
    {'subscriber': URL, 'ttl': 'x'}, {'subscriber': URL, 'options': 'x'},
    {'subscriber': URL, 'ttl': 10 ** 15},
    {'subscriber': URL, 'options': {'_retry_policy': 'x'}}])
def test_what_breaks_a_limit_is_refused_but_makes_the_queue(
        zaqar, queue, path, document):
    answer = zaqar.call('POST', path, document)

    assert (answer.status, answer.title) == (400, 'Invalid API request')
    assert zaqar.call('GET', path).document['subscriptions'] == []
    assert queue.exists()


def test_an_update_replaces_options_whole(subscription, queue):
    subscription.update({'options': {'y': 2}, 'ttl': 700})

    [found] = queue.subscriptions()
    assert (found.subscriber, found.ttl, found.options) == (
        URL, 700, {'y': 2})


def test_an_update_to_anothers_subscriber_is_a_conflict(zaqar, queue,
                                                        subscription):
    other = zaqar.client().subscription(
        queue.name, subscriber=URL + '2', ttl=600)

    with pytest.raises(errors.Conflict):
        other.update({'subscriber': URL})
    other.update({'subscriber': URL + '3'})

    assert {each.subscriber for each in queue.subscriptions()} == {
        URL, URL + '3'}


def test_an_update_of_nothing_known_is_refused(zaqar, path, subscription):
    one = '%s/%s' % (path, subscription.id)

    assert zaqar.call('PATCH', one, {}).status == 400
    assert zaqar.call('PATCH', one, {'unknown': 1}).status == 400
    assert zaqar.call('PATCH', path + '/gone', {'ttl': 600}).status == 404


def test_one_that_is_gone_is_gone(zaqar, path, subscription):
    subscription.delete()
    subscription.delete()

    assert zaqar.call('GET', '%s/%s' % (
        path, subscription.id)).status == 404
    assert zaqar.call('GET', path).document['subscriptions'] == []


def test_pages_are_in_order_and_start_over_at_an_unknown_marker(
        zaqar, queue, path):
    for number in range(12):
        zaqar.call('POST', path, {'subscriber': URL + str(number)})

    def page(query):
        return [each['id'] for each in zaqar.call(
            'GET', path + query).document['subscriptions']]

    everything = page('?limit=20')
    assert everything == sorted(everything)
    assert len(everything) == 12
    assert page('') == everything[:10]
    assert page('?limit=5&marker=' + everything[0]) == everything[1:6]
    assert page('?limit=5&marker=gone') == everything[:5]
    assert page('?marker=' + everything[-1]) == []
    assert zaqar.call('GET', path + '?limit=21').status == 400


def test_those_of_a_queue_that_is_gone_are_there_still(zaqar, path, queue,
                                                       subscription):
    zaqar.call('DELETE', queue.path)

    assert [each['id'] for each in zaqar.call(
        'GET', path).document['subscriptions']] == [subscription.id]
