# SPDX-License-Identifier: Apache-2.0
"""Deleting what there is of a pipe."""
from heat_plugins.pipes import definition as definitions
from heat_plugins.pipes import lease
from heat_plugins.zaqar import listing


def remove(client, name, source):
    """Delete the queue of a pipe, and leases that nobody needs then.

    A process that serves pipes does the same once it finds out.

    :param client: a ``heat_plugins.zaqar.client.Client``.
    :param name: of the queue of the pipe.
    :param source: the name of its source; None if it is not known.
    :raises heat_plugins.zaqar.errors.ZaqarError: any error.
    """
    client.queue(name).delete()
    client.queue(lease.of_pipe(name)).delete()
    others = listing.queues(client, definitions.PREFIX)
    if source and source not in {
            definitions.source(each) for each in others.values()
            if definitions.is_one(each)}:
        client.queue(lease.of_source(source)).delete()
