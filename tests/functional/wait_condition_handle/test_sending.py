# SPDX-License-Identifier: Apache-2.0
"""What senders run: curl_cli and script, on the real cloud."""
import json
import os
import shlex
import subprocess

import pytest

FAILURE = {'status': 'FAILURE', 'reason': 'it\'s "full": $HOME é \U0001f40d'}


@pytest.fixture
def mailbox(project):
    """The outputs of a stack of a handle alone."""
    return project.created('good/handle.yaml').outputs()


@pytest.fixture
def run(tmp_path):
    """Runs shell in a folder with the bodies of this test as files."""
    (tmp_path / 'body').write_text(json.dumps(FAILURE))
    (tmp_path / 'large').write_text(json.dumps('x' * 200_000))
    (tmp_path / 'too-large').write_text(json.dumps('x' * 270_000))

    def running(script):
        return subprocess.run(
            ['sh', '-c', script], cwd=tmp_path, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60,
            env={'PATH': os.environ['PATH']})
    return running


@pytest.fixture
def signal(mailbox, run, tmp_path):
    """Runs the attribute ``script`` from a file."""
    (tmp_path / 'signal').write_text(mailbox['script'])
    (tmp_path / 'signal').chmod(0o700)
    return lambda arguments: run('./signal ' + arguments)


def test_curl_cli_posts_any_body(project, mailbox, send):
    bodies = [None, {}, 5, 'text', [1, 'two'], FAILURE,
              {'text': 'it\'s a "quoted" $HOME `id` \\ text\n'},
              {'astral': '\U0001f40d', 'deep': [[[[{}]]]]}]

    for body in bodies:
        send(mailbox['curl_cli'], body)

    assert project.bodies(mailbox['queue']) == bodies


def test_curl_cli_takes_a_body_in_every_form_of_curl(project, mailbox, run):
    quoted = shlex.quote(json.dumps(FAILURE))
    forms = ['-k --data-binary ' + quoted, '--insecure --data ' + quoted,
             '--retry 5 -d ' + quoted, '-X POST -d ' + quoted,
             '-v --data ' + quoted, '--json ' + quoted, '-d' + quoted,
             '--data=' + quoted, '-d@body', '--data @body', '-d @- <body']

    for form in forms:
        sent = run('%s %s' % (mailbox['curl_cli'], form))
        assert sent.returncode == 0, sent.stderr

    assert project.bodies(mailbox['queue']) == [FAILURE] * len(forms)


def test_curl_cli_as_it_stands_is_a_success(project, mailbox, shell):
    assert shell(mailbox['curl_cli']).returncode == 0

    assert project.bodies(mailbox['queue']) == [{}]


def test_what_curl_cli_does_not_understand_is_not_sent(project, mailbox, run):
    for arguments in (
            '\'{"status": "FAILURE"}\'', '--data \'{"status": FAILURE}\'',
            "--data '1}, {\"body\": 2'", '--data "$UNSET"', '--form a=b'):
        sent = run('%s %s' % (mailbox['curl_cli'], arguments))
        assert sent.returncode == 2
        assert 'nothing was sent' in sent.stderr

    assert project.bodies(mailbox['queue']) == []


def test_curl_cli_sends_what_no_argument_can_hold(project, mailbox, run):
    assert run(mailbox['curl_cli'] + ' -d @large').returncode == 0

    assert project.bodies(mailbox['queue']) == ['x' * 200_000]


def test_zaqars_reason_is_shown(mailbox, run, signal):
    for sent in (run(mailbox['curl_cli'] + ' -d @too-large'),
                 signal('--body @too-large')):
        assert sent.returncode == 22
        assert 'HTTP 400' in sent.stderr
        assert 'Message collection size is too large' in sent.stderr


def test_the_script_says_what_it_is_told(project, mailbox, signal):
    for arguments in ('--status FAILURE --id a --reason ' +
                      shlex.quote(FAILURE['reason']),
                      '--data @body --id b', '--body @body -- --insecure',
                      ''):
        sent = signal(arguments)
        assert (sent.returncode, sent.stderr) == (0, '')

    *bodies, last = project.bodies(mailbox['queue'])
    assert bodies == [{'id': 'a', **FAILURE}, {'id': 'b', 'data': FAILURE},
                      FAILURE]
    assert list(last) == ['id']


def test_an_expired_url_is_told_of(mailbox, run):
    dead = mailbox['script'].replace('URL-Expires: 20', 'URL-Expires: 19')

    sent = run("sh -c %s" % shlex.quote(dead))

    assert sent.returncode == 22
    assert 'has the signed URL expired' in sent.stderr
