# SPDX-License-Identifier: Apache-2.0
"""Going on when the token of the request that began an action has expired."""


class Lasting:
    """Mixed into a Heat resource class, before it."""

    # The context with the rights that Heat keeps for the stack, once needed.
    _lasting = None

    def client(self, name=None, version=None):
        """As of Heat; after ``outlive`` by the rights of the stack."""
        if self._lasting is None:
            return super().client(name, version)
        return self._lasting.clients.client(
            name or self.default_client_name, version)

    def client_plugin(self, name=None):
        """As of Heat; after ``outlive`` by the rights of the stack."""
        if self._lasting is None:
            return super().client_plugin(name)
        return self._lasting.clients.client_plugin(
            name or self.default_client_name)

    def outlive(self, error):
        """Go on when the token of the request that began this has expired.

        :param error: the ``errors.Unauthorized`` that says so; raised when
            the rights of the stack do not help either.
        """
        if self._lasting is not None:
            raise error
        self._lasting = self.stack.stored_context()
