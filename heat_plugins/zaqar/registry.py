# SPDX-License-Identifier: Apache-2.0
"""What an administrator registers with Zaqar by name: pools and flavors."""
from heat_plugins.zaqar import errors


class Registry:
    """Base of ``Pools`` and ``Flavors``: one kind, all names.

    :param client: a ``heat_plugins.zaqar.client.Client``.
    :raises heat_plugins.zaqar.errors.ZaqarError: any call may; see there.
    :raises heat_plugins.zaqar.errors.Forbidden: the user is no
        administrator.
    """

    #: As in the path ``/v2/KIND/NAME``.
    kind = None
    #: python-zaqarclient's operation that lists them.
    operation_list = None

    def __init__(self, client):
        self._client = client

    def href(self, name):
        """The absolute URL of one, as this client reaches it."""
        return '%s/v2/%s/%s' % (self._client.endpoint(), self.kind, name)

    def exists(self, name):
        """Whether there is one of this name."""
        try:
            self.get(name)
        except errors.NotFound:
            return False
        return True

    def get(self, name):
        """What is registered under this name.

        :raises heat_plugins.zaqar.errors.NotFound: nothing is.
        """
        raise NotImplementedError

    def probe(self):
        """Learn whether they are served at all, and to this user.

        :raises heat_plugins.zaqar.errors.NotFound: they are not.
        """
        try:
            self._call(self.operation_list, limit=1)
        except errors.NotFound as error:
            raise errors.NotFound(
                'This Zaqar has no %s: its operator has to set pooling = True '
                'and admin_mode = True in the section [DEFAULT] of '
                'zaqar.conf. %s' % (self.kind, error), error.code) from error

    def _call(self, operation, *arguments, **query):
        request, transport = self._client._request_and_transport()
        request.params.update(query)
        try:
            return operation(transport, request, *arguments)
        except errors.Forbidden as error:
            raise errors.Forbidden(
                'Pools and flavors are for administrators, by default users '
                'with the role "admin". %s' % error, error.code) from error
