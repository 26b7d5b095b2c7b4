# SPDX-License-Identifier: Apache-2.0
"""What a subscriber's properties become for Zaqar."""
import json

from heat.common import exception
import pytest

from heat_plugins.engine import known
from heat_plugins.resources import subscriber
from heat_plugins.zaqar import subscriptions


class Plugin:
    """The client plugin, as far as endpoints go."""

    class context:
        project_id = 'mine'

    def client(self):
        return self

    def endpoint(self):
        return 'http://zaqar'

    def workflow_endpoint(self):
        return 'http://mistral/v2'


class WithoutMistral(Plugin):
    def workflow_endpoint(self):
        raise exception.Error('no Mistral')


def props(**given):
    return {**dict.fromkeys(subscriber.PROPERTIES), **given}


def wanted(**given):
    return subscriber.wanted(props(**given), 'news', Plugin())


NOTIFICATION = '"$zaqar_message$"'


def test_a_webhook_is_sent_what_zaqar_sends_by_itself():
    assert wanted(webhook='http://h/x') == subscriptions.Wanted('http://h/x')


def test_body_and_headers_are_texts():
    found = wanted(webhook='http://h', body={'n': 1.0}, headers={'X': 1})

    assert found.options == {'post_data': '{"n": 1.0}',
                             'post_headers': {'X': '1'}}


def test_an_empty_body_is_a_body():
    assert wanted(webhook='http://h', body={}).options == {'post_data': '{}'}


def test_retry_is_in_the_words_of_zaqar():
    found = wanted(webhook='http://h', retry={
        'backoff': 'linear', 'minimum_delay': 1, 'maximum_delay': None})

    assert found.options == {'_retry_policy': {
        'retry_backoff_function': 'linear', 'minimum_delay': 1}}


def test_a_signal_is_a_success_by_a_trust():
    found = wanted(signal='http://heat/v1/mine/stacks/s/1/resources/r/signal')

    assert found.subscriber == (
        'trust+http://heat/v1/mine/stacks/s/1/resources/r/signal')
    assert found.options == {'post_data': (
        '{"status": "SUCCESS", "data": %s}' % NOTIFICATION)}


@pytest.mark.parametrize('url', [
    'http://heat/v1/%s/stacks/s/1/resources/r/signal',
    'http://host/orchestration/v1/%s/stacks/a%%20b/1/resources/r/signal'])
def test_a_signal_is_for_the_owners_project(url):
    assert wanted(signal=url % 'theirs').subscriber == 'trust+' + url % 'mine'


def test_another_url_to_signal_stays_as_it_is():
    assert wanted(signal='http://h/v1/x').subscriber == 'trust+http://h/v1/x'


def test_what_is_forwarded_is_a_message():
    found = wanted(forward_to='other')

    assert found.subscriber == 'trust+http://zaqar/v2/queues/other/messages'
    assert found.options['post_data'] == (
        '{"messages": [{"body": %s}]}' % NOTIFICATION)
    assert found == wanted(forward_to='other')


@pytest.mark.parametrize(('email', 'options'), [
    ('a@b', {}), ({'to': 'a@b'}, {}),
    ({'to': 'a@b', 'subject': 's', 'from': 'c@d'},
     {'subject': 's', 'from': 'c@d'})])
def test_an_email_is_a_mailto(email, options):
    assert wanted(email=email) == subscriptions.Wanted(
        'mailto:a@b', options=options)


def test_a_workflow_has_the_message_in_its_environment():
    found = wanted(workflow={'id': 'w', 'input': {'n': 1},
                             'params': {'env': {'e': 2}}})

    assert found.subscriber == 'trust+http://mistral/v2/executions'
    assert json.loads(found.options['post_data']) == {
        'workflow_id': 'w', 'input': {'n': 1},
        'params': {'env': {'e': 2, 'notification': '$zaqar_message$'}}}


def test_any_uri_goes_as_it_is():
    assert wanted(subscriber='x:y', ttl=60) == subscriptions.Wanted('x:y', 60)


@pytest.mark.parametrize(('given', 'trusted'), [
    ({'webhook': 'http://h'}, False), ({'signal': 'http://h'}, True),
    ({'forward_to': 'q'}, True),
    ({'workflow': {'id': 'w', 'input': None, 'params': None}}, True),
    ({'email': 'a@b'}, False), ({'subscriber': 'http://h'}, False),
    ({'subscriber': 'trust+http://h'}, True)])
def test_a_trust_is_for_what_is_called_with_a_token(given, trusted):
    assert subscriber.is_trusted(props(**given)) is trusted
    assert wanted(**given).is_trusted is trusted


@pytest.mark.parametrize(('given', 'path', 'words'), [
    ({}, 'webhook', 'given: none'),
    ({'webhook': 'http://h', 'email': 'a@b'}, 'webhook',
     'given: webhook and email'),
    ({'webhook': 'ftp://h'}, 'webhook', 'not an http or https URL'),
    ({'webhook': 'http://'}, 'webhook', 'has no host'),
    ({'webhook': 'http://h:x'}, 'webhook', 'is not a URL'),
    ({'forward_to': 'news'}, 'forward_to', 'is the queue itself'),
    ({'forward_to': 'q', 'headers': {'A': 'b'}}, 'headers', 'does not apply'),
    ({'email': 'a@b', 'body': 1}, 'body', 'does not apply'),
    ({'email': 5}, 'email', 'is not an address'),
    ({'email': {'to': 'a@b', 'cc': 'x'}}, 'email', 'unknown key cc'),
    ({'email': {'to': 'a@b', 'subject': 'a\nb'}}, 'email', 'line of text'),
    ({'workflow': {'id': 'w'}}, 'workflow', 'no Mistral'),
    ({'subscriber': 'x'}, 'subscriber', 'is not a URI'),
    ({'subscriber': 'trust+http:/x'}, 'subscriber', 'has no host'),
    ({'webhook': 'http://h', 'body': float('nan')}, 'body', 'is not JSON'),
    ({'webhook': 'http://h', 'headers': {'a b': 'c'}}, 'headers',
     'not a valid name'),
    ({'webhook': 'http://h', 'headers': {'a': 'c\n'}}, 'headers', 'one line'),
    ({'webhook': 'http://h', 'headers': {'a': ['c']}}, 'headers', 'one line'),
    ({'webhook': 'http://h', 'retry': {'minimum_delay': 100}}, 'retry',
     'at least 10 more'),
])
def test_what_is_wrong_is_named(given, path, words):
    found = list(subscriber.problems(props(**given), WithoutMistral(),
                                     'news'))

    assert [each for each, _reason in found] == [path]
    assert words in found[0][1]


@pytest.mark.parametrize('given', [
    {'workflow': {'id': 'w', 'input': {'n': float('nan')}, 'params': {}}},
    {'workflow': {'id': 'w', 'input': {}, 'params': {'n': float('inf')}}},
    {'webhook': 'http://h', 'body': {'n': float('-inf')}}])
def test_what_json_does_not_have_is_wrong(given):
    [(_path, reason)] = subscriber.problems(props(**given), Plugin(), 'news')

    assert reason.startswith('is not JSON')


def test_what_is_not_known_yet_is_not_wrong():
    unknown = known.Unknown(frozenset(['r']))

    assert not list(subscriber.problems(
        props(), Plugin(), 'news', {'webhook': unknown}))
    assert [path for path, _reason in subscriber.problems(
        props(), Plugin(), 'news', {'webhook': unknown,
                                    'signal': unknown})] == ['webhook']
