# SPDX-License-Identifier: Apache-2.0
"""The pools of Zaqar: where it stores messages.

The facts this copes with, each seen on a running server: a URI that another
pool has answers 500, one that cannot be reached is repeated with its
password, a PATCH of a missing pool may leave half a pool behind, and with
the SQL driver the last pool of a flavor is deleted without a word.
"""
import dataclasses
import re

from zaqarclient.queues.v2 import core

from heat_plugins.zaqar import errors
from heat_plugins.zaqar import limits
from heat_plugins.zaqar import registry

#: Characters of a pool's URI.
URI_LENGTH = (1, 255)
WEIGHT = (0, 2 ** 32 - 1)


@dataclasses.dataclass(frozen=True)
class Pool:
    """A pool, as it is or is to be.

    :ivar uri: of the database, with its password.
    :ivar weight: its share of the new queues, among all weights.
    :ivar options: a map, as the database's driver takes it.
    :ivar flavor: the name of the flavor it belongs to; '' for none. None,
        of a pool that is to be, leaves it as it is.
    """
    uri: str
    weight: int
    options: dict = dataclasses.field(default_factory=dict)
    flavor: str | None = None

    def changes(self, current):
        """What is to be set on the pool ``current``: a map."""
        return {key: value for key, value in dataclasses.asdict(self).items()
                if value is not None and value != getattr(current, key)}


#: What a pool is before there is one.
ABSENT = Pool(None, None, None, '')


class Pools(registry.Registry):
    """All pools of the cloud."""

    kind = 'pools'
    operation_list = staticmethod(core.pool_list)

    def __iter__(self):
        """Name and ``Pool`` of each, its options left out."""
        marker = None
        while page := self._call(core.pool_list, limit=limits.PAGE,
                                 marker=marker)['pools']:
            for document in page:
                yield document['name'], _pool(document)
            marker = page[-1]['name']

    def get(self, name):
        """The ``Pool`` of this name.

        :raises heat_plugins.zaqar.errors.NotFound: there is none.
        """
        return _pool(self._call(core.pool_get, name, detailed=True))

    def ensure(self, name, wanted):
        """Make the pool, or make one that is there as wanted.

        :raises heat_plugins.zaqar.errors.Conflict: another has this URI.
        """
        try:
            current, operation = self.get(name), core.pool_update
        except errors.NotFound:
            current, operation = ABSENT, core.pool_create
        changes = wanted.changes(current)
        if 'uri' in changes:
            self._refuse_taken(name, wanted.uri)
        if changes:
            self._send(operation, name, changes)

    def delete(self, name):
        """Delete it; its messages stay where they are. Gone is fine.

        :raises heat_plugins.zaqar.errors.Conflict: a flavor needs it.
        """
        try:
            flavor = self.get(name).flavor
        except errors.NotFound:
            return
        if flavor and self._pools_of(flavor) == [name]:
            raise errors.Conflict(
                'The pool "%s" is the only one of the flavor "%s". Delete '
                'the flavor first, or give it another pool.' % (name, flavor),
                409)
        self._call(core.pool_delete, name)

    def _pools_of(self, flavor):
        try:
            return self._call(core.flavor_get, flavor)['pool_list']
        except errors.NotFound:
            return []

    def _refuse_taken(self, name, uri):
        for other, pool in self:
            if pool.uri == uri and other != name:
                raise errors.Conflict(
                    'The pool "%s" already has this uri, %s: give each pool '
                    'its own database.' % (other, redacted(uri)), 409)

    def _send(self, operation, name, changes):
        try:
            self._call(operation, name, changes)
        except errors.BadRequest as error:
            # The error itself has the password in it.
            raise errors.BadRequest(redacted(str(error)),
                                    error.code) from None


def redacted(text):
    """A URI, or a text with one, with ``***`` in place of its passwords."""
    text = re.sub(r'(//[^:@/\s]*:)\S*@', r'\1***@', text)
    return re.sub(r'(password=)[^&\s]*', r'\1***', text)


def _pool(document):
    return Pool(document['uri'], document['weight'],
                document.get('options') or {}, document['flavor'] or '')
