# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar mailbox leftovers`` on the real cloud."""
import json
import os
import subprocess
import sys

import pytest
import requests


@pytest.fixture
def leftovers(cloud):
    """Runs the command; returns the maps that it lists, by queue."""
    def run(*arguments):
        ended = subprocess.run(
            [sys.executable, '-W', 'ignore', '-m', 'heat_plugins.cli.app',
             'mailbox', 'leftovers', '-f', 'json', *arguments],
            env={**os.environ, **cloud.environment()}, check=True,
            capture_output=True, text=True, timeout=60)
        return {each['Queue']: each for each in json.loads(ended.stdout)}
    return run


def signal(outputs):
    answer = requests.post(outputs['url'], headers=outputs['headers'],
                           json={'messages': [{'body': 1}]}, timeout=30)
    assert answer.status_code == 201


def test_a_mailbox_that_a_late_signal_made_is_found_and_removed(
        project, leftovers):
    living, gone = (project.created('good/handle.yaml') for _stack in 'ab')
    outputs, kept = gone.outputs(), living.outputs()['queue']
    project.deleted(gone)
    signal(outputs)
    signal(living.outputs())
    name = outputs['queue']

    found = leftovers()
    assert found[name] == {'Queue': name, 'Messages': 1, 'Stack': 'unknown',
                           'Removed': False}
    assert kept not in found
    assert project.queue(name).exists()

    assert leftovers('--remove')[name]['Removed']
    assert not project.queue(name).exists()
    assert leftovers() == {}
    assert project.bodies(kept) == [1]


def test_without_heat_it_says_so(cloud):
    variables = {**os.environ, **cloud.environment(),
                 'OS_REGION_NAME': 'nowhere'}

    ended = subprocess.run(
        [sys.executable, '-W', 'ignore', '-m', 'heat_plugins.cli.app',
         'mailbox', 'leftovers'], env=variables, capture_output=True,
        text=True, timeout=60)

    assert ended.returncode == 1
    assert ended.stderr.startswith('heat-zaqar mailbox leftovers: ')
    assert 'Traceback' not in ended.stderr
