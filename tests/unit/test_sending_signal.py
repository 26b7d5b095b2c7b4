# SPDX-License-Identifier: Apache-2.0
"""The attribute script: a program with a command line made for signals."""
import shlex
import uuid

import pytest

from heat_plugins.sending import programs

REASON = 'it\'s "full":\t$HOME `id` \\ %s\nand é \U0001f40d\x01\n'


@pytest.fixture
def quick(machine):
    """The machine with pauses that take no time, and are noted."""
    script = programs.script(*machine.credentials)
    assert script.count('sleep "$pause"') == 1
    machine.install(script.replace('sleep "$pause"', 'echo "$pause" >>pauses'))
    return machine


def pauses(machine):
    file = machine.folder / 'pauses'
    return file.read_text().split() if file.exists() else []


@pytest.mark.parametrize(('arguments', 'body'), [
    ('--id a', {'id': 'a'}),
    ('--id=a --status SUCCESS', {'id': 'a', 'status': 'SUCCESS'}),
    ('--status=FAILURE --id a --reason ' + shlex.quote(REASON),
     {'id': 'a', 'status': 'FAILURE', 'reason': REASON}),
    ('--id a --reason ""', {'id': 'a', 'reason': ''}),
    ('--id a --reason --data', {'id': 'a', 'reason': '--data'}),
    ('--id a --reason=x=y', {'id': 'a', 'reason': 'x=y'}),
    ('--id a --status IN_PROGRESS --reason "40 %"',
     {'id': 'a', 'status': 'IN_PROGRESS', 'reason': '40 %'}),
    ('--id a --data 5', {'id': 'a', 'data': 5}),
    ('--id a --data \'{"a": [null]}\'', {'id': 'a', 'data': {'a': [None]}}),
    ('--id a --data @data', {'id': 'a', 'data': ['from a file']}),
    ('--id a --data - <data', {'id': 'a', 'data': ['from a file']}),
    ('--id a --data=- <data', {'id': 'a', 'data': ['from a file']}),
    ("--id '\"'", {'id': '"'}),
    ('--body 5', 5), ('--body null', None),
    ('--body \'{"id": "b"}\'', {'id': 'b'}),
    ('--body @data', ['from a file']), ('--body - <data', ['from a file']),
    ('--id a -- -k --max-time=50 --cacert missing', {'id': 'a'}),
    ('--body 5 -- -sSk', 5),
])
def test_it_says_what_it_is_told(machine, arguments, body):
    machine.write('data', '["from a file"]\n')

    sent = machine.signal(arguments)

    assert (sent.returncode, sent.stderr) == (0, b'')
    assert machine.bodies == [body]
    assert sent.stdout == b''


@pytest.mark.parametrize('arguments', ['', '--', '-- -k', '<&-'])
def test_who_says_nothing_says_success_under_an_id_of_its_own(machine,
                                                              arguments):
    for _run in range(2):
        assert machine.signal(arguments).returncode == 0

    first, second = machine.bodies
    assert list(first) == list(second) == ['id']
    assert first != second
    assert uuid.UUID(first['id'])


