# SPDX-License-Identifier: Apache-2.0
"""The in-memory Zaqar as a product: time, faults, the server, the app."""
import http.client
import subprocess
import sys
import threading
import time
import urllib.request

import pytest
import requests
import webob

from heat_plugins.testing import app as apps
from heat_plugins.testing import clock as clocks
from heat_plugins.testing import server
from heat_plugins.testing import store as stores
from heat_plugins.zaqar import errors

HEADERS = {'X-Auth-Token': 'x',
           'Client-ID': '00000000-0000-4000-8000-000000000000'}


class TestTime:
    """What the real server would need minutes to show."""

    def test_a_message_ages_and_expires(self, queue, clock):
        queue.post({'body': 1, 'ttl': 60})
        [message] = queue.page()
        clock.advance(59)
        assert [each['age'] for each in queue.page()] == [59]
        clock.advance(1)

        assert queue.page() == []
        with pytest.raises(errors.NotFound):
            queue.message(message['id'])
        with pytest.raises(errors.NotFound):
            queue.messages(message['id'])

    def test_the_expired_are_counted_until_a_claim_passes_them(
            self, queue, clock, pauses):
        queue.post([{'body': 1, 'ttl': 60}, {'body': 2}, {'body': 3}])
        clock.advance(60)
        with pytest.raises(errors.ServerError, match='could not be read'):
            dict(queue.stats)

        claim = queue.claim(ttl=60, grace=60, limit=1)

        assert [each.body for each in claim] == [2]
        assert queue.stats == {'free': 1, 'claimed': 1, 'total': 2}

    def test_those_behind_a_page_of_the_expired_are_hidden(self, queue,
                                                           clock):
        queue.post([{'body': each, 'ttl': 60} for each in range(20)])
        queue.post({'body': 20})
        clock.advance(60)

        assert queue.page() == []
        assert [each['body'] for each in queue.page(
            None, include_claimed=False)] == [20]

    def test_a_claim_ends(self, queue, clock, pauses):
        queue.post([{'body': 1}, {'body': 2}])
        claim = queue.claim(ttl=60, grace=60, limit=1)
        clock.advance(60)

        assert [each['body'] for each in
                queue.page(None, include_claimed=False)] == [1, 2]
        # Observed: the statistics stumble until somebody collects it.
        with pytest.raises(errors.ServerError):
            dict(queue.stats)
        claim.delete()
        assert queue.stats['free'] == 2

    def test_a_claim_does_not_keep_a_message_alive(self, queue, clock):
        queue.post({'body': 1, 'ttl': 60})
        queue.claim(ttl=300, grace=60, limit=1)
        assert [each['ttl'] for each in queue.page()] == [360]
        clock.advance(60)

        assert queue.page() == []

    def test_a_delay_ends(self, queue, clock):
        queue.update({'_default_message_delay': 10})
        queue.post([{'body': 1}, {'body': 2, 'delay': 20}])
        seen = []
        for _ in range(3):
            seen.append([each['body'] for each in queue.page()])
            clock.advance(10)

        assert seen == [[], [1], [1, 2]]

    def test_a_subscription_ends_and_can_be_renewed(self, zaqar, queue,
                                                    clock):
        one, two = (zaqar.client().subscription(
            'q', subscriber='http://host/%d' % each, ttl=60)
            for each in range(2))
        clock.advance(59)
        two.update({'ttl': 60})
        clock.advance(1)

        assert [each.id for each in queue.subscriptions()] == [two.id]
        with pytest.raises(errors.NotFound):
            one.update({'ttl': 60})

    def test_a_signed_url_ends(self, zaqar, queue, clock):
        signed = queue.signed_url(['messages'], 60, ['GET'])

        def status():
            return requests.get(
                zaqar.url + '/v2/queues/q/messages', timeout=10,
                headers=signed.headers(queue.client.client_uuid)).status_code

        assert status() == 200
        clock.advance(61)
        assert status() == 404

    def test_a_clock_starts_where_it_is_told(self):
        clock = clocks.ManualClock(5)
        clock.advance(1.5)

        assert clock() == 6.5


