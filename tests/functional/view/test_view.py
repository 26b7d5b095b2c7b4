# SPDX-License-Identifier: Apache-2.0
"""What the page of ``heat-zaqar view`` shows, in a real browser."""
import re
import uuid

import pytest
import requests
from selenium.webdriver.common import keys

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import demo

HOSTILE = '<img src=x onerror="hacked=1">\x1b[2J\u202eevil'


def reader(cloud):
    """The variables of a user of the same project who may only read."""
    keystone = clients.session(cloud, admin=True)
    where = {'endpoint_filter': {'service_type': 'identity'}}

    def found(what, name):
        [one] = keystone.get('/%s?name=%s' % (what, name),
                             **where).json()[what]
        return one['id']

    variables = {'OS_USERNAME': 'reader-%s' % uuid.uuid4().hex,
                 'OS_PASSWORD': 'a password'}
    made = keystone.post('/users', json={'user': {
        'name': variables['OS_USERNAME'], 'domain_id': 'default',
        'password': variables['OS_PASSWORD']}}, **where).json()['user']['id']
    keystone.put('/projects/%s/users/%s/roles/%s' % (
        found('projects', 'demo'), made, found('roles', 'reader')), **where)
    return variables


@pytest.fixture
def gate(project, eventually):
    stack = project.create(demo.examples() / '11-approval.yaml')
    eventually(lambda: stack.resource('decision').resource_status ==
               'CREATE_IN_PROGRESS')
    return stack


class TestGate:
    def decide(self, page, title, comment):
        page.node('decision').click()
        page.shows('Answer on the queue', '#detail')
        page.one('#detail input').send_keys(comment)
        page.button(title).click()

    def test_is_approved_with_a_comment(self, gate, page, serve):
        page.open(serve(gate.name)).shows('0 of 1 received', '#graph')
        self.decide(page, 'Approve', 'looks <b>good</b>')
        page.shows('Sent: approve.', '#detail')

        assert gate.wait() == 'CREATE_COMPLETE', gate.reason
        page.shows('CREATE_COMPLETE', '#status')
        decided = gate.output('decided')
        assert (decided['decision'], decided['by'], decided['reason']) == (
            'approved', 'demo', 'looks <b>good</b>')

    def test_is_rejected(self, gate, page, serve):
        page.open(serve(gate.name)).shows('0 of 1 received', '#graph')
        self.decide(page, 'Reject', 'not today')

        assert gate.wait() == 'CREATE_FAILED'
        page.shows('not today', '#resources')
        page.shows('CREATE_FAILED', '#status')
        assert 'failed' in page.node('decision').get_attribute('class')

    def test_an_answer_that_is_sent_again_counts_once(self, gate, page,
                                                      serve):
        page.open(serve(gate.name)).shows('0 of 1 received', '#graph')
        self.decide(page, 'Approve', '')
        page.button('Approve').click()

        assert gate.wait() == 'CREATE_COMPLETE', gate.reason
        page.button('Approve').click()
        page.shows('it waits for no answer any more', '#detail')


def test_a_queue_fills_and_a_wait_goes_on(project, waiting, queue, page,
                                          serve):
    page.open(serve(waiting.name)).shows('0 of 2 received', '#graph')
    project.post(queue.name, {'id': 'a'})

    page.shows('1 message', '#graph')
    page.shows('1 of 2 received', '#graph')
    assert page.one('#resources progress').get_attribute('value') == '1'
    page.shows('1 of 2 received', '#resources')

    project.post(queue.name, {'id': 'b'})
    page.shows('CREATE_COMPLETE', '#status')
    page.shows('2 of 2 received', '#graph')


def test_a_worker_says_how_far_it_is(project, workers, page, serve):
    workers.start()
    stack = project.create(
        project.folder.parent / 'custom_resource/good/one.yaml',
        {'queue': workers.queue, 'properties': {
            'say': 'half <i>done</i>', 'wait_for': 'go'}})
    page.open(serve(stack.name)).shows('in progress: half <i>done</i>',
                                       '#resources')
    page.shows('half', '#graph')
    page.button('thing').click()
    page.shows('is with a worker', '#detail')

    workers.let('go')
    page.shows('CREATE_COMPLETE', '#status')
    page.button('Look again').click()
    page.shows('CREATE_COMPLETE', '#detail')


