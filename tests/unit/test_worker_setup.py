# SPDX-License-Identifier: Apache-2.0
"""What a worker is told to use: found, or an error that says what is due."""
import json
import os
import sys

import pytest

from heat_plugins import worker
from heat_plugins.worker import access
from heat_plugins.worker import errors
from heat_plugins.worker import loading
from heat_plugins.zaqar import client


class Handler:
    """A handler, and a store."""

    def create(self, *_arguments):
        """Nothing; also all that is asked of a store."""

    update = delete = begin = renew = finish = create


class CreateOnly:
    def create(self, _task):
        """Nothing."""


INSTANCE = Handler()


class TestHandler:

    def test_of_a_class_there_is_an_instance(self):
        assert isinstance(loading.handler(__name__ + ':Handler'), Handler)

    def test_an_object_is_as_it_is(self):
        assert loading.handler(__name__ + ':INSTANCE') is INSTANCE

    def test_it_may_be_in_the_current_folder(self, tmp_path, monkeypatch):
        (tmp_path / 'in_the_current_folder.py').write_text('it = 5\n')
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, 'path', list(sys.path))

        assert loading.handler('in_the_current_folder:it') == 5

    @pytest.mark.parametrize(('text', 'error'), [
        ('', 'the form MODULE:OBJECT'), ('zone', 'the form MODULE:OBJECT'),
        ('zone:', 'the form MODULE:OBJECT'), (':Records', 'MODULE:OBJECT'),
        ('no_such_module:it', "No module named 'no_such_module'"),
        (__name__ + ':nothing', "no attribute 'nothing'")])
    def test_what_is_not_there_is_named(self, text, error):
        with pytest.raises(errors.SetupError, match=error):
            loading.handler(text)

    @pytest.mark.parametrize(('handler', 'lacks'), [
        (object(), 'create'), (CreateOnly(), 'update'), (json, 'create')])
    def test_it_must_have_all_three_methods(self, zaqar, handler, lacks):
        with pytest.raises(errors.SetupError,
                           match='no method "%s". A handler needs create, '
                                 'update and delete' % lacks):
            worker.Worker(zaqar.client().queue('q'), handler)


class TestStore:

    def test_memory(self):
        assert isinstance(loading.store('memory'), worker.MemoryStore)

    def test_a_file(self, tmp_path):
        assert isinstance(loading.store('sqlite:%s/it' % tmp_path),
                          worker.SqliteStore)

    def test_one_of_the_callers_own(self):
        assert loading.store(__name__ + ':INSTANCE') is INSTANCE

    @pytest.mark.parametrize('text', [
        'sqlite:/no/such/folder/it', 'sqlite:/', 'disk'])
    def test_what_cannot_be_used_is_named(self, text):
        with pytest.raises(errors.SetupError, match=text):
            loading.store(text)


class TestSignedURL:

    @pytest.fixture
    def file(self, tmp_path):
        def write(content):
            path = tmp_path / 'signed-url.json'
            path.write_text(content if isinstance(content, str)
                            else json.dumps(content))
            return path
        return write

    def test_its_queue_is_used_with_its_headers(self, zaqar, queue, file):
        queue.post([{'body': 1}])
        guest = access.by_signed_url(file({
            'url': zaqar.url + '/v2/queues/q',
            'headers': {'X-Project-ID': 'project', 'URL-Test': 'it'}}))

        assert [each['body'] for each in guest.page()] == [1]
        assert zaqar.requests[-1].headers['url-test'] == 'it'

    @pytest.mark.parametrize(('content', 'error'), [
        ('', 'Expecting value'), ('[]', 'list indices'),
        ({}, "'url' is missing"), ({'url': 'http://h/v2/queues/q'},
                                   "'headers' is missing"),
        ({'url': 'http://h/v2', 'headers': {}}, 'is not the URL of a queue'),
        ({'url': 5, 'headers': {}}, 'expected string')], ids=str)
    def test_what_is_wrong_with_the_file_is_named(self, file, content, error):
        with pytest.raises(errors.SetupError, match=error) as wrong:
            access.by_signed_url(file(content))
        assert 'The file must hold a JSON map' in str(wrong.value)

    def test_a_file_that_is_not_there_is_named(self, tmp_path):
        with pytest.raises(errors.SetupError, match='No such file'):
            access.by_signed_url(tmp_path / 'nothing')


def test_without_a_user_it_is_said_where_one_is_looked_for(monkeypatch,
                                                           tmp_path):
    for name in [each for each in os.environ if each.startswith('OS_')]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    with pytest.raises(errors.SetupError, match=r'OS_\*'):
        access.by_keystone('q', load_yaml_config=False)


class Catalog:
    """An adapter of keystoneauth: what Zaqar's endpoints are."""

    def __init__(self, **endpoints):
        self._endpoints = endpoints

    def get_endpoint(self, interface='internal'):
        return self._endpoints.get(interface)


def test_a_keystone_user_replies_to_all_endpoints_in_the_catalog():
    zaqar = client.Client(Catalog(internal='http://10.0.0.1:8888',
                                  public='https://zaqar.example.org/'))

    assert zaqar.endpoints() == {'http://10.0.0.1:8888',
                                 'https://zaqar.example.org'}


@pytest.mark.parametrize(('given', 'endpoint'), [
    ('https://h', 'https://h'), ('https://h:8888/', 'https://h:8888'),
    ('https://h/v2', 'https://h'), ('https://h/zaqar/v2/', 'https://h/zaqar')])
def test_an_endpoint_may_be_named_as_the_catalog_has_it(given, endpoint):
    assert access.endpoint(given) == endpoint
