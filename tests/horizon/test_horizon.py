# SPDX-License-Identifier: Apache-2.0
"""Our types in Horizon, as people see them.

With ``HEAT_ZAQAR_PICTURES`` the pictures are kept in that folder: those of the
docs are made with ``doc/source/pictures``.
"""
import os
import pathlib
import time

import pytest

from heat_plugins import resources
from heat_plugins.dashboard import apps
from heat_plugins.localcloud import demo


@pytest.fixture
def look(browser, cloud):
    """Opens a page of the project, and waits until it has a text."""
    def looking(path, text):
        browser.get('%s/project/%s' % (cloud.endpoints['horizon'], path))
        browser.find_element('xpath', '//*[contains(text(), "%s")]' % text)
    return looking


@pytest.fixture
def keep(browser, tmp_path):
    folder = pathlib.Path(os.environ.get('HEAT_ZAQAR_PICTURES', tmp_path))

    def taking(name):
        file = folder / ('horizon-%s.png' % name)
        browser.save_screenshot(file)
        assert file.read_bytes().startswith(b'\x89PNG')
    return taking


def test_all_types_are_listed_with_their_docs(look, keep, browser):
    look('resource_types/?resource_types__filter__q=Zaqar::', 'Zaqar::')
    for name in resources.TYPES:
        assert name in browser.page_source

    look('resource_types/Zaqar::Workflow::WaitCondition/', 'distinct_by')
    keep('type')


def test_the_topology_has_our_icons(project, look, keep, browser):
    stack = project.created(demo.examples() / '24-filtered-fan-out.yaml')
    look('stacks/stack/%s/' % stack.id, 'Topology')
    # It comes to rest by itself.
    time.sleep(10)
    keep('topology')
    assert 'router-green' in browser.page_source
    assert 'volume-green' in browser.page_source
    assert 'unknown-' not in browser.page_source


def test_every_type_has_an_icon():
    for name in resources.TYPES:
        assert any(key in name for key in apps.ICONS), name
