# SPDX-License-Identifier: Apache-2.0
"""How a stack is followed until Heat is not at work on it."""
import types

import pytest

from heat_plugins.localcloud import stack as stacks


class Heat:
    """A client of Heat whose stack has one status after the other."""

    def __init__(self, disable_rollback, *statuses):
        self.stacks = self
        self._statuses = iter(statuses)
        self._disable_rollback = disable_rollback

    def get(self, identifier, resolve_outputs):
        assert (identifier, resolve_outputs) == ('name/id', False)
        return types.SimpleNamespace(
            stack_status=next(self._statuses),
            disable_rollback=self._disable_rollback)


@pytest.mark.parametrize(('disable_rollback', 'statuses', 'seen'), [
    (True, ['CREATE_IN_PROGRESS', 'CREATE_COMPLETE'], 2),
    (True, ['UPDATE_FAILED', 'UPDATE_IN_PROGRESS'], 1),
    (False, ['UPDATE_IN_PROGRESS', 'UPDATE_FAILED', 'ROLLBACK_IN_PROGRESS',
             'ROLLBACK_COMPLETE'], 4),
    (False, ['CREATE_FAILED', 'ROLLBACK_FAILED', 'X'], 2),
])
def test_it_is_followed_to_the_end(disable_rollback, statuses, seen):
    def made():
        return stacks.Stack(Heat(disable_rollback, *statuses), 'name', 'id')

    assert made().wait() == statuses[seen - 1]
    assert list(made().follow()) == statuses[:seen - 1]
