# SPDX-License-Identifier: Apache-2.0
"""The flavors of Zaqar: pools under a name that a queue can ask for.

The facts this copes with, each seen on a running server: a PUT adds to the
pools of a flavor that is there, and takes a pool from another flavor without
a word. Queues of that other one, when no pool is left, are made nowhere.
"""
from zaqarclient.queues.v2 import core

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import pools
from heat_plugins.zaqar import registry


class Flavors(registry.Registry):
    """The flavors of the session's project."""

    kind = 'flavors'
    operation_list = staticmethod(core.flavor_list)

    def get(self, name):
        """A map of ``pools``, their names, and ``capabilities``.

        :raises heat_plugins.zaqar.errors.NotFound: there is no such flavor.
        """
        answer = self._call(core.flavor_get, name)
        return {'pools': answer['pool_list'],
                'capabilities': answer['capabilities']}

    def is_missing(self, name):
        """Whether Zaqar says that there is no such flavor.

        False also when it says nothing, such as one without pools.
        """
        try:
            if self.exists(name):
                return False
            self.probe()
        except errors.ZaqarError:
            return False
        return True

    def ensure(self, name, wanted):
        """Make the flavor, or give one that is there these pools.

        :param wanted: names of pools, in any order.
        :raises heat_plugins.zaqar.errors.NotFound: there is no such pool.
        :raises heat_plugins.zaqar.errors.Conflict: one of them belongs to
            another flavor.
        """
        for pool in wanted:
            self._refuse_taken(name, pool)
        if not self.exists(name):
            self._call(core.flavor_create, name, {'pool_list': wanted})
        # A pool may have named the flavor before there was one.
        if set(self.get(name)['pools']) != set(wanted):
            self._call(core.flavor_update, name, {'pool_list': wanted})

    def delete(self, name):
        """Delete it; its pools belong to none then. Gone is fine."""
        try:
            self._call(core.flavor_delete, name)
        except errors.NotFound:
            # The operator serves flavors no more.
            return

    def _refuse_taken(self, name, pool):
        try:
            flavor = pools.Pools(self._client).get(pool).flavor
        except errors.Forbidden:
            # Who may make flavors need not be allowed to see pools.
            return
        if flavor not in ('', name):
            raise errors.Conflict(
                'The pool "%s" already belongs to the flavor "%s", and can '
                'belong to only one: take it out of that flavor '
                'first.' % (pool, flavor),
                409)