class TestFaults:

    @pytest.fixture
    def get(self, zaqar):
        def calling(path='/v2/queues/q', method='GET'):
            try:
                return requests.request(
                    method, zaqar.url + path, timeout=10, headers=HEADERS)
            except requests.ConnectionError:
                return None
        return calling

    def test_an_answer_is_given_instead_and_once(self, zaqar, get):
        zaqar.faults.answer(418, 'tea', {'X-Tea': 'green'})

        first, second = get(), get()

        assert (first.status_code, first.text) == (418, 'tea')
        assert first.headers['X-Tea'] == 'green'
        assert second.status_code == 200

    def test_only_what_matches_is_met(self, zaqar, get):
        zaqar.faults.answer(418, method='DELETE', path='messages.*pop=2')

        assert get().status_code == 200
        assert get('/v2/queues/q/messages?pop=1', 'DELETE').status_code == 200
        assert get('/v2/queues/q/messages?pop=2').status_code == 200
        assert get('/v2/queues/q/messages?pop=2', 'DELETE').status_code == 418

    def test_some_may_go_well_first(self, zaqar, get):
        zaqar.faults.answer(418, skip=2, times=2)

        assert [get().status_code for _ in range(5)] == [
            200, 200, 418, 418, 200]

    def test_faults_come_in_the_order_they_were_added(self, zaqar, get):
        zaqar.faults.answer(418)
        zaqar.faults.drop()
        zaqar.faults.answer(419)

        first, second, third = get(), get(), get()
        assert (first.status_code, second, third.status_code) == (
            418, None, 419)

    @pytest.mark.parametrize('done', [False, True])
    def test_the_work_is_done_or_not(self, zaqar, get, done):
        zaqar.faults.answer(502, method='PUT', done=done)
        zaqar.faults.drop(method='PUT', path='other', done=done)

        assert get(method='PUT').status_code == 502
        assert get('/v2/queues/other', 'PUT') is None

        assert zaqar.store.names('project') == ['other', 'q'] * done

    def test_all_can_be_taken_back(self, zaqar, get):
        zaqar.faults.drop(times=9)
        zaqar.faults.clear()

        assert get().status_code == 200

    def test_a_hang_ends_when_it_is_released(self, zaqar, get):
        zaqar.faults.hang(method='PUT')
        answers = []
        hanging = threading.Thread(
            target=lambda: answers.append(get(method='PUT')))
        hanging.start()

        assert get().status_code == 200
        assert answers == []
        zaqar.faults.release()
        hanging.join()
        assert answers == [None]

    def test_half_an_answer_is_half_an_answer(self, zaqar, get):
        zaqar.faults.truncate(method='PUT')
        zaqar.faults.truncate(method='GET')
        get(method='PUT')

        # requests tells of it with some releases of urllib3 only
        asked = urllib.request.Request(zaqar.url + '/v2/queues/q',
                                       headers=HEADERS)
        with (urllib.request.urlopen(asked) as answer,
              pytest.raises(http.client.IncompleteRead)):
            answer.read()
        assert zaqar.store.names('project') == ['q']


class TestServer:

    def test_ends_with_hanging_requests_and_open_connections(self):
        with server.Server() as zaqar:
            client = zaqar.client(retries=0)
            client.queue('q').create({})
            zaqar.faults.hang()
            failures = []

            def hang():
                try:
                    zaqar.client(retries=0).queue('q').exists()
                except errors.Unreachable as error:
                    failures.append(error)
            hanging = threading.Thread(target=hang)
            hanging.start()
            while zaqar.connections < 2:
                time.sleep(0.01)
        hanging.join()

        assert len(failures) == 1
        with pytest.raises(errors.Unreachable):
            client.queue('q').exists()

    def test_tells_what_was_asked(self, zaqar):
        queue = zaqar.client().queue('q')
        queue.post({'body': 'ü'})

        [asked] = zaqar.requests
        assert (asked.method, asked.path, asked.status) == (
            'POST', '/v2/queues/q/messages', 201)
        assert asked.headers['x-project-id'] == 'project'
        assert b'body' in asked.body

    def test_counts_connections(self, zaqar):
        for number in range(1, 4):
            zaqar.client().queue('q').exists()
            assert zaqar.connections == number

    def test_answers_many_at_once(self, zaqar):
        def work(number):
            queue = zaqar.client().queue('q')
            for each in range(20):
                queue.post({'body': [number, each]})
        workers = [threading.Thread(target=work, args=(number,))
                   for number in range(4)]
        for each in workers:
            each.start()
        for each in workers:
            each.join()

        assert zaqar.client().queue('q').stats['total'] == 80

    def test_keeps_projects_apart(self, zaqar):
        mine, theirs = (zaqar.client(project=each).queue('q')
                        for each in ('mine', 'theirs'))
        mine.post({'body': 1})

        assert not theirs.exists()
        assert theirs.page() == []


class TestApp:

    def call(self, method, path, **headers):
        request = webob.Request.blank(path, method=method, headers={
            'X-Auth-Token': 'x',
            'Client-ID': '00000000-0000-4000-8000-000000000000', **headers})
        return request.get_response(apps.App(stores.Store()))

    @pytest.mark.parametrize(('method', 'path', 'status'), [
        ('GET', '/', 300), ('GET', '/v2/ping', 204), ('HEAD', '/v2/ping', 204),
        ('GET', '/v2/nothing', 404), ('GET', '/v1/queues', 404),
        ('POST', '/v2/queues/q', 405), ('PUT', '/v2/queues/q/messages', 405),
        ('GET', '/v2/queues', 200), ('GET', '/v2/queues/q/stats/x', 404)])
    def test_needs_no_server(self, method, path, status):
        assert self.call(method, path).status_code == status

    def test_speaks_json_only(self):
        assert self.call('GET', '/v2/queues/q',
                         Accept='text/html').status_code == 406
        assert self.call('GET', '/v2/queues/q',
                         Accept='*/*').status_code == 200


def test_no_product_code_imports_it():
    script = ('import sys, heat_plugins.zaqar.client, '
              'heat_plugins.waiting.wait, heat_plugins.messages.record, '
              'heat_plugins.resources, heat_plugins.engine.client_plugin, '
              'heat_plugins.engine.constraints\n'
              'print([each for each in sys.modules '
              'if each.startswith("heat_plugins.testing")])')

    done = subprocess.run([sys.executable, '-c', script], text=True,
                          capture_output=True, check=True)
    assert done.stdout.strip() == '[]'
