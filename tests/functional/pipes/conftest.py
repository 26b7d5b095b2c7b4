# SPDX-License-Identifier: Apache-2.0
"""Programs that serve the pipes of the project."""
import os
import subprocess
import sys

import pytest

COMMAND = [sys.executable, '-W', 'ignore', '-m', 'heat_plugins.cli.app',
           'pipes']


@pytest.fixture
def serve(cloud, tmp_path):
    """Starts ``heat-zaqar pipes``; gives the process."""
    running = []

    def begin(*arguments):
        log = tmp_path / ('pipes-%d.log' % len(running))
        running.append(subprocess.Popen(
            [*COMMAND, *arguments], stderr=log.open('w'),
            env={**os.environ, **cloud.environment()}))
        running[-1].log = log
        return running[-1]
    yield begin
    for each in running:
        each.terminate()
    for each in running:
        each.wait(60)
        text = each.log.read_text()
        assert 'Traceback' not in text, text
