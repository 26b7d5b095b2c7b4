# SPDX-License-Identifier: Apache-2.0
"""Where a worker's replies may go, and what they bring."""
import pytest

from heat_plugins.custom import request
from heat_plugins.worker import replying

OWN = 'http://zaqar.example.org:8888'


def reply_to(url, headers=None):
    return request.ReplyTo(url, headers or {}, 'q', '2099-01-01T00:00:00')


@pytest.mark.parametrize(('endpoint', 'url'), [
    (OWN, OWN + '/v2/queues/q/messages'),
    (OWN, OWN + '/v2/queues/q'),
    (OWN, 'http://ZAQAR.example.org:8888/v2/queues/q/messages'),
    (OWN + '/', OWN + '/v2/queues/q/messages'),
    ('https://h', 'https://h:443/v2/queues/q/messages'),
    ('https://h/messaging', 'https://h/messaging/v2/queues/q/messages'),
    ('http://[2001:db8::1]:8888', 'http://[2001:db8::1]:8888/v2/queues/q')])
def test_a_reply_may_go_to_an_endpoint_that_is_known(endpoint, url):
    replying.Replying([endpoint]).check(reply_to(url))


@pytest.mark.parametrize('url', [
    '', OWN, OWN + '/', OWN + '/v2/queues/', OWN + '/v2/queues/q/claims',
    'https://zaqar.example.org:8888/v2/queues/q/messages',
    'http://zaqar.example.org/v2/queues/q/messages',
    'http://zaqar.example.org:8889/v2/queues/q/messages',
    'http://192.0.2.1:8888/v2/queues/q/messages',
    'http://zaqar.example.org:8888@192.0.2.1/v2/queues/q/messages',
    'http://user@zaqar.example.org:8888/v2/queues/q/messages',
    'http://zaqar.example.org.:8888/v2/queues/q/messages',
    OWN + '/other/v2/queues/q/messages',
    OWN + '/../v2/queues/q/messages',
    OWN + '/v2/queues/../messages', OWN + '/v2/queues/a/b/messages',
    OWN + '/v2/queues/a/v2/queues/b/messages',
    OWN + '/v2/queues/{a,b}[1-50]/messages',
    OWN + '/v2/queues/q/messages?x=1', OWN + '/v2/queues/q/messages#x',
    OWN + '/v2/queues/q/messages\n', OWN + '\n/v2/queues/q/messages',
    'file:///etc/passwd', 'file:///v2/queues/q/messages',
    'gopher://zaqar.example.org:8888/v2/queues/q/messages',
    'http:///v2/queues/q', 'http://[/v2/queues/q', 'http://h:x/v2/queues/q'])
def test_a_reply_may_go_nowhere_else(url):
    with pytest.raises(replying.BadAddress, match='reply.url: '):
        replying.Replying([OWN]).check(reply_to(url))


def test_what_may_be_allowed_is_said():
    with pytest.raises(replying.BadAddress,
                       match='https://h is not an endpoint that this worker '
                             'replies to.*--reply-to'):
        replying.Replying([OWN]).check(reply_to('https://h/v2/queues/q'))


@pytest.mark.parametrize('endpoint', [
    '', 'zaqar.example.org', 'ftp://h', 'http://', 'http://u:p@h',
    'http://h?x=1'])
def test_what_is_no_endpoint_cannot_be_allowed(endpoint):
    with pytest.raises(ValueError, match='URL'):
        replying.Replying([endpoint])


@pytest.mark.parametrize('value', ['a\r\nHost: b', 'a\n', ' a', '\u2028', ''])
def test_what_is_no_value_of_a_header_is_refused(value):
    with pytest.raises(replying.BadAddress,
                       match='reply.headers.Client-ID: '):
        replying.Replying([OWN]).check(
            reply_to(OWN + '/v2/queues/q', {'Client-ID': value}))


def test_only_the_headers_of_a_signed_url_are_sent(zaqar, queue):
    sender = replying.Replying([zaqar.url])
    to = reply_to(zaqar.url + '/v2/queues/q/messages', {
        'x-project-id': 'project',
        'X-Auth-Token': 'secret', 'Host': '192.0.2.1', 'Cookie': 'x=1'})

    sender.check(to)
    sender.send(to, {'request_id': 'it'})

    [sent] = zaqar.requests
    assert sent.headers['x-project-id'] == 'project'
    assert not {'secret', '192.0.2.1', 'x=1'} & set(sent.headers.values())
    assert [each['body'] for each in queue.page()] == [{'request_id': 'it'}]
