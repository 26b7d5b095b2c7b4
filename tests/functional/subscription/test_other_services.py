# SPDX-License-Identifier: Apache-2.0
"""Subscriptions that other services take part in, on a cloud that has them.

Zaqar asks subscribers to confirm there, mail goes to a real SMTP server, and
an HTTP receiver has the place of Mistral in the catalog.
"""
import email
import email.policy
import pathlib
import shutil
import sys

from aiosmtpd import controller
from aiosmtpd import handlers
import pytest
import requests

from heat_plugins.localcloud import clients
from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options
from heat_plugins.localcloud import ports
from heat_plugins.testing import receiver


class Mailbox(handlers.Message):
    """Keeps what it is sent."""

    def __init__(self):
        super().__init__()
        self.mails = []

    def prepare_message(self, session, envelope):
        found = email.message_from_bytes(envelope.content,
                                         policy=email.policy.default)
        found['X-RcptTo'] = ', '.join(envelope.rcpt_tos)
        return found

    def handle_message(self, message):
        self.mails.append(message)


@pytest.fixture(scope='module')
def smtp():
    """A running SMTP server that keeps its mails."""
    running = controller.Controller(Mailbox(), hostname='127.0.0.1',
                                    port=ports.choose(['smtp'], {})['smtp'])
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope='module')
def mistral():
    """What has the place of Mistral."""
    with receiver.Receiver(lambda request: 201) as running:
        yield running


@pytest.fixture(scope='module')
def cloud(smtp, mistral, tmp_path_factory):
    # Zaqar splits the command at spaces, which a checkout's path may have
    program = shutil.copy(
        pathlib.Path(__file__).with_name('send_mail.py'),
        tmp_path_factory.mktemp('mail'))
    with clouds.Cloud.ephemeral(options=options.Options(
            zaqar_require_confirmation=True,
            zaqar_smtp_command='%s %s %d' % (
                sys.executable, program, smtp.port))) as running:
        register(running, 'workflowv2', mistral.url + '/v2')
        yield running


def register(running, kind, url):
    """Put a service into the catalog."""
    keystone = clients.session(running, admin=True)
    identity = {'service_type': 'identity'}
    service = keystone.post('/services', endpoint_filter=identity, json={
        'service': {'type': kind, 'name': kind}}).json()['service']
    keystone.post('/endpoints', endpoint_filter=identity, json={'endpoint': {
        'service_id': service['id'], 'interface': 'public', 'url': url,
        'region_id': 'RegionOne'}})


class TestConfirmation:
    @pytest.fixture
    def parameters(self, webhook):
        return {'url': webhook.url + '/hook'}

    def test_the_stack_waits_for_it(self, project, name, parameters, webhook,
                                    eventually):
        stack = project.create('good/webhook.yaml',
                               {**parameters, 'wait': 60}, name=name)
        [request] = eventually(lambda: webhook.requests)
        assert stack.status == 'CREATE_IN_PROGRESS'

        agree(request.json)

        assert stack.wait() == 'CREATE_COMPLETE', stack.reason
        assert stack.output('attributes')[2] is True
        project.post(name, 'hello')
        eventually(lambda: len(webhook.requests) == 2)
        assert webhook.requests[1].json['body'] == 'hello'

    def test_silence_is_a_failure_that_an_update_mends(
            self, project, name, parameters, webhook, eventually):
        stack = project.create('good/webhook.yaml', {**parameters, 'wait': 1},
                               name=name)

        assert stack.wait() == 'CREATE_FAILED'
        assert ('%s did not confirm within 1 seconds' % parameters['url']
                ) in stack.reason

        stack.update(project.folder / 'good/webhook.yaml',
                     {**parameters, 'wait': 60})
        eventually(lambda: len(webhook.requests) >= 2)
        agree(webhook.requests[-1].json)
        assert stack.wait() == 'UPDATE_COMPLETE', stack.reason

    def test_nobody_waits_unless_told_to(self, project, name, parameters):
        stack = project.created('good/webhook.yaml', parameters, name=name)

        assert stack.output('attributes')[2] is False

    def test_what_a_trust_calls_is_confirmed_at_once(self, project, name,
                                                     webhook, eventually):
        project.created('good/signal.yaml', {'url': webhook.url + '/s'},
                        name=name)
        project.post(name, 'hello')

        eventually(lambda: [
            each for each in webhook.requests
            if each.headers['x-auth-token'] != 'not yet' and
            each.json['data']['body'] == 'hello'])


def agree(asked):
    """Confirm, as one who has nothing but what was sent."""
    assert asked['Message_Type'] == 'SubscriptionConfirmation'
    names = ['URL-Signature', 'URL-Methods', 'URL-Paths', 'URL-Expires',
             'X-Project-ID']
    answer = requests.put(
        asked['WSGISubscribeURL'], json={'confirmed': True}, timeout=30,
        headers={'Client-ID': '5d0d4bc8-1f4b-4b1e-9c4c-6f5f2f1c0f5e',
                 **{name: asked[name] for name in names}})
    assert answer.status_code == 204


def test_a_mail_is_sent_and_its_subject_changed_in_place(
        project, name, smtp, subscribed, eventually):
    stack = project.created('good/email.yaml', {'subject': 'News'}, name=name)
    before = stack.output('id')
    # Zaqar asks by a mail that leads to a page of the operator's
    subscribed.confirm(before)

    def mails():
        return [each for each in smtp.handler.mails
                if each['From'] == 'cloud@example.com']

    project.post(name, {'n': 1})
    eventually(mails)
    project.updated(stack, 'good/email.yaml', {'subject': 'More news'})
    project.post(name, {'n': 2})

    eventually(lambda: len(mails()) == 2)
    for mail, subject, number in zip(mails(), ['News', 'More news'], [1, 2],
                                     strict=True):
        assert mail['To'] == 'team@example.com'
        assert mail['From'] == 'cloud@example.com'
        assert mail['Subject'] == subject
        assert '"body": {"n": %d}' % number in mail.get_content()
    assert stack.output('id') == before


def test_a_workflow_is_started_with_the_message(project, name, mistral,
                                                eventually):
    mistral.requests.clear()
    project.created('good/workflow.yaml', name=name)
    project.post(name, {'n': 1})

    request = eventually(lambda: [
        each for each in mistral.requests
        if each.headers['x-auth-token'] != 'not yet'])[0]
    assert (request.method, request.path) == ('POST', '/v2/executions')
    assert request.json == {
        'workflow_id': '7f1c0b7c-3d4e-4a53-9a5e-0c5f8f0f5f10',
        'input': {'size': 3},
        'params': {'env': {'region': 'north', 'notification': {
            'body': {'n': 1}, 'ttl': 3600, 'queue_name': name,
            'Message_Type': 'Notification'}}}}
