# SPDX-License-Identifier: Apache-2.0
"""The examples as the docs show them while they run.

With ``HEAT_ZAQAR_PICTURES`` the pictures are kept in that folder: those of the
docs are made with ``doc/source/pictures``.
"""
import io
import os
import pathlib

import pytest
from rich import console

from heat_plugins.cli import watch
from heat_plugins.localcloud import demo
from heat_plugins.stacks import watching
from heat_plugins.zaqar import keystone

WORKERS = demo.examples() / 'workers'


@pytest.fixture
def folder(tmp_path):
    return pathlib.Path(os.environ.get('HEAT_ZAQAR_PICTURES', tmp_path))


@pytest.fixture
def keep(page, folder):
    """Keeps a picture of the page, as tall as what it shows."""
    def taking(name):
        wide, high = 1000, page.run(
            'return document.body.getBoundingClientRect().height') + 20
        page.browser.set_window_size(wide, max(400, min(high, 1200)) + 140)
        file = folder / (name + '.png')
        page.browser.save_screenshot(file)
        assert file.read_bytes().startswith(b'\x89PNG')
    yield taking
    page.browser.set_window_size(1280, 900)


@pytest.fixture
def keep_watched(cloud, monkeypatch, folder):
    """Keeps what ``heat-zaqar watch`` shows in a terminal."""
    for name, value in cloud.environment().items():
        monkeypatch.setenv(name, value)

    def taking(stack, name):
        shown = console.Console(record=True, width=100, file=io.StringIO(),
                                force_terminal=True)
        with watch.Screen(shown, stack.name) as screen:
            screen.show(watching.Watching(keystone.User(), stack.name).look())
            text = shown.export_text()
        assert stack.name in text
        (folder / (name + '.txt')).write_text(text)
    return taking


def example(project, name, parameters=None):
    number = name.partition('-')[0]
    return project.create(demo.examples() / name, parameters,
                          name=project.name('example-' + number))


def test_11_a_gate_that_is_open(project, page, serve, keep, keep_watched):
    stack = example(project, '11-approval.yaml')
    page.open(serve(stack.name)).shows('0 of 1 received', '#graph')
    keep('view-11-gate')
    keep_watched(stack, 'watch-11')

    page.node('decision').click()
    page.shows('times out at', '#detail')
    page.one('#detail input').send_keys('checked by hand')
    keep('view-11-answer')
    page.button('Approve').click()
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason


def test_12_steps_of_which_one_is_done(project, page, serve, keep,
                                       keep_watched, eventually):
    stack = example(project, '12-step-by-step.yaml')
    mailbox = eventually(
        lambda: stack.resource('reports').physical_resource_id)
    page.open(serve(stack.name)).shows('0 of 1 received', '#graph')
    project.post(mailbox, {'step': 'prepared'}, {'step': 'wrong'})
    page.shows('2 messages', '#graph')
    eventually(lambda: 'progress' in page.node('copied').get_attribute(
        'class'))
    keep('view-12-steps')
    keep_watched(stack, 'watch-12')

    page.node('copied').click()
    page.shows('does not count', '#detail')
    keep('view-12-mismatch')

    project.post(mailbox, {'step': 'copied', 'bytes': 5},
                 {'step': 'rolled-back', 'reason': 'no space'})
    assert stack.wait() == 'CREATE_FAILED'
    page.shows('CREATE_FAILED', '#status')
    page.press('\ue00c')  # Escape
    keep('view-12-failed')


def test_17_a_custom_resource_and_its_worker(project, page, serve, keep,
                                             keep_watched, workers):
    workers.start(handler='zone:Records', folder=WORKERS)
    stack = example(project, '17-custom-resource.yaml',
                    {'queue': workers.queue})
    page.open(serve(stack.name)).shows('CREATE_COMPLETE', '#status')
    keep('view-17-complete')
    keep_watched(stack, 'watch-17')

    project.deleted(stack)
    page.shows('DELETE_COMPLETE', '#status')
