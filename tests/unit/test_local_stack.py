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
        status, _space, deletion_time = next(self._statuses).partition(' ')
        return types.SimpleNamespace(
            stack_status=status, deletion_time=deletion_time or None,
            disable_rollback=self._disable_rollback)


@pytest.mark.parametrize(('disable_rollback', 'statuses', 'seen'), [
    (True, ['CREATE_IN_PROGRESS', 'CREATE_COMPLETE'], 2),
    (True, ['UPDATE_FAILED', 'UPDATE_IN_PROGRESS'], 1),
    (False, ['UPDATE_IN_PROGRESS', 'UPDATE_FAILED', 'ROLLBACK_IN_PROGRESS',
             'ROLLBACK_COMPLETE'], 4),
    (False, ['CREATE_FAILED', 'ROLLBACK_FAILED', 'X'], 2),
    (True, ['DELETE_IN_PROGRESS', 'DELETE_COMPLETE',
            'DELETE_COMPLETE 2026-01-02T03:04:05Z', 'X'], 3),
    (True, ['DELETE_FAILED', 'X'], 1),
])
def test_it_is_followed_to_the_end(disable_rollback, statuses, seen):
    def made():
        return stacks.Stack(Heat(disable_rollback, *statuses), 'name', 'id')

    looks = [each.partition(' ')[0] for each in statuses[:seen]]
    assert made().wait() == looks[-1]
    assert list(made().follow()) == looks[:-1]
