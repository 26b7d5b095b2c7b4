# SPDX-License-Identifier: Apache-2.0
"""The cloud that all tests share: real Keystone, Heat, Zaqar and Redis."""
import os

import pytest

from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import command
from heat_plugins.localcloud import options

# A queue deleted by hand is noticed at the next look at the whole queue.
OPTIONS = options.Options(heat={'heat_zaqar': {'rescan_interval': 2}})


@pytest.fixture(scope='session')
def cloud(request):
    """A running ``heat_plugins.localcloud.cloud.Cloud``.

    Started at the first test that asks for it and stopped after the last.
    Within ``heat-zaqar cloud run`` it is the cloud that runs there. A
    service that does not start fails the tests; none is skipped.
    """
    if command.DIRECTORY in os.environ:
        yield clouds.Cloud(os.environ[command.DIRECTORY])
        return
    terminal = request.config.get_terminal_writer()
    with clouds.Cloud.ephemeral(
            options=OPTIONS,
            report=lambda text: terminal.line('cloud: ' + text)) as running:
        yield running


def pytest_sessionfinish(session):
    """What was skipped was not tested: the run has failed."""
    reporter = session.config.pluginmanager.get_plugin('terminalreporter')
    if reporter and reporter.stats.get('skipped'):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
