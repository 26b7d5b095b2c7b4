# SPDX-License-Identifier: Apache-2.0
"""The attribute curl_cli: what is given to it arrives, or it fails."""
import json
import shlex
import shutil

import pytest

BODY = {'status': 'FAILURE', 'reason': 'it\'s "full": $HOME `id` \\ %s é\n'}
TEXT = json.dumps(BODY, ensure_ascii=False)
QUOTED = shlex.quote(TEXT)


@pytest.fixture
def machine(machine):
    machine.write('body', TEXT)
    machine.write('empty', '')
    machine.write('zero', b'"a\0b"')
    return machine


@pytest.mark.parametrize('arguments', [
    '-d BODY', '-dBODY', '--data BODY', '--data=BODY', '--data-raw BODY',
    '--data-raw=BODY', '--data-binary BODY', '--data-ascii BODY',
    '--json BODY', '--json=BODY', '-d @body', '-d@body', '--data @body',
    '--data=@body', '--data-binary @body', '--json @body', '-d @- <body',
    '-d@- <body', '--data-binary=@- <body', '-k --data-binary BODY',
    '--insecure --data BODY', '--retry 5 -d BODY', '-X POST -d BODY',
    '-XPOST -d BODY', '--request=POST --data=BODY', '-v --data BODY',
    '-kd BODY', '-kdBODY', '-sSkLXPOST -dBODY',
    '-fsSL -H "Content-Type: application/json" -d BODY',
    '--fail-with-body -d BODY', '-d BODY -k --max-time 50 -m50',
    '--max-time=50 --retry=2 -d BODY', '-o /dev/null -w "%{http_code}" -dBODY',
    '-d BODY -o answer', '-i -d BODY', '-D headers -d BODY',
    '--data "  $(cat body)  "', '--data BODY <&-'])
def test_a_body_is_the_body_wherever_it_stands(machine, arguments):
    sent = machine.curl(arguments.replace('BODY', QUOTED))

    assert sent.returncode == 0, sent.stderr
    assert machine.bodies == [BODY]


@pytest.mark.parametrize('arguments', [
    '', '-k', '-sS --retry 3 --max-time=9', '-H "X-Test: --data 5"', '<&-'])
def test_who_says_nothing_else_says_success(machine, arguments):
    sent = machine.curl(arguments.replace('BODY', QUOTED))

    assert sent.returncode == 0, sent.stderr
    assert machine.bodies == [{}]


@pytest.mark.parametrize(('arguments', 'words'), [
    ('BODY', 'cannot use "{"status": "FAILURE"'),
    ('-- BODY', 'cannot use "--"'),
    ('-d BODY http://127.0.0.1:9/', 'cannot use "http://127.0.0.1:9/"'),
    ('-d BODY -d BODY', 'more than one body'),
    ('--json 1 --data 2', 'more than one body'),
    ('-d', '-d needs a value'),
    ('--retry', '--retry needs a value'),
    ("-d ''", 'the body is empty'),
    ('--data=', 'the body is empty'),
    ('-d @empty', 'the body is empty'),
    ('-d @-', 'the body is empty'),
    ('-d @- <&-', 'cannot read -'),
    ('-d @missing', 'cannot read missing'),
    ('-d hello', 'not one JSON value (a text needs double quotes'),
    ('--data-raw @body', 'not one JSON value'),
    ('-d @zero', 'not one JSON value'),
    ("--data '1}, {\"body\": 2'", 'not one JSON value'),
    ('-d \'{"status": SUCCESS}\'', 'not one JSON value'),
    ('-d "%s%s"' % ('[' * 101, ']' * 101), 'deeper than 100 levels'),
    ('-X PUT -d BODY', 'the method is POST, not PUT'),
    ('-XGET', 'the method is POST, not GET'),
    ('--frobnicate -d BODY', 'cannot use "--frobnicate"'),
    ('--insecure=yes -d BODY', 'cannot use "yes"'),
    ("'-k --data' BODY", 'cannot use "- "'),
    ('-F a=b', 'cannot use "-F"'), ('-G -d BODY', 'cannot use "-G"'),
    ('-I', 'cannot use "-I"'), ('-T body', 'cannot use "-T"'),
    ('-K body', 'cannot use "-K"'), ('-V', 'cannot use "-V"'),
    ('-kV', 'cannot use "-V"'), ('-h', 'cannot use "-h"'),
    ('--help', 'cannot use "--help"'), ('--next -d 1', 'cannot use "--next"'),
    ('--url x -d BODY', 'cannot use "--url"'),
    ('--data-urlencode BODY', 'cannot use "--data-urlencode"'),
])
def test_what_is_not_understood_is_not_sent(machine, arguments, words):
    sent = machine.curl(arguments.replace('BODY', QUOTED))

    assert sent.returncode == 2
    assert words in sent.stderr.decode()
    assert b'nothing was sent' in sent.stderr
    assert machine.zaqar.requests == []


