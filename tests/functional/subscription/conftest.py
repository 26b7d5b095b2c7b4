# SPDX-License-Identifier: Apache-2.0
"""What subscriptions need."""
import pytest


@pytest.fixture
def name(project):
    """The name of a queue that is there."""
    queue = project.queue(project.name())
    queue.create({})
    yield queue.name
    queue.delete()
