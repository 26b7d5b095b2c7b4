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


class Deaf(Heat):
    """Begins to delete only when it was asked so often."""

    def __init__(self, status, needed):
        self.stacks = self
        self._status = status
        self._needed = needed
        self.asked = 0

    def get(self, identifier, resolve_outputs):
        begun = self.asked >= self._needed
        return types.SimpleNamespace(
            stack_status='DELETE_IN_PROGRESS' if begun else self._status,
            stack_status_reason='', updated_time=None)

    def delete(self, identifier):
        self.asked += 1


@pytest.mark.parametrize(('status', 'needed', 'asked'), [
    ('CREATE_FAILED', 1, 1), ('CREATE_FAILED', 3, 3),
    # a success is no moment in which Heat drops what it is asked
    ('CREATE_COMPLETE', 3, 1)])
def test_what_heat_drops_is_asked_again(monkeypatch, status, needed, asked):
    monkeypatch.setattr(stacks, 'POLL', 0)
    heat = Deaf(status, needed)

    stacks.Stack(heat, 'name', 'id').delete()

    assert heat.asked == asked
