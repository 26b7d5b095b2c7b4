# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Messaging::Topic on the real cloud, with real receivers."""
import json

from heatclient import exc
import pytest

from heat_plugins.resources import topic


def test_a_bad_property_is_refused_at_validation(bad_template,
                                                 assert_refused):
    assert_refused(bad_template)


def test_more_subscribers_than_a_row_holds_are_refused(project):
    with pytest.raises(exc.HTTPBadRequest, match=r'length \(801\) is out of '
                       r'range \(min: None, max: 800\)'):
        project.create('good/topic.yaml', {'subscribers': json.dumps([
            {'webhook': 'http://example.org/%d' % number}
            for number in range(topic.MOST_SUBSCRIBERS + 1)])})


def test_a_message_reaches_every_subscriber(project, webhook, eventually):
    stack = project.create('good/fan-out.yaml', {'url': webhook.url})
    eventually(lambda: stack.resource('condition').resource_status ==
               'CREATE_IN_PROGRESS')
    project.post(stack.output('topic'), {'n': 1})

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('message') == {'n': 1}
    [body] = eventually(lambda: project.bodies(stack.output('second')))
    assert body['from']['body'] == {'n': 1}
    [request] = eventually(lambda: webhook.requests)
    assert request.json == {'text': 'news'}
    # the message itself is still there to be read
    assert project.bodies(stack.output('topic')) == [{'n': 1}]


class TestUpdate:
    @pytest.fixture
    def parameters(self, webhook):
        return {'subscribers': json.dumps([
            {'webhook': webhook.url + '/kept'},
            {'webhook': webhook.url + '/changed', 'body': {'n': 1}},
            {'signal': webhook.url + '/ended'}])}

    @pytest.fixture
    def stack(self, project, name, parameters):
        return project.created('good/topic.yaml', parameters, name=name)

    def test_its_attributes_tell_of_it(self, name, subscribed, stack):
        assert stack.output('name') == name
        assert stack.output('href').endswith('/v2/queues/' + name)
        there = {each.subscriber.rpartition('/')[2]: each.id
                 for each in subscribed}
        assert stack.output('ids') == [there['kept'], there['changed'],
                                       there['ended']]

    def test_just_what_differs_is_changed(self, project, name, webhook, stack,
                                          subscribed, trusts, eventually):
        before = {each.subscriber: each for each in subscribed}
        theirs = project.zaqar.subscription(
            name, subscriber=webhook.url + '/theirs', ttl=600, options={})

        project.updated(stack, 'good/topic.yaml', {
            'subscribers': json.dumps([
                {'signal': webhook.url + '/new'},
                {'webhook': webhook.url + '/changed', 'body': {'n': 2}},
                {'webhook': webhook.url + '/kept'}])})

        after = {each.subscriber.removeprefix(webhook.url): each
                 for each in subscribed}
        assert set(after) == {'/kept', '/changed', '/theirs',
                              'trust+%s/new' % webhook.url}
        assert after['/kept'] == before[webhook.url + '/kept']
        assert after['/changed'].id == before[webhook.url + '/changed'].id
        assert after['/theirs'].id == theirs.id
        kept, ended = (after['trust+%s/new' % webhook.url].trust_id,
                       before['trust+%s/ended' % webhook.url].trust_id)
        assert kept in trusts()
        assert ended not in trusts()
        project.post(name, 'hello')
        eventually(lambda: len(webhook.requests) == 4)
        assert {'n': 2} in [each.json for each in webhook.requests]

    def test_delete_ends_all_and_their_trusts(self, project, stack,
                                              subscribed, trusts):
        known = {each.trust_id for each in subscribed} - {None}
        assert len(known) == 1

        project.deleted(stack)

        assert list(subscribed) == []
        assert not known & trusts()

    def test_delete_is_fine_when_the_queue_is_gone(
            self, project, name, stack, subscribed, trusts):
        known = {each.trust_id for each in subscribed} - {None}
        project.queue(name).delete()

        project.deleted(stack)

        assert not known & trusts()

    def test_an_update_makes_it_anew_when_the_queue_is_gone(
            self, project, name, parameters, stack, subscribed, trusts):
        before = {each.subscriber: each for each in subscribed}
        project.queue(name).delete()

        project.updated(stack, 'good/topic.yaml',
                        {**parameters, 'message_ttl': 7200})

        assert {each.subscriber for each in subscribed} == set(before)
        known = {each.trust_id for each in subscribed} - {None}
        assert known <= trusts()
        assert not {each.trust_id for each in before.values()} & trusts()

    def test_a_queue_that_is_not_its_own_keeps_the_others(
            self, project, name, webhook, parameters, subscribed, trusts):
        project.queue(name).create({})
        theirs = project.zaqar.subscription(
            name, subscriber=webhook.url + '/theirs', ttl=600, options={})
        stack = project.created('good/topic.yaml', parameters, name=name)
        known = {each.trust_id for each in subscribed} - {None}

        project.deleted(stack)

        [found] = subscribed
        assert found.id == theirs.id
        assert project.queue(name).exists()
        assert not known & trusts()

    def test_somebody_elses_subscriber_is_refused(self, project, name,
                                                  webhook, parameters):
        project.zaqar.subscription(
            name, subscriber=webhook.url + '/kept', ttl=600, options={})

        stack = project.create('good/topic.yaml', parameters, name=name)

        assert stack.wait() == 'CREATE_FAILED'
        assert 'which this resource did not make' in stack.reason
        assert [line.split()[2] for line in stack.news()
                if line.split()[1] == 'topic'] == [
                    'CREATE_IN_PROGRESS', 'CREATE_FAILED']

    def test_check_tells_which_subscription_is_gone(self, project, name,
                                                    stack, subscribed):
        project.heat.actions.check(stack.id)
        assert stack.wait() == 'CHECK_COMPLETE', stack.reason
        gone = stack.output('ids')[1]
        subscribed.delete(gone)

        project.heat.actions.check(stack.id)

        assert stack.wait() == 'CHECK_FAILED'
        assert ('The queue "%s" has lost the subscriptions %s.' % (
            name, gone)) in stack.resource('topic').resource_status_reason

    def test_nothing_is_done_when_reality_is_as_it_should_be(
            self, project, parameters, stack):
        stack.news()

        project.updated(stack, 'good/topic.yaml', parameters, converge=True)

        assert 'topic ' not in '\n'.join(stack.news())

    def test_what_was_changed_by_hand_is_set_again(
            self, project, name, parameters, stack, subscribed, trusts):
        before = {each.subscriber: each for each in subscribed}
        for each in before.values():
            if each.trust_id:
                subscribed.delete(each.id)
            elif 'post_data' in each.options:
                project.zaqar.subscription(
                    name, id=each.id, auto_create=False).update(
                        {'options': {}})

        project.updated(stack, 'good/topic.yaml', parameters, converge=True)

        after = {each.subscriber: each for each in subscribed}
        assert ({key: each.wanted for key, each in after.items()} ==
                {key: each.wanted for key, each in before.items()})
        old, new = ({each.trust_id for each in listed.values()} - {None}
                    for listed in (before, after))
        assert new <= trusts()
        assert not old & trusts()