def test_hostile_messages_are_text(project, waiting, queue, page, serve):
    page.open(serve(waiting.name)).shows('0 of 2 received', '#graph')
    project.post(queue.name, {'id': HOSTILE, 'data': HOSTILE},
                 {'status': 'FAILURE', 'reason': HOSTILE})
    page.shows('CREATE_FAILED', '#status')
    page.node('condition').click()
    page.shows('counts as FAILURE', '#detail')

    text = page.one('body').text
    assert '<img src=x' in text
    assert '\\u202eevil' in text
    assert '\x1b' not in text
    assert '\u202e' not in text
    assert not page.all('img')
    assert page.run('return window.hacked') is None


def test_a_large_message_is_cut(project, waiting, queue, page, serve):
    page.open(serve(waiting.name)).shows('0 of 2 received', '#graph')
    project.post(queue.name, {'data': 'x' * 200000})
    page.shows('1 of 2 received', '#graph')
    page.one('#graph g[data-node^="queue "]').click()
    page.shows('xxx', '#detail')

    assert len(page.one('#detail').text) < 5000


def test_with_a_keyboard_and_a_screen_reader(waiting, page, serve):
    page.open(serve(waiting.name)).shows('0 of 2 received', '#graph')
    node = page.node('condition')

    assert node.get_attribute('role') == 'button'
    assert node.get_attribute('aria-label') == (
        'condition, WaitCondition, progress, 0 of 2 received')
    reached = [page.press(keys.Keys.TAB) for _number in range(10)]
    assert node in reached
    node.send_keys(keys.Keys.ENTER)
    page.shows('times out at', '#detail')
    page.press(keys.Keys.ESCAPE)
    assert page.run('return document.activeElement.dataset.node').endswith(
        'condition')
    assert not page.one('#detail').is_displayed()
    for each in ('#status[role=status]', '#trouble[role=alert]',
                 '#times svg[role=img][aria-label]', 'html[lang=en]'):
        assert page.all(each), each


def test_on_a_phone_nothing_is_cut_off(waiting, page, serve):
    chromium = page.browser
    chromium.execute_cdp_cmd('Emulation.setDeviceMetricsOverride', {
        'width': 360, 'height': 740, 'deviceScaleFactor': 1, 'mobile': True})
    try:
        page.open(serve(waiting.name)).shows('0 of 2 received', '#graph')
        assert page.run('return document.documentElement.scrollWidth') <= 360
        page.button('condition').click()
        page.shows('times out at', '#detail')
        assert page.run(
            'return document.getElementById("detail").scrollWidth') <= 360
    finally:
        chromium.execute_cdp_cmd('Emulation.clearDeviceMetricsOverride', {})


@pytest.mark.parametrize(('scheme', 'is_dark'), [
    ('light', False), ('dark', True)])
def test_the_colours_are_those_of_the_system(waiting, page, serve, scheme,
                                             is_dark):
    page.browser.execute_cdp_cmd('Emulation.setEmulatedMedia', {
        'features': [{'name': 'prefers-color-scheme', 'value': scheme}]})
    try:
        page.open(serve(waiting.name)).shows('0 of 2 received', '#graph')
        paper, ink = (
            sum(map(int, re.findall(r'\d+', page.run(
                'return getComputedStyle(document.body)[arguments[0]]',
                each))[:3])) for each in ('backgroundColor', 'color'))
        assert (paper < ink) == is_dark
    finally:
        page.browser.execute_cdp_cmd('Emulation.setEmulatedMedia',
                                     {'features': []})


def test_who_may_only_read_can_use_it(cloud, gate, page, serve):
    page.open(serve(gate.name, **reader(cloud)))
    page.shows('0 of 1 received', '#graph')
    page.shows('0 messages', '#graph')
    page.node('decision').click()
    page.shows('times out at', '#detail')
    assert not page.one('#trouble').is_displayed()


