# SPDX-License-Identifier: Apache-2.0
"""The example workers/hosts.sh, with requests that nobody should send."""
import json
import os
import signal
import subprocess
import uuid

import pytest

from heat_plugins.custom import contract
from heat_plugins.localcloud import demo
from heat_plugins.testing import server
from tests import shells as shells_of

SCRIPT = demo.examples() / 'workers/hosts.sh'
ID = '83accd4a-cb13-4b0d-b490-a9bd0faaa016'
#: What the file holds before.
LOCALHOST = '127.0.0.1 localhost'


@pytest.fixture
def zaqar():
    # claims go by the time of day
    with server.Server() as running:
        running.client().queue('jobs').create({})
        yield running


@pytest.fixture(params=shells_of.NAMES)
def shell(request, shells):
    """A folder for PATH in which ``sh`` and its tools are of one kind."""
    return shells[request.param]


@pytest.fixture
def run(tmp_path, shell):
    """Begins the script; ends it with the test."""
    running = []

    def begin(*arguments):
        running.append(subprocess.Popen(
            ['sh', str(SCRIPT), *map(str, arguments)], cwd=tmp_path,
            stderr=subprocess.PIPE, text=True,
            env={**os.environ, 'no_proxy': '*', 'PATH': '%s:%s' % (
                shell, os.environ['PATH'])}))
        return running[-1]
    yield begin
    for each in running:
        each.kill()
        each.wait()
        each.stderr.close()


def signed_headers(queue, paths, methods):
    return queue.signed_url(paths, 3600, methods).headers(str(uuid.uuid4()))


class Asked:
    """A queue of requests, and the script that serves it.

    :ivar hosts: the path of the hosts file.
    """

    def __init__(self, zaqar, folder, run, eventually):
        self.hosts = folder / 'ho"s\\ts'
        self.hosts.write_text(LOCALHOST + '\n')
        self._zaqar = zaqar
        self._run = run
        self._eventually = eventually
        self._jobs = zaqar.client().queue('jobs')
        self._signed = folder / 'signed-url.json'
        self._signed.write_text(json.dumps({
            'url': self._jobs.href, 'headers': signed_headers(
                self._jobs, ['messages', 'claims'],
                ['GET', 'POST', 'PATCH', 'DELETE'])}))
        replies = zaqar.client().queue('replies')
        replies.create({})
        self.headers = signed_headers(replies, ['messages'], ['POST'])

    def ask(self, reply=None, properties=None, **changes):
        """Post a request."""
        self._jobs.post([{'body': {
            'request_id': ID, 'request_type': 'Create', 'physical_id': None,
            'reply': {
                'url': self._zaqar.url + '/v2/queues/replies/messages',
                'headers': self.headers, **(reply or {})},
            'properties': {'address': '192.0.2.7', 'name': 'web.example.org',
                           **(properties or {})}, **changes}}])

    def serve(self):
        """Run the script until it finds nothing more; returns its process."""
        seen = len(self._zaqar.requests)
        process = self._run(self._signed, self.hosts)
        self._eventually(lambda: any(
            '/claims?' in each.path and each.status == 204
            for each in self._zaqar.requests[seen:]))
        return process

    def posts(self):
        """The requests by which the script posted something."""
        return [each for each in self._zaqar.requests
                if each.method == 'POST' and '/claims' not in each.path and
                'curl' in each.headers['user-agent']]

    @property
    def replies(self):
        bodies = [each['body'] for each in
                  self._zaqar.client().queue('replies').page()]
        for each in bodies:
            contract.check(contract.REPLY, each)
        return bodies

    @property
    def left(self):
        return len(self._jobs.page())

    @property
    def lines(self):
        return self.hosts.read_text().splitlines()


@pytest.fixture
def asked(zaqar, tmp_path, run, eventually):
    return Asked(zaqar, tmp_path, run, eventually)


def test_a_line_comes_changes_and_goes(asked):
    asked.ask()
    asked.ask()
    asked.ask(request_id='other', properties={'name': 'db'})
    asked.ask(request_id='other-delete', request_type='Delete',
              physical_id='other')
    asked.ask(request_type='Update', physical_id=ID, request_id='second',
              properties={'address': '2001:db8::7'})
    asked.serve()
    assert asked.lines == [LOCALHOST, '2001:db8::7 web.example.org # ' + ID]
    assert asked.replies[0] == {
        'request_id': ID, 'status': 'SUCCESS', 'physical_id': ID,
        'data': {'file': str(asked.hosts)}}

    asked.ask(request_type='Delete', physical_id=ID, request_id='third')
    asked.ask(request_type='Delete', physical_id='localhost')
    asked.serve()
    assert asked.lines == [LOCALHOST]
    assert asked.left == 0
    assert {each['status'] for each in asked.replies} == {'SUCCESS'}


