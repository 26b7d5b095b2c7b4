# SPDX-License-Identifier: Apache-2.0
"""By whose rights the queues of a project are looked at."""
import types

import pytest

from heat_plugins.engine import interior
from heat_plugins.engine import rights
from heat_plugins.zaqar import errors


class Context:
    """Stands for what Heat keeps for a stack; each client is another."""

    def __init__(self, stack):
        plugin = types.SimpleNamespace(
            client_for_looks=lambda: types.SimpleNamespace(by=stack))
        self.clients = types.SimpleNamespace(
            client_plugin=lambda _name: plugin)


@pytest.fixture
def stored(monkeypatch):
    """The ids of the stacks that are there."""
    stacks = {'one', 'other'}
    monkeypatch.setattr(
        interior, 'stored_context',
        lambda stack: Context(stack) if stack in stacks else None)
    return stacks


@pytest.fixture
def looking(stored):
    return rights.Rights({1: 'one', 2: 'other'}.get)


def test_one_client_serves_all_who_wait_in_a_project(looking):
    first = looking.client('p', 1)

    assert first.by == 'one'
    assert looking.client('p', 2) is first
    assert looking.client('another', 2).by == 'other'


def test_one_that_is_refused_is_replaced_for_all_by_who_waits(looking):
    refused = looking.client('p', 1)

    made = looking.client('p', 2, refused)

    assert made.by == 'other'
    assert looking.client('p', 1) is made
    # who was refused at the same time takes what is there now
    assert looking.client('p', 1, refused) is made


@pytest.mark.parametrize('key', [1, 3], ids=['stack', 'wait'])
def test_nobody_looks_by_the_rights_of_what_has_gone(looking, stored, key):
    stored.clear()

    with pytest.raises(errors.Unauthorized, match='has gone'):
        looking.client('p', key)