def test_many_subscribers_are_ended_by_pages(project, name, webhook,
                                             subscribed):
    stack = project.created('good/topic.yaml', {'subscribers': json.dumps([
        {'webhook': '%s/%d' % (webhook.url, n)} for n in range(45)])},
        name=name)
    assert len(list(subscribed)) == 45

    project.updated(stack, 'good/topic.yaml', {'subscribers': '[]'})
    assert list(subscribed) == []

    project.updated(stack, 'good/topic.yaml', {'subscribers': json.dumps([
        {'webhook': '%s/%d' % (webhook.url, n)} for n in range(25)])})
    project.deleted(stack)
    assert list(subscribed) == []


class TestReplacement:
    @pytest.fixture
    def parameters(self, name, webhook):
        return {'queue': name, 'url': webhook.url}

    @pytest.fixture
    def stack(self, project, parameters):
        made = project.created('good/topic-and-needed.yaml', parameters)
        project.heat.resources.mark_unhealthy(
            made.id, 'topic', mark_unhealthy=True,
            resource_status_reason='a test')
        return made

    def test_neither_subscriptions_nor_trusts_end_with_the_old_one(
            self, project, parameters, stack, subscribed, trusts):
        before = {each.id: each.trust_id for each in subscribed}

        project.updated(stack, 'good/topic-and-needed.yaml', parameters)

        assert {each.id: each.trust_id for each in subscribed} == before
        assert set(before.values()) - {None} <= trusts()
        project.deleted(stack)
        assert list(subscribed) == []
        assert not set(before.values()) & trusts()

    def test_nor_by_a_rollback(self, project, parameters, stack, subscribed,
                               trusts):
        before = {each.id: each.trust_id for each in subscribed}

        stack.update(project.folder / 'good/topic-and-needed.yaml',
                     {**parameters, 'fail': True}, disable_rollback=False)

        assert stack.wait() == 'ROLLBACK_COMPLETE', stack.reason
        assert {each.id: each.trust_id for each in subscribed} == before
        project.deleted(stack)
        assert list(subscribed) == []
        assert not set(before.values()) & trusts()