def test_all_stacks_are_listed_and_lead_to_theirs(gate, waiting, page, serve):
    page.open(serve())
    page.shows(gate.name, '#stacks')
    page.shows(waiting.name, '#stacks')
    next(each for each in page.all('#stacks a')
         if each.text == waiting.name).click()
    page.shows('0 of 2 received', '#graph')


def test_a_stack_that_is_deleted_meanwhile_is_told(waiting, page, serve):
    page.open(serve(waiting.name)).shows('0 of 2 received', '#graph')
    waiting.delete()

    page.shows('DELETE_COMPLETE', '#status')


@pytest.mark.parametrize('service', ['heat', 'zaqar'])
def test_it_goes_on_when_a_service_is_back(project, cloud, waiting, queue,
                                           page, serve, service, eventually):
    page.open(serve(waiting.name)).shows('0 of 2 received', '#graph')
    cloud.services[service].stop()
    page.shows('%s does not answer' % service.capitalize(), '#trouble')
    cloud.restart(service)
    eventually(lambda: not page.one('#trouble').is_displayed())
    project.post(queue.name, 'a', 'b')

    page.shows('CREATE_COMPLETE', '#status')


@pytest.mark.parametrize(('path', 'headers'), [
    ('', {'Origin': 'http://127.0.0.1:1'}),
    ('', {'Origin': 'null'}),
    ('', {'Host': 'evil.example'}),
    ('', {'Sec-Fetch-Site': 'cross-site'}),
    ('', {'Sec-Fetch-Site': 'same-site'}),
    ('../', {}),
    ('../%61', {}),
])
def test_others_are_refused(serve, path, headers):
    address = serve()
    for method in ('GET', 'POST'):
        refused = requests.request(method, address + path, headers=headers,
                                   timeout=60)
        assert refused.status_code == 403
        assert not refused.headers.get('Access-Control-Allow-Origin')


@pytest.mark.parametrize(('method', 'path', 'status'), [
    ('GET', 'view.py', 404), ('GET', '../x', 403), ('GET', '..%2fserver.py',
                                                    404),
    ('GET', 'no-such.html', 404), ('GET', 'resource', 404),
    ('GET', 'events?stack=no-such', 409), ('POST', 'view.css', 404),
    ('GET', 'queue?stack=no-such&name=x', 409)])
def test_what_is_not_there_is_refused(serve, method, path, status):
    assert requests.request(method, serve() + path,
                            timeout=60).status_code == status


@pytest.mark.parametrize('body', ['', '[]', '{"name": 5}', '{', 'x' * 70000])
def test_answers_that_are_none_are_refused(serve, waiting, body):
    refused = requests.post('%sanswer?stack=%s' % (serve(), waiting.name),
                            data=body, timeout=60)

    assert refused.status_code in (404, 409)


def test_credentials_are_not_in_the_page(cloud, waiting, serve):
    address = serve()
    token = clients.session(cloud).get_token()
    secrets = {cloud.environment()['OS_PASSWORD'], token, 'Signature',
               'X-Auth-Token'}
    answer = requests.get(address + 'events', params={'stack': waiting.name},
                          stream=True, timeout=60)
    shown = ''
    for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
        shown += line
        if line == 'event: trouble':
            break
    answer.close()
    for each in ('', 'view.js', 'detail.js', 'resource?name=condition&stack='
                 + waiting.name):
        shown += requests.get(address + each, timeout=60).text

    assert 'condition' in shown
    assert not [each for each in secrets if '"%s' % each in shown]
    assert answer.headers['Content-Security-Policy'].startswith(
        "default-src 'none'")


def test_a_stack_that_is_not_there_is_told(cloud, capfd, serve):
    with pytest.raises(AttributeError):
        serve('no-such-stack')

    assert 'There is no stack "no-such-stack" in this project.' in (
        capfd.readouterr().err)
