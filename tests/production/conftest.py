# SPDX-License-Identifier: Apache-2.0
"""A cloud in the shape of production."""
import pytest

from heat_plugins.localcloud import cloud as clouds
from heat_plugins.localcloud import errors
from heat_plugins.localcloud import options
from tests import not_run

from . import work as works

OPTIONS = options.Options(
    production=True, engines=2, workers=2, zaqar_processes=2,
    heat={'heat_zaqar': {
        # A queue deleted by hand is noticed at the next look at all of it.
        'rescan_interval': 2,
        # What is not pushed, as the server died, is found before tests end.
        'safety_interval': 20,
        # What dies here is noticed soon.
        'takeover_interval': 3}})


@pytest.fixture(scope='package')
def cloud():
    """Two engines of two workers each, on RabbitMQ and MariaDB.

    Its services may be killed and started again: ``heat-engine-1`` and
    ``heat-engine-2``, ``rabbitmq``, ``mariadb`` and the others.
    """
    try:
        with clouds.Cloud.ephemeral(options=OPTIONS) as running:
            yield running
    except errors.ServerMissing as error:
        not_run.skip(error)


@pytest.fixture
def breakable(cloud):
    """The services of this cloud may be killed and started again."""
    return cloud


@pytest.fixture
def work(project, workers, tmp_path, eventually):
    """``Work`` that is a third done, some of it on each engine."""
    begun = works.Work(project, workers, tmp_path)
    eventually(lambda: begun.is_under_way)
    begun.send()
    eventually(lambda: begun.is_taken)
    assert {'host-1', 'host-2'} == set(
        works.holders(project.cloud, begun.stack).values())
    return begun
