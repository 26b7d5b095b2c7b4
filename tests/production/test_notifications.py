# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar notifications``, on the broker of a cloud."""
import contextlib
import os
import signal
import subprocess
import sys

from oslo_config import cfg
from oslo_context import context
import oslo_messaging
import pytest

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import config
from heat_plugins.localcloud import notifications as localcloud
from heat_plugins.localcloud import rabbitmq

COMMAND = [sys.executable, '-W', 'ignore', '-m', 'heat_plugins.cli.app',
           'notifications', '--config-file']


@pytest.fixture
def file(cloud, queue, tmp_path):
    """The configuration, by which all is posted to one queue."""
    shared = cloud.services['zaqar'].deployment
    made = tmp_path / 'notifications.conf'
    config.write(made, {
        'DEFAULT': {'transport_url': rabbitmq.url(shared)},
        'zaqar_notifications': {
            **localcloud.posted_by_key(shared), 'queue': queue.name,
            'events': '{"event_type": [{"prefix": "test."}]}'}})
    return made


@pytest.fixture
def relay(file, tmp_path):
    """Begins a process that listens; its log is ``relay.log``."""
    with contextlib.ExitStack() as stack:
        def begin():
            process = subprocess.Popen(
                [*COMMAND, str(file)], stdout=subprocess.PIPE, text=True,
                stderr=(tmp_path / 'relay.log').open('a'))
            stack.callback(process.stdout.close)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            assert process.stdout.readline() == 'Listening.\n'
            return process
        yield begin


@pytest.fixture
def notify(cloud):
    """Tells something as a service of the cloud does."""
    conf = cfg.ConfigOpts()
    conf([], default_config_files=[], default_config_dirs=[])
    transport = oslo_messaging.get_notification_transport(
        conf, rabbitmq.url(cloud.services['zaqar'].deployment))
    notifier = oslo_messaging.Notifier(
        transport, 'test.host', driver='messagingv2',
        topics=['notifications'], retry=30)
    owner = context.RequestContext(
        project_id=clients.session(cloud).get_project_id())

    def tell(payload, event_type='test.told', priority='info'):
        getattr(notifier, priority)(owner, event_type, payload)
    yield tell
    transport.cleanup()


def told(queue):
    """The payloads that were posted, by the ids of the notifications."""
    marker, found = None, {}
    while page := (queue.page(marker) if marker else queue.page()):
        for each in page:
            body = each['body']
            # What comes twice is the same.
            assert found.setdefault(body['message_id'], body) == body
        marker = page[-1]['id']
    return sorted((each['payload'] for each in found.values()), key=str)


def test_what_services_tell_is_posted(relay, notify, queue, eventually):
    relay()
    notify('first', priority='error')
    notify('not wanted', 'other.told')
    notify({'deep': [1, None, 'ü']})

    eventually(lambda: len(told(queue)) == 2)
    assert told(queue) == ['first', {'deep': [1, None, 'ü']}]
    [body] = [each['body'] for each in queue.page()
              if each['body']['payload'] == 'first']
    assert body['priority'] == 'ERROR'
    assert body['publisher_id'] == 'test.host'
    assert body['timestamp']


def test_what_zaqar_does_not_take_stops_nothing(relay, notify, queue,
                                                tmp_path, eventually):
    relay()
    for number in range(10):
        notify(number)
        notify('x' * 300000)

    eventually(lambda: len(told(queue)) == 10)
    assert told(queue) == list(range(10))
    eventually(lambda: (tmp_path / 'relay.log').read_text().count(
        'is dropped, as Zaqar refuses it') == 10)


def test_nothing_is_lost_when_processes_and_zaqar_die(
        breakable, relay, notify, queue, eventually):
    """Several share the work."""
    relays = [relay(), relay()]
    for number in range(300):
        notify(number)
        if number == 50:
            relays[0].send_signal(signal.SIGKILL)
        if number == 100:
            breakable.services['zaqar'].kill()
        if number == 150:
            relays[1].send_signal(signal.SIGKILL)
            relay()
        if number == 200:
            breakable.restart('zaqar')

    eventually(lambda: len(told(queue)) == 300)
    assert told(queue) == sorted(range(300), key=str)


def test_it_ends_when_it_is_to(relay):
    process = relay()
    process.send_signal(signal.SIGTERM)

    assert process.wait(60) == 0


@pytest.mark.parametrize(('text', 'words'), [
    ('', 'neither signing_key nor auth_type is set'),
    ('[zaqar_notifications]\nqueue = a.b', 'is no name of a queue'),
    ('[zaqar_notifications]\nttl = soon', 'ttl'), ('x', 'x')])
def test_a_file_that_makes_no_sense_is_told(tmp_path, text, words):
    file = tmp_path / 'wrong.conf'
    file.write_text(text)
    ended = subprocess.run([*COMMAND, str(file)], capture_output=True,
                           text=True, timeout=60, env=os.environ)

    assert ended.returncode == 1
    assert ended.stderr.startswith('heat-zaqar notifications: ')
    assert words in ended.stderr
