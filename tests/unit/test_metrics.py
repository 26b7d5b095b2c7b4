# SPDX-License-Identifier: Apache-2.0
"""The figures for monitoring: in files, and in a dashboard."""
import json
import os
import pathlib
import re
import shutil
import time

from oslo_config import cfg
import prometheus_client
import pytest

from heat_plugins import figures
from heat_plugins.engine import metrics
from heat_plugins.engine import options

from . import waiting

DASHBOARD = (pathlib.Path(__file__).parents[2] /
             'doc/source/grafana.json')


@pytest.fixture
def folder(tmp_path):
    options.get()
    cfg.CONF.set_override('metrics_folder', str(tmp_path), options.GROUP)
    yield tmp_path
    cfg.CONF.clear_override('metrics_folder', options.GROUP)


@pytest.fixture
def files():
    """Makes ``Files`` of these waits."""
    made = []

    def make(*waits):
        made.append(metrics.Files('me', lambda: list(waits)))
        return made[-1]
    yield make
    for each in made:
        each.end()


def test_the_file_has_what_waits(files, folder):
    wait = waiting.a_wait(7, 'stack')
    files(wait).look()

    text = (folder / 'heat-zaqar-me.prom').read_text()
    assert 'heat_zaqar_waits{action="%s",type="%s"} 1.0' % (
        wait.action, wait.resource_type) in text
    assert 'heat_zaqar_requests_total' in text


def test_it_goes_with_what_waits(folder):
    made = metrics.Files('me', list)
    made.look()
    assert list(folder.iterdir())

    for _time in range(2):
        made.end()
        assert not list(folder.iterdir())
    made._next = 0
    made.look()
    assert not list(folder.iterdir())


def test_those_of_dead_processes_are_removed_and_no_others(files, folder):
    dead, living, foreign = (folder / name for name in (
        'heat-zaqar-dead.prom', 'heat-zaqar-living.prom', 'node.prom'))
    for file in (dead, living, foreign):
        file.touch()
    for file in (dead, foreign):
        os.utime(file, (time.time() - 3600,) * 2)

    files().look()

    assert not dead.exists()
    assert living.exists()
    assert foreign.exists()


def test_an_end_is_none_the_worse_for_a_folder_that_is_gone(folder):
    made = metrics.Files('me', list)
    made.look()
    shutil.rmtree(folder)

    made.end()


def test_a_folder_that_is_not_there_is_told_once(files, folder, caplog):
    cfg.CONF.set_override('metrics_folder', str(folder / 'none'),
                          options.GROUP)
    made = files()
    for _time in range(2):
        made._next = 0
        made.look()

    assert caplog.text.count('The figures cannot be written') == 1


def test_without_a_folder_nothing_is_written(files):
    assert files().look() is None


def test_the_dashboard_asks_for_what_there_is(files):
    files(waiting.a_wait(7, 'stack'))
    figures.SERVED.labels('Create', 'SUCCESS').observe(1)
    figures.REQUESTS.labels('GET', 200).inc()
    there = set(re.findall(r'^(heat_zaqar_\w+)', (
        prometheus_client.generate_latest(figures.REGISTRY).decode()), re.M))
    board = json.loads(DASHBOARD.read_text())
    asked = {name for panel in board['panels'] for target in panel['targets']
             for name in re.findall(r'heat_zaqar_\w+', target['expr'])}

    assert asked
    assert asked <= there
    assert len({panel['id'] for panel in board['panels']}) == len(
        board['panels'])
