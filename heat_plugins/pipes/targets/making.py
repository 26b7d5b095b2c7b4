# SPDX-License-Identifier: Apache-2.0
"""The target of a pipe."""
from heat_plugins.checks import targets as checks
from heat_plugins.pipes.targets import forward_to
from heat_plugins.pipes.targets import signal
from heat_plugins.pipes.targets import webhook


def target(definition, client, heat):
    """The one that a ``definition.Definition`` has.

    :param client: a ``heat_plugins.zaqar.client.Client``.
    :param heat: the ``keystoneauth1.adapter.Adapter`` of Heat.
    :raises KeyError: it has none that is known.
    """
    return {
        checks.FORWARD_TO: lambda: forward_to.ForwardTo(
            client.queue(definition.address), definition.ttl,
            definition.ordered),
        checks.WEBHOOK: lambda: webhook.Webhook(
            definition.address, definition.headers, definition.timeout),
        checks.SIGNAL: lambda: signal.Signal(definition.address, heat),
    }[definition.target]()
