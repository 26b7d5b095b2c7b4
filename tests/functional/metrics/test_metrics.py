# SPDX-License-Identifier: Apache-2.0
"""The figures that an engine writes for monitoring."""
import pytest

from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import options


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp('metrics')


@pytest.fixture(scope='module')
def cloud(folder):
    with clouds.Cloud.ephemeral(options=options.Options(heat={'heat_zaqar': {
            'metrics_folder': str(folder),
            'takeover_interval': 2}})) as running:
        yield running


def test_an_engine_says_what_waits_and_what_came(project, folder, eventually):
    def figures():
        return ''.join(file.read_text() for file in folder.glob('*.prom'))

    queue = project.queue(project.name())
    queue.create({})
    stack = project.create(
        project.folder.parent / 'wait_condition/good/queue.yaml',
        {'queue': queue.name, 'count': 2})
    project.post(queue.name, 'one')

    eventually(lambda: 'heat_zaqar_waits{action="CREATE",type="Zaqar::'
                       'Workflow::WaitCondition"} 1.0' in figures())
    eventually(lambda: 'heat_zaqar_messages_counted_total 1.0' in figures())
    assert 'heat_zaqar_requests_total{method="GET",status="200"}' in figures()
    eventually(lambda: 'heat_zaqar_websockets 1.0' in figures())

    project.post(queue.name, 'two')
    assert stack.wait() == 'CREATE_COMPLETE', stack.reason

