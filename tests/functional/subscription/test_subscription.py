# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Messaging::Subscription on the real cloud, with real receivers."""
import json

import pytest

from heat_plugins.testing import receiver
from heat_plugins.zaqar import subscriptions


def is_waiting(stack):
    """Whether the condition has begun, which depends on the rest."""
    return (stack.resource('condition').resource_status ==
            'CREATE_IN_PROGRESS')


def test_a_bad_property_is_refused_at_validation(bad_template,
                                                 assert_refused):
    assert_refused(bad_template)


class TestWebhook:
    @pytest.fixture
    def parameters(self, webhook):
        return {'url': webhook.url + '/hook'}

    @pytest.fixture
    def stack(self, project, name, parameters):
        return project.created('good/webhook.yaml', parameters, name=name)

    def test_it_is_sent_the_notification(self, project, name, webhook, stack,
                                         eventually):
        project.post(name, {'n': [1, 2.5, None, True, 'a"b\\\u20ac']})

        [request] = eventually(lambda: webhook.requests)
        assert request.path == '/hook'
        assert request.headers['content-type'] == 'application/json'
        assert request.json == {
            'body': {'n': [1, 2.5, None, True, 'a"b\\\u20ac']}, 'ttl': 3600,
            'Message_Type': 'Notification', 'queue_name': name}

    def test_its_attributes_tell_of_it(self, stack, parameters):
        assert stack.output('attributes') == [
            stack.output('id'), parameters['url'], False]

    def test_it_is_sent_exactly_the_json_of_the_template(
            self, project, name, webhook, parameters, eventually):
        project.created('good/webhook.yaml', {
            **parameters, 'headers': {'X-Number': 7, 'Authorization': 'b c'},
            'body': json.dumps({
                'n': 1.0, 'big': 2 ** 60, 'deep': [[{'a': None}]],
                'text': 'say "$zaqar_message$"\u20ac\n',
                'all': '$zaqar_message$'})}, name=name)
        project.post(name, 'hello')

        [request] = eventually(lambda: webhook.requests)
        assert request.headers['x-number'] == '7'
        assert request.headers['authorization'] == 'b c'
        assert request.json == {
            'n': 1.0, 'big': 2 ** 60, 'deep': [[{'a': None}]],
            'text': 'say "$zaqar_message$"\u20ac\n',
            'all': {'body': 'hello', 'ttl': 3600, 'queue_name': name,
                    'Message_Type': 'Notification'}}

    def test_it_is_changed_in_place(self, project, name, webhook, stack,
                                    subscribed, eventually):
        before = stack.output('id')

        project.updated(stack, 'good/webhook.yaml', {
            'url': webhook.url + '/other', 'ttl': 7200,
            'body': json.dumps({'new': 1})})
        project.post(name, 'hello')

        assert stack.output('id') == before
        [request] = eventually(lambda: webhook.requests)
        assert (request.path, request.json) == ('/other', {'new': 1})
        [found] = subscribed
        assert found.ttl == 7200

    def test_delete_ends_it(self, project, name, webhook, stack, subscribed):
        project.deleted(stack)

        assert list(subscribed) == []

    def test_delete_is_fine_when_it_is_gone(self, project, stack, subscribed):
        subscribed.delete(stack.output('id'))

        project.deleted(stack)

    def test_it_is_made_anew_when_it_is_gone(self, project, parameters, stack,
                                             subscribed):
        subscribed.delete(stack.output('id'))

        project.updated(stack, 'good/webhook.yaml',
                        {**parameters, 'ttl': 7200})

        [found] = subscribed
        assert found.ttl == 7200

    def test_check_tells_that_it_is_gone(self, project, name, stack,
                                         subscribed):
        project.heat.actions.check(stack.id)
        assert stack.wait() == 'CHECK_COMPLETE', stack.reason
        gone = stack.output('id')
        subscribed.delete(gone)

        project.heat.actions.check(stack.id)

        assert stack.wait() == 'CHECK_FAILED'
        assert ('The subscription %s of the queue "%s" is gone.' % (
            gone, name)) in (
                stack.resource('subscription').resource_status_reason)

    def test_nothing_is_done_when_reality_is_as_it_should_be(
            self, project, parameters, stack):
        stack.news()

        project.updated(stack, 'good/webhook.yaml', parameters,
                        converge=True)

        assert 'subscription' not in str(stack.news())

    @pytest.mark.parametrize('by_hand', [
        {'ttl': 999}, {'options': {}}, {'subscriber': 'http://h/x'}])
    def test_what_was_changed_by_hand_is_set_again(
            self, project, name, parameters, stack, subscribed, by_hand):
        [before] = subscribed
        project.zaqar.subscription(name, id=before.id, auto_create=False
                                   ).update(by_hand)

        project.updated(stack, 'good/webhook.yaml', parameters,
                        converge=True)

        assert list(subscribed) == [before]

    def test_secrets_are_not_shown(self, project, name, webhook, subscribed):
        host = webhook.url.removeprefix('http://')
        stack = project.created('good/webhook.yaml', {
            'url': 'http://user:s3cret@%s/hook?token=s3cret' % host,
            'headers': {'Authorization': 's3cret'},
            'body': json.dumps({'password': 's3cret'})}, name=name)
        [found] = subscribed

        assert stack.resource('subscription').attributes == {
            'id': found.id, 'ttl': 3600, 'confirmed': False,
            'subscriber': 'http://user:***@%s/hook?token=***' % host}

    def test_somebody_elses_is_refused_and_left_alone(
            self, project, name, parameters, subscribed):
        theirs = project.zaqar.subscription(
            name, subscriber=parameters['url'], ttl=600, options={})

        stack = project.create('good/webhook.yaml', parameters, name=name)

        assert stack.wait() == 'CREATE_FAILED'
        assert ('already has a subscription for %s, %s, which this resource '
                'did not make' % (parameters['url'], theirs.id)
                ) in stack.reason
        assert [line.split()[2] for line in stack.news()
                if line.split()[1] == 'subscription'] == [
                    'CREATE_IN_PROGRESS', 'CREATE_FAILED']
        project.deleted(stack)
        [found] = subscribed
        assert (found.id, found.ttl) == (theirs.id, 600)