def test_a_value_that_does_not_belong_in_the_file_is_refused(asked):
    wrong = [
        {'name': 'a\nb'}, {'name': 'a\\c'}, {'name': 'a"b'},
        {'name': '$(id)'}, {'name': 'b\u00fccher'}, {'name': ''},
        {'name': 'a b'}, {'name': ['a']}, {'address': '\\c'},
        {'address': '192.0.2.7\n192.0.2.8'}, {'address': ''},
        {'address': 'web'}, {'address': '\u2028'}, {'address': None}]
    for properties in wrong:
        asked.ask(properties=properties)
    asked.ask(request_type='Paint')
    asked.serve()

    assert {each['status'] for each in asked.replies} == {'FAILED'}
    assert [each['reason'].split()[2] for each in asked.replies] == [
        *(next(iter(each)) for each in wrong), 'is']
    assert asked.lines == [LOCALHOST]
    assert asked.left == 0


def test_what_is_no_request_is_left(asked, zaqar):
    wrong = [
        {'physical_id': 'a\n192.0.2.66 bank.example.org # b'},
        {'physical_id': 'a # b'}, {'physical_id': '\\c'},
        {'request_id': 'a"b'}, {'request_id': ''},
        {'request_id': None, 'physical_id': ''}, {'reply': {'url': None}},
        *({'reply': {'url': url}} for url in (
            'file:///etc/passwd', 'gopher://127.0.0.1/v2/queues/q/messages',
            'http://192.0.2.1/v2/queues/q/messages')),
        *({'reply': {'url': zaqar.url + ending}} for ending in (
            '/v2/queues/{a,b}[1-50]/messages', '/v2/queues/q/messages?x=1',
            '/v2/queues/../messages', '@192.0.2.1/v2/queues/q/messages',
            '/v2/queues/q/messages\n/v2/queues/q/messages'))]
    for changes in wrong:
        asked.ask(**changes)
    asked.serve()

    assert asked.lines == [LOCALHOST]
    assert asked.posts() == []
    assert asked.left == len(wrong)


def test_only_the_headers_of_a_signed_url_are_sent(asked):
    asked.ask(reply={'headers': {
        **asked.headers, 'X-Auth-Token': 'secret',
        'url-methods': 'x"\nuser = "me:secret'}})
    asked.serve()

    [sent] = asked.posts()
    assert sent.headers['url-methods'] == 'POST'
    assert not {'x-auth-token', 'authorization'} & {*sent.headers}


def test_a_reply_that_is_not_taken_leaves_the_request(asked, zaqar):
    zaqar.faults.answer(503, method='POST', path='replies')
    # for good: nobody can be told any more
    zaqar.faults.answer(404, method='POST', path='replies')
    asked.ask()
    asked.ask()
    asked.serve()

    assert (asked.left, asked.replies) == (1, [])


def test_sigterm_ends_it(asked):
    process = asked.serve()
    process.send_signal(signal.SIGTERM)

    assert process.wait(60) == 0


@pytest.mark.parametrize(('content', 'error'), [
    (None, 'cannot read'), ('', 'no JSON with the url'),
    ('{"url": "file:///etc/passwd"}', 'no JSON with the url'),
    ('{"url" "x"', 'no JSON with the url'), ('{5: 5}', 'no JSON')])
def test_a_signed_url_that_is_none_ends_it(run, tmp_path, content, error):
    if content is not None:
        (tmp_path / 'signed').write_text(content)
    ended = run('signed', 'hosts')

    assert ended.wait(60) == 1
    assert error in ended.stderr.read()


def test_a_signed_url_that_is_refused_ends_it(run, tmp_path, zaqar):
    zaqar.faults.answer(404, path='claims')
    (tmp_path / 'signed').write_text(json.dumps({
        'url': zaqar.url + '/v2/queues/jobs', 'headers': {}}))
    ended = run('signed', 'hosts')

    assert ended.wait(60) == 1
    assert 'refuses the signed URL: 404' in ended.stderr.read()


def test_wrong_arguments_end_it(run):
    ended = run('signed')

    assert ended.wait(60) == 2
    assert 'usage: ' in ended.stderr.read()
