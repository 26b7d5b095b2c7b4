# SPDX-License-Identifier: Apache-2.0
"""A cloud that is not the usual one, as the command line makes it."""
import email
import subprocess
import sys
import urllib.parse

import pytest
import redis
import requests

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud

HEAT_ZAQAR = [sys.executable, '-m', 'heat_plugins.cli.app']


def heat_zaqar(*arguments):
    """Run the command, which is to succeed; gives what it prints."""
    result = subprocess.run([*HEAT_ZAQAR, *map(str, arguments)],
                            capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    """The state folder, and beside it the file of the mails."""
    return tmp_path_factory.mktemp('options') / 'cloud'


@pytest.fixture(scope='module')
def mails(folder):
    return folder.parent / 'mails'


@pytest.fixture(scope='module')
def options(mails):
    return ('--zaqar-require-confirmation', '--zaqar-pooling',
            '--zaqar-smtp-command', 'tee -a %s' % mails)


@pytest.fixture(scope='module')
def running(folder, options):
    """A cloud with all options, which another process runs."""
    heat_zaqar('cloud', 'up', '--detach', '--dir', folder, *options)
    yield cloud.Cloud(folder)
    heat_zaqar('cloud', 'down', '--dir', folder)


@pytest.fixture
def zaqar(running):
    return clients.zaqar(running)


@pytest.fixture
def subscribe(zaqar):
    """Makes a queue with a subscriber, and gives the queue."""
    def make(name, subscriber):
        zaqar.subscription(name, subscriber=subscriber, ttl=600, options={})
        return zaqar.queue(name)
    return make


def confirm(url, fields):
    """Confirm a subscription as one who has nothing but the message."""
    answer = requests.put(url, json={'confirmed': True}, headers={
        'Client-ID': '5d0d4bc8-1f4b-4b1e-9c4c-6f5f2f1c0f5e', **fields})
    assert answer.status_code == 204, answer.text


def test_a_webhook_is_sent_nothing_until_it_agrees(subscribe, webhook,
                                                   eventually):
    queue = subscribe('hooked', webhook.url)
    queue.post([{'body': 'too early'}])
    [request] = eventually(lambda: webhook.requests)
    asked = request.json
    assert asked['Message_Type'] == 'SubscriptionConfirmation'

    confirm(asked['WSGISubscribeURL'],
            {key: asked[key] for key in ('URL-Signature', 'URL-Methods',
                                         'URL-Paths', 'X-Project-ID',
                                         'URL-Expires')})
    queue.post([{'body': 'now'}])

    eventually(lambda: len(webhook.requests) > 1)
    assert webhook.requests[1].json['body'] == 'now'


def test_a_mail_goes_to_the_command_and_holds_what_confirms(
        subscribe, mails, eventually):
    queue = subscribe('mailed', 'mailto:ops@example.org')
    eventually(lambda: mails.exists() and mails.read_text())
    asked = email.message_from_string(mails.read_text())
    assert asked['to'] == 'ops@example.org'

    link = asked.get_payload().split()[-1]
    fields = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(link).query))
    confirm(fields['Url'], {
        'URL-Signature': fields['Signature'], 'URL-Paths': fields['Paths'],
        'URL-Methods': fields['Methods'], 'URL-Expires': fields['Expires'],
        'X-Project-ID': fields['Project']})
    queue.post([{'body': 'hello by mail'}])

    eventually(lambda: 'hello by mail' in mails.read_text())


def test_messages_are_in_the_pool_of_their_queue(running, zaqar):
    admin = clients.zaqar(running, admin=True)
    # as "cloud status" tells it
    address = {name: url for name, url, *_ in running.status()}['redis']
    zaqar.queue('before').post([{'body': 'hello'}])
    for number in (2, 3):
        admin.pool('pool%d' % number, weight=1,
                   uri='%s?dbid=%d' % (address, number))
    admin.flavor('third', pool_list=['pool3'])

    admin.queue('after').create({'_flavor': 'third'})
    admin.queue('after').post([{'body': 'hello'}])

    assert any(b'before' in key for key in keys(address, 0))
    assert any(b'after' in key for key in keys(address, 3))


def keys(address, database):
    return redis.Redis.from_url('%s/%d' % (address, database)).keys()


def test_run_takes_the_same_options(options):
    settings = heat_zaqar(
        'cloud', 'run', *options, '--',
        'sh', '-c', 'cat "$HEAT_ZAQAR_CLOUD_DIR"/zaqar/zaqar.conf')

    assert 'require_confirmation = True\n' in settings
    assert 'pooling = True\nadmin_mode = True\n' in settings
    assert 'smtp_command = %s\n' % options[-1] in settings
