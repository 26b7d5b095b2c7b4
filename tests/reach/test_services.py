# SPDX-License-Identifier: Apache-2.0
"""Templates that wait for what Glance, Mistral, Barbican and Keystone do."""
import hashlib
import subprocess
import time
import uuid

from oslo_config import cfg
from oslo_context import context
import oslo_messaging
import pytest

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import config
from heat_plugins.localcloud import demo
from heat_plugins.localcloud import glance as localcloud_glance
from heat_plugins.localcloud import notifications

DATA = {'headers': {'Content-Type': 'application/octet-stream'}}


def follow(project, name, parameters):
    return project.create(demo.examples() / name, parameters)


class TestGlance:

    @pytest.fixture
    def image(self, glance):
        """The id of an image without data."""
        made = glance('POST', '/v2/images', json={
            'name': 'it', 'disk_format': 'raw', 'container_format': 'bare'})
        return made.json()['id']

    def test_26_image_upload(self, project, glance, image):
        stack = follow(project, '26-image-upload.yaml', {'image': image})
        glance('PUT', '/v2/images/%s/file' % image, data=b'data', **DATA)

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert stack.output('size') == 4
        assert stack.output('checksum') == hashlib.md5(b'data').hexdigest()

    def test_an_image_that_is_deleted_instead(self, project, glance, image):
        stack = follow(project, '26-image-upload.yaml', {'image': image})
        glance('DELETE', '/v2/images/' + image)

        assert stack.wait() == 'CREATE_FAILED'
        assert 'image.delete' in stack.reason

    def test_27_image_import(self, project, glance, disk):
        image = self.imported(glance, disk)
        stack = follow(project, '27-image-import.yaml', {'image': image})

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert stack.output('format') == 'raw'
        assert stack.output('virtual_size') == 20 * 2 ** 20
        assert stack.output('checksum') == hashlib.md5(
            bytes(20 * 2 ** 20)).hexdigest()

    def test_an_import_that_fails(self, project, glance):
        image = self.imported(glance, b'QFI\xfb' + b'no disk' * 100)
        stack = follow(project, '27-image-import.yaml', {'image': image})

        assert stack.wait() == 'CREATE_FAILED'
        assert '1 failed: local' in stack.reason

    @staticmethod
    def imported(glance, data):
        image = glance('POST', '/v2/images', json={
            'name': 'it', 'disk_format': 'qcow2',
            'container_format': 'bare'}).json()['id']
        glance('PUT', '/v2/images/%s/stage' % image, data=data, **DATA)
        glance('POST', '/v2/images/%s/import' % image, json={
            'method': {'name': 'glance-direct'}})
        return image

    @pytest.fixture
    def disk(self, tmp_path):
        """A disk of 20 MiB in the format qcow2."""
        place = localcloud_glance.CONVERTER.place()
        file = tmp_path / 'disk.qcow2'
        subprocess.run([place.which('qemu-img'), 'create', '-f', 'qcow2',
                        file, '20M'], env=place.environment(), check=True)
        return file.read_bytes()

    def test_zaqar_away_and_back_and_glance_goes_on(
            self, cloud, project, glance, image):
        """Nothing that Glance tells meanwhile is lost, nor is it slowed."""
        queue = project.queue('notifications')
        zaqar = cloud.services['zaqar']
        zaqar.stop()
        began = time.monotonic()
        ids = [glance('POST', '/v2/images', json={
            'name': 'it', 'disk_format': 'raw', 'container_format': 'bare'
        }).json()['id'] for _number in range(10)]
        assert time.monotonic() - began < 30
        cloud.restart('zaqar')

        deadline = time.monotonic() + 120
        while not set(ids) <= created(queue):
            assert time.monotonic() < deadline
            time.sleep(0.5)


def created(queue):
    """The ids of all images that are told of as made."""
    found, page = {}, queue.page()
    while any(each['id'] not in found for each in page):
        found.update((each['id'], each['body']) for each in page)
        page = queue.page(page[-1]['id'])
    return {each['payload']['id'] for each in found.values()
            if each['event_type'] == 'image.create'}


def test_28_workflow_answer(project):
    stack = project.created(demo.examples() / '28-workflow-answer.yaml',
                            {'number': 4})

    assert stack.output('answer') == 8


def test_29_secret_read(project, barbican, waits):
    secret = barbican('POST', '/v1/secrets', json={
        'name': 'it', 'payload': 'hush', 'payload_content_type': 'text/plain'
    }).json()['secret_ref'].rpartition('/')[2]
    stack = follow(project, '29-secret-read.yaml', {'secret': secret})
    waits(stack, 'read')
    # Who looks at it, but not into it, has not read it.
    barbican('GET', '/v1/secrets/' + secret)
    assert stack.status == 'CREATE_IN_PROGRESS'

    read = barbican('GET', '/v1/secrets/%s/payload' % secret,
                    headers={'Accept': 'text/plain'})

    assert read.text == 'hush'
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason
    assert stack.output('user') == 'demo'
    assert stack.output('address') == '127.0.0.1'


def test_30_each_new_project(admin, keystone, pipes, eventually):
    stack = admin.created(demo.examples() / '30-each-new-project.yaml')

    made = [keystone('POST', '/projects', json={'project': {
        'name': uuid.uuid4().hex, 'domain_id': 'default'}}).json()[
            'project']['id'] for _number in range(2)]

    eventually(lambda: len(admin.bodies(stack.output('welcomes'))) == 2)
    assert admin.bodies(stack.output('welcomes')) == [
        {'project': each, 'made_by': 'admin'} for each in made]


class TestTrove:
    """Its server does not run from its packages: these are what it sends."""

    PAYLOAD = {'name': 'db-1', 'tenant_id': 'p', 'client_ip': '127.0.0.1',
               'server_ip': '127.0.0.1', 'server_type': 'taskmanager',
               'request_id': 'req-1', 'flavor_id': '7', 'datastore': 'mysql'}

    @pytest.fixture
    def tell(self, cloud, tmp_path):
        """Sends a notification by the driver, as Trove would."""
        file = tmp_path / 'trove.conf'
        config.write(file, {'zaqar_notifications': notifications.posted_by_key(
            cloud.services['zaqar'].deployment)})
        conf = cfg.ConfigOpts()
        conf([], default_config_files=[str(file)], default_config_dirs=[])
        notifier = oslo_messaging.Notifier(
            oslo_messaging.get_notification_transport(conf, 'fake://'),
            'taskmanager.host', driver='zaqar', topics=['notifications'])

        def telling(event_type, **payload):
            notifier.info(
                context.RequestContext(
                    project_id=clients.session(cloud).get_project_id()),
                'dbaas.instance_create.' + event_type,
                {**self.PAYLOAD, **payload})
        return telling

    def test_31_database_instance(self, project, tell):
        stack = follow(project, '31-database-instance.yaml',
                       {'instance': 'db-1'})
        tell('start')
        tell('end', name='another', instance_id='5')
        tell('end', instance_id='7')

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert stack.output('id') == '7'

    def test_one_that_cannot_be_made(self, project, tell):
        stack = follow(project, '31-database-instance.yaml',
                       {'instance': 'db-2'})
        tell('error', name='db-2', message='Quota exceeded for volumes.',
             exception='Traceback ...')

        assert stack.wait() == 'CREATE_FAILED'
        assert 'Quota exceeded for volumes.' in stack.reason