@pytest.mark.parametrize('action', ['create', 'update'])
def test_a_queue_that_is_not_there_is_refused_and_not_made(
        project, webhook, name, action):
    queue = project.queue(name)
    if action == 'create':
        queue.delete()
    stack = project.create('good/webhook.yaml', {'url': webhook.url},
                           name=name)
    stack.wait()
    if action == 'update':
        queue.delete()
        stack.update(project.folder / 'good/webhook.yaml', {
            'url': webhook.url + '/other'})

    assert stack.wait() == action.upper() + '_FAILED'
    assert ('Property queue of subscription: there is no queue "%s"' % name
            ) in stack.reason
    assert not queue.exists()


@pytest.mark.parametrize('status', [500, 404, None])
def test_a_webhook_that_fails_does_not_hurt_the_stack(project, name, status,
                                                      eventually):
    with receiver.Receiver(lambda request: status) as webhook:
        url = webhook.url
        if status is None:  # nobody listens there
            webhook.__exit__()
        stack = project.created('good/webhook.yaml', {'url': url}, name=name)
        project.post(name, 'hello')
        if status:
            eventually(lambda: webhook.requests)

    assert project.bodies(name) == ['hello']
    project.deleted(stack)


class TestReplacement:
    """A replacement has the old one's subscription."""

    @pytest.fixture
    def parameters(self, name):
        return {'queue': name, 'url': 'http://127.0.0.1:9/hook'}

    @pytest.fixture
    def stack(self, project, parameters):
        made = project.created('good/webhook-and-needed.yaml', parameters)
        project.heat.resources.mark_unhealthy(
            made.id, 'subscription', mark_unhealthy=True,
            resource_status_reason='a test')
        return made

    def test_it_is_not_deleted_with_the_old_one(self, project, parameters,
                                                stack, subscribed):
        [before] = subscribed

        project.updated(stack, 'good/webhook-and-needed.yaml', parameters)

        [after] = subscribed
        assert (after.id, after.wanted) == (before.id, before.wanted)
        project.deleted(stack)
        assert list(subscribed) == []

    def test_nor_by_a_rollback(self, project, parameters, stack, subscribed):
        [before] = subscribed

        stack.update(project.folder / 'good/webhook-and-needed.yaml',
                     {**parameters, 'fail': True}, disable_rollback=False)

        assert stack.wait() == 'ROLLBACK_COMPLETE', stack.reason
        [after] = subscribed
        assert (after.id, after.wanted) == (before.id, before.wanted)
        project.deleted(stack)
        assert list(subscribed) == []

    def test_another_queue_is_another_subscription(self, project, parameters,
                                                   stack, subscribed):
        other = project.name()
        project.queue(other).create({})

        project.updated(stack, 'good/webhook-and-needed.yaml',
                        {**parameters, 'queue': other})

        assert list(subscribed) == []
        [found] = subscriptions.Subscriptions(project.queue(other))
        assert found.id == stack.output('id')


