# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Messaging::SignedURL on the real cloud, used as a guest does."""
import datetime
import json
import time
import urllib.parse

import pytest
import requests

from heat_plugins.localcloud import clients


def test_a_bad_property_is_refused_at_validation(bad_template,
                                                 assert_refused):
    assert_refused(bad_template)


@pytest.fixture
def stack(project, name):
    project.queue(name).create({})
    return project.created('good/signed.yaml', name=name)


def test_a_guest_may_do_what_was_signed_and_nothing_else(
        project, name, stack):
    url, headers = stack.output('url'), stack.output('headers')

    posted = requests.post(
        url + '/messages', headers=headers,
        json={'messages': [{'body': {'n': 1}}]})
    listed = requests.get(url + '/messages?echo=true', headers=headers)

    assert posted.status_code == 201
    assert [each['body'] for each in listed.json()['messages']] == [{'n': 1}]
    for method, path in (('POST', '/claims'), ('DELETE', '/messages'),
                         ('GET', '/subscriptions'), ('DELETE', '')):
        refused = requests.request(method, url + path, headers=headers)
        assert refused.status_code in (401, 403, 404), (method, path)
    assert project.bodies(name) == [{'n': 1}]


def test_its_attributes_tell_of_it(name, stack, cloud):
    headers = stack.output('headers')
    query = dict(urllib.parse.parse_qsl(stack.output('query_str')))

    assert stack.output('id') == name
    assert stack.output('url').endswith('/v2/queues/' + name)
    assert stack.output('paths') == ['/v2/queues/%s/messages' % name]
    assert stack.output('methods') == ['GET', 'POST']
    assert stack.output('project') == (
        clients.session(cloud).get_project_id())
    assert query == {
        'signature': stack.output('signature'),
        'expires': stack.output('expires'),
        'paths': '/v2/queues/%s/messages' % name, 'methods': 'GET,POST',
        'project_id': stack.output('project'), 'queue_name': name}
    assert headers['URL-Signature'] == stack.output('signature')
    left = (datetime.datetime.fromisoformat(stack.output('expires'))
            .replace(tzinfo=datetime.UTC) - datetime.datetime.now(
                datetime.UTC)).total_seconds()
    assert 3000 < left <= 3600


def test_the_command_works_as_it_stands(project, name, stack, shell):
    project.post(name, 'hello')

    got = shell(stack.output('curl_cli'))

    assert got.returncode == 0, got.stderr
    assert [each['body'] for each in json.loads(got.stdout)['messages']] == [
        'hello']


def test_the_command_takes_a_body(project, name, stack, shell):
    project.updated(stack, 'good/signed.yaml', {'methods': '["POST"]'})

    sent = shell(stack.output('curl_cli'), '{"messages": [{"body": 1}]}')

    assert sent.returncode == 0, sent.stderr
    assert project.bodies(name) == [1]


@pytest.mark.parametrize('script', [
    "GET='%s'; $GET -k", 'GET="%s"; eval "$GET"', 'sh -c "%s"', "sh -c '%s'",
    'sh <<END\n%s\nEND'])
def test_the_command_is_of_words_that_need_no_quotes(stack, shell, script):
    got = shell(script % stack.output('curl_cli'))

    assert got.returncode == 0, got.stderr


def test_the_command_shows_why_zaqar_refuses(project, name, stack, shell):
    project.updated(stack, 'good/signed.yaml', {'methods': '["POST"]'})

    refused = shell(stack.output('curl_cli'), '{"messages": 5}')

    assert refused.returncode == 22
    assert 'Invalid request body' in refused.stdout


@pytest.mark.parametrize('change', [
    {'rearm': 'b'}, {'ttl': 7200}, {'methods': '["GET"]'},
    {'paths': '["claims"]'}])
def test_a_change_signs_anew_in_place(project, name, stack, change):
    before = stack.output('signature'), stack.output('headers')
    time.sleep(1)  # an expiry has whole seconds

    project.updated(stack, 'good/signed.yaml', change)

    assert stack.output('signature') != before[0]
    assert stack.output('id') == name
    # what was given out before stays good
    assert requests.get(stack.output('url') + '/messages',
                        headers=before[1]).status_code == 200


def test_nothing_is_signed_when_nothing_changed(project, stack):
    before = stack.output('signature')
    time.sleep(1)

    project.updated(stack, 'good/signed.yaml', converge=True)

    assert stack.output('signature') == before


def test_neither_show_nor_events_tell_the_signature(project, stack):
    signature = stack.output('signature')

    shown = stack.resource('signed').attributes

    assert shown['queue']
    assert signature not in json.dumps(shown)
    assert signature not in '\n'.join(stack.news())


def test_a_queue_that_is_not_there_is_an_error(project, name):
    stack = project.create('good/signed.yaml', name=name)

    assert stack.wait() == 'CREATE_FAILED'
    assert 'there is no queue "%s"' % name in stack.reason


def test_check_tells_that_the_queue_is_gone(project, name, stack):
    project.queue(name).delete()

    project.heat.actions.check(stack.id)

    assert stack.wait() == 'CHECK_FAILED'
    assert ('The queue "%s" is gone.' % name) in (
        stack.resource('signed').resource_status_reason)


def test_deletion_leaves_the_queue(project, name, stack):
    project.deleted(stack)

    assert project.queue(name).exists()
