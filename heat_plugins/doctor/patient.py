# SPDX-License-Identifier: Apache-2.0
"""The cloud that is examined, as a user of it."""
import contextlib
import secrets

from heat_plugins.zaqar import errors

# What the names of the queues begin with that are made and removed.
_PREFIX = 'heat-zaqar-doctor-'


class Patient:
    """A cloud, as the user of these credentials.

    :ivar user: a ``heat_plugins.zaqar.keystone.User``.
    :ivar config_files: of Heat; empty if this is not its host.
    """

    def __init__(self, user, config_files=()):
        self.user = user
        self.config_files = list(config_files)
        self.zaqar = user.zaqar()
        self.heat = user.service('orchestration')

    @contextlib.contextmanager
    def queue(self):
        """A queue of its own, which is removed at the end."""
        queue = self.zaqar.queue(_PREFIX + secrets.token_hex(8))
        queue.create({})
        try:
            yield queue
        finally:
            with contextlib.suppress(errors.ZaqarError):
                queue.delete()