class TestSignal:
    def test_our_own_handle_takes_it(self, project, eventually):
        stack = project.create('good/signal-ours.yaml')
        eventually(lambda: is_waiting(stack))
        project.post(stack.output('queue'), {'answer': 42})

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert list(json.loads(stack.output('data')).values()) == [
            {'answer': 42}]

    def test_a_stock_handle_takes_it(self, project, eventually):
        stack = project.create('good/signal-stock.yaml')
        eventually(lambda: is_waiting(stack))
        project.post(stack.output('queue'), {'answer': 42})

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        [data] = json.loads(stack.output('data')).values()
        assert data['body'] == {'answer': 42}

    def test_a_stock_scaling_policy_takes_it(self, project, eventually):
        stack = project.created('good/signal-scaling.yaml')
        assert stack.output('size') == 1

        project.post(stack.output('queue'), 'more')

        eventually(lambda: stack.output('size') == 2)
        stack.wait()

    def test_it_is_called_with_a_token(self, project, name, webhook,
                                       eventually):
        project.created('good/signal.yaml', {'url': webhook.url + '/s'},
                        name=name)
        project.post(name, 'hello')

        [request] = eventually(lambda: webhook.requests)
        assert request.headers['x-auth-token'] not in ('', 'not yet')
        assert request.json['status'] == 'SUCCESS'
        assert request.json['data']['body'] == 'hello'

    def test_its_trust_outlives_an_update_and_ends_with_it(
            self, project, name, webhook, trusts, eventually, subscribed):
        before = trusts()
        parameters = {'url': webhook.url + '/s'}
        stack = project.created('good/signal.yaml', parameters, name=name)
        [trust] = {each.trust_id for each in subscribed}
        assert trust in trusts() - before

        project.updated(stack, 'good/signal.yaml',
                        {**parameters, 'ttl': 7200})
        project.post(name, 'hello')

        [request] = eventually(lambda: webhook.requests)
        assert request.headers['x-auth-token']
        assert {each.trust_id for each in subscribed} == {trust}
        project.deleted(stack)
        assert trust not in trusts()
        assert list(subscribed) == []

    def test_its_trust_ends_even_when_it_is_gone(self, project, name, webhook,
                                                 trusts, subscribed):
        stack = project.created('good/signal.yaml',
                                {'url': webhook.url + '/s'}, name=name)
        [found] = subscribed
        subscribed.delete(found.id)

        project.deleted(stack)

        assert found.trust_id not in trusts()

    def test_another_kind_of_target_is_a_replacement(
            self, project, name, webhook, trusts, subscribed):
        stack = project.created('good/signal.yaml',
                                {'url': webhook.url + '/s'}, name=name)
        [before] = subscribed

        project.updated(stack, 'good/webhook.yaml', {'url': webhook.url})

        [after] = subscribed
        assert after.id != before.id
        assert before.trust_id not in trusts()


def test_what_is_forwarded_is_taken_for_what_was_posted(project, eventually):
    stack = project.create('good/forward.yaml')
    eventually(lambda: is_waiting(stack))
    project.post(stack.output('source'), {'n': 1.5})

    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('message') == {'n': 1.5}
    [body] = eventually(lambda: project.bodies(stack.output('second')))
    assert body['more'] == 1
    assert body['seen']['body'] == {'n': 1.5}


def test_no_trust_is_left_by_all_of_it(project, trusts):
    before = trusts()
    stack = project.create('good/forward.yaml')
    project.deleted(stack)

    # the stack's own goes with it
    assert trusts() <= before
