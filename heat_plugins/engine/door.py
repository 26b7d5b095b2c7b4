# SPDX-License-Identifier: Apache-2.0
"""How an engine comes to Zaqar's websocket for the queues of a project.

By the same rights as it looks at them: see ``rights``.
"""
from heat_plugins.waiting import door
from heat_plugins.zaqar import errors


class Door(door.Door):
    """By the rights of any stack that waits in a project.

    :param rights: a ``heat_plugins.engine.rights.Rights``.
    :param someone: gives the key of one who waits in a project, or None.
    """

    def __init__(self, project, rights, someone, is_expected=False):
        super().__init__(project=project, is_expected=is_expected)
        self._rights = rights
        self._someone = someone
        self._refused = None

    def connect(self):
        someone = self._someone(self._project)
        if someone is None:
            raise errors.Unauthorized('nobody waits there')
        self.client = self._rights.client(self._project, someone,
                                          self._refused)
        return super().connect()

    def refused(self):
        """The token was not taken: others' rights are tried."""
        self._refused = self.client
