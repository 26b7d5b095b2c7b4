# SPDX-License-Identifier: Apache-2.0
"""How soon what services tell is in Zaqar, and acted on."""
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from oslo_config import cfg
from oslo_context import context
import oslo_messaging

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import config
from heat_plugins.localcloud import demo
from heat_plugins.localcloud import notifications
from heat_plugins.localcloud import options
from heat_plugins.localcloud import rabbitmq
from heat_plugins.localcloud import stack as stacks

COMMAND = [sys.executable, '-W', 'ignore', '-m', 'heat_plugins.cli.app',
           'notifications', '--config-file']
_QUEUE = 'bench-notifications'
# Seconds between two looks.
_POLL = 0.05


def images(repetitions):
    """Seconds from an image's data being there to its stack being complete.

    It needs the virtualenv of ``./toxw -e reach``.
    """
    with clouds.Cloud.ephemeral(options=options.Options(
            further=('glance',), notifications={})) as cloud:
        glance, heat = clients.session(cloud), clients.heat(cloud)
        where = {'endpoint_filter': {'service_type': 'image'}}
        for number in range(repetitions):
            image = glance.post('/v2/images', json={
                'name': 'it', 'disk_format': 'raw',
                'container_format': 'bare'}, **where).json()['id']
            stack = stacks.Stack.create(
                heat, 'bench-%d' % number,
                demo.examples() / '26-image-upload.yaml', {'image': image})
            time.sleep(3)
            glance.put('/v2/images/%s/file' % image, data=b'data', headers={
                'Content-Type': 'application/octet-stream'}, **where)
            began = time.monotonic()
            assert stack.wait() == 'CREATE_COMPLETE'
            yield time.monotonic() - began
            stack.delete()
            stack.wait()


def burst(count, processes):
    """Notifications a second from the broker to Zaqar, and those lost.

    :param processes: how many share the work.
    """
    with (clouds.Cloud.ephemeral(options=options.Options(
            production=True, engines=1)) as cloud,
          tempfile.TemporaryDirectory() as folder):
        shared = cloud.services['zaqar'].deployment
        queue = clients.zaqar(cloud).queue(_QUEUE)
        queue.create({})
        file = pathlib.Path(folder, 'notifications.conf')
        config.write(file, {
            'DEFAULT': {'transport_url': rabbitmq.url(shared)},
            'zaqar_notifications': {
                **notifications.posted_by_key(shared), 'queue': _QUEUE}})
        with _relay(file):
            pass  # From now on the broker keeps what comes for the pool.
        told = _tell(cloud, shared, count)
        with contextlib.ExitStack() as stack:
            for _number in range(processes):
                stack.enter_context(_relay(file))
            return _arrived(queue, told)


@contextlib.contextmanager
def _relay(file):
    process = subprocess.Popen([*COMMAND, str(file)], stdout=subprocess.PIPE,
                               text=True, env=os.environ)
    try:
        assert process.stdout.readline() == 'Listening.\n'
        yield
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def _tell(cloud, shared, count):
    """The payloads of what was told."""
    conf = cfg.ConfigOpts()
    conf([], default_config_files=[], default_config_dirs=[])
    transport = oslo_messaging.get_notification_transport(
        conf, rabbitmq.url(shared))
    notifier = oslo_messaging.Notifier(
        transport, 'bench.host', driver='messagingv2',
        topics=['notifications'], retry=30)
    owner = context.RequestContext(
        project_id=clients.session(cloud).get_project_id())
    for number in range(count):
        notifier.info(owner, 'bench.told', {'n': number, 'text': 'x' * 1000})
    transport.cleanup()
    return set(range(count))


def _arrived(queue, told):
    """(a second, lost, duplicates) of those that were told in a burst."""
    began = last = time.monotonic()
    marker, found, seen = '0', set(), 0
    while not told <= found and time.monotonic() - last < 20:
        page = queue.page(marker)
        if not page:
            time.sleep(_POLL)
            continue
        last, marker = time.monotonic(), page[-1]['id']
        bodies = [each['body'] for each in page]
        mine = [each['payload']['n'] for each in bodies
                if each['event_type'] == 'bench.told']
        seen += len(mine)
        found.update(mine)
    return len(found) / (last - began), len(told - found), seen - len(found)