def test_what_curl_refuses_is_not_sent(machine):
    sent = machine.curl('--cacert missing --proxy "" --max-time x')

    assert sent.returncode == 2
    assert machine.zaqar.requests == []


@pytest.mark.parametrize('size', [200_000, 262_000])
def test_a_file_may_be_larger_than_an_argument(machine, size):
    machine.write('large', json.dumps('x' * size))

    sent = machine.curl('-d @large')

    assert sent.returncode == 0, sent.stderr
    assert [len(each) for each in machine.bodies] == [size]


@pytest.mark.parametrize('options', ['', '-f', '-o answer', '-sS'])
def test_zaqars_reason_is_shown(machine, options):
    machine.write('large', json.dumps('x' * 270_000))

    sent = machine.curl('-d @large ' + options)

    assert sent.returncode == 22
    assert b'HTTP 400' in sent.stderr
    assert b'Message collection size is too large' in sent.stderr


@pytest.mark.parametrize(('status', 'words'), [
    (404, b'has the signed URL expired?'), (200, b'HTTP 200'),
    (503, b'HTTP 503')])
def test_only_created_is_a_success(machine, status, words):
    machine.zaqar.faults.answer(status)

    sent = machine.curl()

    assert sent.returncode == 22
    assert words in sent.stderr


def test_curl_tells_what_is_wrong_and_its_status_stays(machine):
    sent = machine.curl('--resolve 127.0.0.1:80:127.0.0.1 --proxy '
                        'http://127.0.0.1:9')

    assert sent.returncode == 7
    assert b'curl: (7)' in sent.stderr


def test_what_is_asked_of_curl_comes_out_as_of_curl(machine):
    sent = machine.curl('-w " %{http_code}" -o answer -D headers')

    assert sent.stdout == b' 201'
    assert json.loads((machine.folder / 'answer').read_text())['resources']
    assert '201' in (machine.folder / 'headers').read_text()
    assert b'> POST /v2/queues/q/messages' in machine.curl('-v').stderr
    assert json.loads(machine.curl().stdout)['resources']


@pytest.mark.parametrize('script', [
    '%s -d @body',
    'set -eu\nif timeout 20 %s -d @body; then true; else exit 9; fi',
    'true && FOO=1 nice %s -d @body || exit 9',
    "cat >run <<'END'\n%s -d @body\nEND\nsh ./run",
    'cat >run <<END\n%s -d @body\nEND\nsh ./run',
    'cat >vars <<END\nREPORT="%s"\nEND\n. ./vars; eval "$REPORT -d @body"',
    'REPORT="%s"\neval "$REPORT -d @body"',
    'REPORT="%s"\nsh -c "$REPORT -d @body"',
    'export REPORT="%s"\nsh -c \'eval "$REPORT -d @body"\'',
    'sh -c "%s -d @body"', 'echo "%s -d @body" | sh',
    'report() {\n%s "$@"\n}\nreport -d @body',
    'REPORT="%s"\nreport() { eval "$REPORT" \'"$@"\'; }\nreport -d @body',
])
def test_it_stands_wherever_a_command_is_pasted(machine, script):
    sent = machine.run(script % machine.curl_cli)

    assert sent.returncode == 0, sent.stderr
    assert machine.bodies == [BODY]


@pytest.mark.parametrize('script', [
    'REPORT="%s"\n$REPORT --data @body',
    'REPORT="%s"\n"$REPORT" --data @body',
    "REPORT='%s'\neval \"$REPORT --data @body\"",
    "sh -c '%s --data @body'",
])
def test_where_it_cannot_stand_it_fails_and_sends_nothing(machine, script):
    sent = machine.run(script % machine.curl_cli)

    assert sent.returncode != 0
    assert machine.zaqar.requests == []


# busybox itself has all but curl
@pytest.mark.parametrize('machine', ['dash', 'bash'], indirect=True)
@pytest.mark.parametrize('missing', ['base64', 'awk', 'curl'])
def test_without_a_program_it_fails(machine, missing):
    for each in {'sh', 'base64', 'awk', 'curl', 'tr'} - {missing}:
        (machine.folder / each).symlink_to(shutil.which(each))

    sent = machine.run('PATH=.; %s -d 1' % machine.curl_cli)

    assert sent.returncode == 127
    assert missing.encode() in sent.stderr
    assert machine.zaqar.requests == []


def test_it_holds_nothing_that_a_shell_or_yaml_changes(machine):
    assert machine.curl_cli.count("'") == 2
    assert not set(machine.curl_cli) & set('"$`\\!{}[]#%*?~\n\t')
