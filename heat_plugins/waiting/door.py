# SPDX-License-Identifier: Apache-2.0
"""How a doorbell comes to Zaqar's websocket, by the rights of one client."""
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import subscriptions


class Door:
    """As ``heat_plugins.waiting.doorbell.Doorbell`` takes it.

    :param client: a ``heat_plugins.zaqar.client.Client``.
    :param project: the id of the project of the queues; by default the one
        of the client's user.
    :param is_expected: whether it is a fault that the catalog has none.
    """

    def __init__(self, client=None, project=None, is_expected=False):
        self.client = client
        self._project = project
        self._is_expected = is_expected

    def __str__(self):
        return ('the project %s' % self._project if self._project
                else 'this project')

    def connect(self):
        """A ``heat_plugins.zaqar.websocket.Connection``.

        :raises heat_plugins.zaqar.errors.ZaqarError: there is none.
        """
        try:
            return self.client.connection(self._project)
        except errors.NotOffered as error:
            if self._is_expected:
                raise errors.Unreachable(str(error)) from error
            raise

    def token(self):
        """A token, and the seconds until its end."""
        return self.client.token()

    def confirm(self, queue, subscription_id):
        """Agree to a subscription, which some clouds require."""
        subscriptions.Subscriptions(
            self.client.queue(queue)).confirm(subscription_id)

    def refused(self):
        """The token was not taken: the next one is to be another one."""
        self.client.forget_token()