@pytest.mark.parametrize(('arguments', 'words'), [
    ('--status failure', '--status is SUCCESS, FAILURE or IN_PROGRESS, not '
                         '"failure"'),
    ('--status ""', '--status is SUCCESS'),
    ('--status FAILURE --status SUCCESS', '--status is given twice'),
    ('--status=FAILURE --status=SUCCESS', '--status is given twice'),
    ('--status', '--status is unknown or needs a value'),
    ('--id ""', '--id is empty'),
    ('FAILURE', 'FAILURE is unknown'),
    ('--stauts FAILURE', 'unknown option "--stauts"'),
    ('-k', '-k is unknown'), ('-k --id a', 'unknown option "-k"'),
    ('--data hello', '--data is not one JSON value (a text needs double'),
    ('--data ""', '--data is not one JSON value'),
    ('--data \'1, "status": "SUCCESS"\'', '--data is not one JSON value'),
    ('--data @missing', 'cannot read missing'),
    ('--body ""', '--body is not one JSON value'),
    ("--body '1}, {\"body\": 2'", '--body is not one JSON value'),
    ('--body 5 --status FAILURE', '--body is the whole message'),
    ('--status FAILURE --body 5', '--body is the whole message'),
    ('-- -d 5', 'more than one body'),
    ('--body 5 -- --json 6', 'more than one body'),
    ('-- -X PUT', 'the method is POST'),
    ('-- --frobnicate', 'cannot use "--frobnicate"'),
])
def test_what_is_not_understood_is_not_sent(machine, arguments, words):
    sent = machine.signal(arguments)

    assert sent.returncode == 2
    assert words in sent.stderr.decode()
    assert b'nothing was sent' in sent.stderr
    assert machine.zaqar.requests == []


def test_a_reason_of_any_bytes_arrives(machine):
    machine.write('log', b'caf\xe9, \xf0\x9f\x90\x8d, \xc3, \xed\xa0\x80 end')

    sent = machine.signal('--id a --reason "$(cat log)"')

    assert sent.returncode == 0, sent.stderr
    [body] = machine.bodies
    assert body['reason'] == ('caf\ufffd, \U0001f40d, \ufffd, '
                              '\ufffd\ufffd\ufffd end')


def test_it_tells_how_to_use_it(machine):
    shown = machine.signal('--help')

    assert shown.returncode == 0
    assert b'Usage: signal' in shown.stdout
    assert machine.zaqar.requests == []


@pytest.mark.parametrize('lost', [False, True])
def test_it_tries_again_and_counts_once(quick, lost):
    quick.zaqar.faults.drop(method='POST', done=lost, times=2)
    quick.zaqar.faults.answer(503, method='POST')

    sent = quick.signal('--status FAILURE')

    assert sent.returncode == 0, sent.stderr
    assert pauses(quick) == ['1', '2', '4']
    assert sent.stderr.count(b'trying again in') == 3
    arrived = [each['body'] for each in quick.queue.page()]
    assert len(arrived) == (3 if lost else 1)
    assert len({each['id'] for each in arrived}) == 1


@pytest.mark.parametrize('fault', [
    lambda faults: faults.drop(method='POST'),
    lambda faults: faults.answer(503, method='POST')])
def test_a_whole_body_is_not_sent_twice(quick, fault):
    fault(quick.zaqar.faults)

    sent = quick.signal('--body 5')

    assert sent.returncode in (22, 52)
    assert pauses(quick) == []


@pytest.mark.parametrize('arguments', ['', '--body 5'])
def test_it_gives_up_a_network_that_stays_down(quick, arguments):
    sent = quick.signal(arguments + ' -- --proxy http://127.0.0.1:9',
                       SIGNAL_PATIENCE='50')

    assert sent.returncode == 7
    assert pauses(quick) == ['1', '2', '4', '8', '16', '30']
    assert quick.zaqar.requests == []


@pytest.mark.parametrize('status', [400, 403, 404])
def test_what_zaqar_refuses_is_told_and_not_repeated(quick, status):
    quick.zaqar.faults.answer(status, times=9)

    sent = quick.signal()

    assert sent.returncode == 22
    assert b'HTTP %d' % status in sent.stderr
    assert pauses(quick) == []


def test_nobody_sees_the_credentials_among_the_processes(machine):
    machine.write('curl', '#!/bin/sh\nprintf "%s\\n" "$@" >seen\n'
                          'PATH=${PATH#*:} exec curl "$@"\n')
    (machine.folder / 'curl').chmod(0o700)

    sent = machine.run('PATH=.:$PATH; sh ./signal')

    assert sent.returncode == 0, sent.stderr
    _url, headers = machine.credentials
    assert headers['URL-Signature'] not in (
        machine.folder / 'seen').read_text()
