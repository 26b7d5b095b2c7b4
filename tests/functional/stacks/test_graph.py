# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar graph --stack`` on the real cloud."""
import os
import subprocess
import sys

import pytest


@pytest.fixture
def graph(cloud):
    """Runs the command as the user that the variables name."""
    def run(*arguments):
        return subprocess.run(
            [sys.executable, '-W', 'ignore', '-m', 'heat_plugins.cli.app',
             'graph', *arguments], env={**os.environ, **cloud.environment()},
            capture_output=True, text=True, timeout=60)
    return run


def test_a_stack_is_drawn_with_those_within_it(project, graph, eventually):
    queue = project.queue(project.name())
    queue.create({})
    stack = project.create('good/members.yaml', {'shared': queue.name})
    eventually(lambda: stack.resource('members').resource_status)

    shown = graph('--stack', stack.name)

    assert shown.stdout.splitlines() == [
        'box (WaitConditionHandle)',
        '  → members.*/told waits for 1 message',
        '%s (queue, nobody makes it here)' % queue.name,
        '  ← members.*/tell posts'], shown.stderr


def test_a_stack_that_is_not_there_is_told(graph):
    shown = graph('--stack', 'no-such-stack')

    assert shown.returncode == 1
    assert shown.stderr == ('heat-zaqar graph: There is no stack '
                            '"no-such-stack" in this project.\n')


def test_without_anything_it_says_what_is_missing(graph):
    shown = graph()

    assert shown.returncode == 2
    assert 'a TEMPLATE or --stack NAME is needed' in shown.stderr
