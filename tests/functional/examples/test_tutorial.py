# SPDX-License-Identifier: Apache-2.0
"""The tutorial, line by line: what it has in files, and what it types."""
import contextlib
import os
import pathlib
import re
import signal
import subprocess
import threading
import time

import pytest

from heat_plugins.localcloud import command

PAGE = pathlib.Path(__file__).parents[3] / 'doc/source/tutorial.rst'
# Commands that only look: what they show may come in a moment.
LOOKING = re.compile(r'openstack stack (show|event list|output show)')
BLOCK = re.compile(r'^\.\. code-block:: (\w+)\n(?:   :caption: (\S+)\n)?\n'
                   r'((?:   .*\n|\n)+)', re.M)
# Seconds that a look is repeated.
PATIENCE = 60
END = 'the command has ended'


class Typing:
    """Somebody who types at a shell."""

    def __init__(self, folder, environment):
        self._folder = folder
        self._bash = subprocess.Popen(
            ['bash'], cwd=folder, env=environment, text=True, bufsize=1,
            start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=(folder.parent / 'errors').open('w'))

    def write(self, name, text):
        (self._folder / name).write_text(text)

    def type(self, line, expected):
        """Run a line until it shows what is expected.

        :returns: what it shows in the end.
        """
        parts = map(re.escape, expected.rstrip().split('...'))
        pattern = re.compile('.*'.join(parts), re.S)
        until = time.monotonic() + (PATIENCE if LOOKING.search(line) else 0)
        shown = self._run(line)
        while not pattern.fullmatch(shown) and time.monotonic() < until:
            time.sleep(0.5)
            shown = self._run(line)
        return shown, bool(pattern.fullmatch(shown))

    def _run(self, line):
        # What is typed next is not for the command.
        self._bash.stdin.write('{ %s\n} </dev/null\nprintf "\\n%s\\n"\n' % (
            line, END))
        guard = threading.Timer(PATIENCE * 2, self._bash.kill)
        guard.start()
        try:
            return ''.join(self._shown()).rstrip()
        finally:
            guard.cancel()

    def _shown(self):
        for line in self._bash.stdout:
            if line == END + '\n':
                return
            yield line
        raise AssertionError('the shell has ended')

    def leave(self):
        self._bash.stdin.close()
        self._bash.wait(60)
        # What it began in the background, if a line has failed before.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._bash.pid, signal.SIGTERM)


@pytest.fixture
def typing(cloud, tmp_path):
    folder = tmp_path / 'folder'
    folder.mkdir()
    someone = Typing(folder, command.environment(cloud))
    yield someone
    someone.leave()


def blocks():
    """Kind, caption and text of each block of code."""
    for kind, caption, text in BLOCK.findall(PAGE.read_text()):
        yield kind, caption, '%s\n' % re.sub(
            '^   ', '', text, flags=re.M).strip()


def lines(text):
    """Each line that is typed, with what it shows."""
    for each in re.split(r'^\$ ', text, flags=re.M)[1:]:
        line, _newline, shown = each.partition('\n')
        yield line, shown


def test_all_of_it_does_what_it_says(typing):
    typed = 0
    for kind, caption, text in blocks():
        if kind != 'console':
            typing.write(caption, text)
            continue
        for line, expected in lines(text):
            shown, is_right = typing.type(line, expected)
            assert is_right, '%s\nshowed:\n%s\nexpected:\n%s' % (
                line, shown, expected)
            typed += 1
    assert typed > 20
