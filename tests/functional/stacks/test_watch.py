# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar watch`` on the real cloud."""
import contextlib
import os
import pty
import re
import subprocess
import sys

import pytest


@pytest.fixture
def command(cloud):
    """The command and its environment, for ``subprocess``."""
    return {'args': [sys.executable, '-W', 'ignore', '-m',
                     'heat_plugins.cli.app', 'watch', '--interval', '0.5'],
            'env': {**os.environ, **cloud.environment(), 'COLUMNS': '120',
                    'TERM': 'xterm'}}


@pytest.fixture
def watching(command, tmp_path, eventually):
    """Begins to watch a stack, into a file; gives process and file."""
    with contextlib.ExitStack() as stack:
        def begin(name):
            file = tmp_path / 'watched'
            process = subprocess.Popen(
                [*command['args'], name], env=command['env'],
                stdout=file.open('w'), stderr=subprocess.STDOUT)
            stack.callback(process.wait)
            stack.callback(process.kill)
            eventually(file.read_text)
            return process, file
        yield begin


def test_a_log_has_a_line_for_each_event(project, waiting, watching, queue,
                                         eventually):
    process, file = watching(waiting.name)
    project.post(queue.name, 'one')
    eventually(lambda: '1 of 2 received' in file.read_text())
    project.post(queue.name, 'two\x1b[2J')

    assert process.wait(60) == 0
    lines = file.read_text().splitlines()
    assert lines[-1].startswith('%s: CREATE_COMPLETE, ' % waiting.name)
    assert len(lines) == len(set(lines))
    assert sum('1 of 2 received' in line for line in lines) == 1


def test_a_failure_is_its_status(project, waiting, watching, queue):
    process, file = watching(waiting.name)
    project.post(queue.name, {'status': 'FAILURE', 'reason': 'no\x1b disk'})

    assert process.wait(60) == 1
    assert 'CREATE_FAILED' in file.read_text()
    assert '\x1b' not in file.read_text()


def test_a_stack_that_is_deleted_meanwhile_ends_it(waiting, watching):
    process, file = watching(waiting.name)
    waiting.delete()

    assert process.wait(60) == 0
    assert 'DELETE_COMPLETE' in file.read_text().splitlines()[-1]


def test_it_goes_on_when_heat_is_back(project, cloud, waiting, watching,
                                      queue, eventually):
    process, file = watching(waiting.name)
    cloud.services['heat'].stop()
    eventually(lambda: 'Heat does not answer' in file.read_text())
    cloud.restart('heat')
    project.post(queue.name, 'one', 'two')

    assert process.wait(60) == 0
    text = file.read_text()
    assert text.count('Heat does not answer') == 1
    assert text.count('Heat answers again') == 1
    assert 'CREATE_COMPLETE' in text.splitlines()[-1]


def test_a_terminal_shows_a_bar_and_the_last_events(project, waiting, command,
                                                    queue):
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [*command['args'], waiting.name], env=command['env'], stdout=terminal,
        stderr=terminal, stdin=subprocess.DEVNULL)
    os.close(terminal)
    shown, is_posted = b'', False
    with contextlib.suppress(OSError), open(main, 'rb', 0) as screen:
        while part := screen.read(4096):
            shown += part
            # How long it has waited is shown.
            if re.search(rb' \d:\d\d ', shown) and not is_posted:
                is_posted = True
                project.post(queue.name, 'one', 'two')

    assert process.wait(60) == 0
    text = shown.decode()
    assert 'condition' in text
    assert '━' in text  # the bar
    assert '2 of 2 received' in text
    assert is_posted
    assert 'CREATE_COMPLETE' in text


def test_a_stack_that_is_not_there_is_told(command):
    ended = subprocess.run([*command['args'], 'no-such-stack'],
                           env=command['env'], capture_output=True,
                           text=True, timeout=60)

    assert ended.returncode == 1
    assert ended.stderr == ('heat-zaqar watch: There is no stack '
                            '"no-such-stack" in this project.\n')
