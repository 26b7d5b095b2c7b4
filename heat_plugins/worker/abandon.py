# SPDX-License-Identifier: Apache-2.0
"""A handler for things that nobody looks after any more."""
from heat_plugins.worker import result


class Abandon:
    """Leaves every thing as it is, and says that it is deleted; makes none.

    For stacks that are to be deleted when the workers of their custom
    resources are gone for good::

        heat-zaqar worker heat_plugins.worker.abandon:Abandon \\
            --signed-url signed-url.json
    """

    def create(self, task):
        """Refuse.

        :raises heat_plugins.worker.Failed: always
        """
        raise result.Failed('This worker only lets go of what there is.')

    update = create

    def delete(self, task):
        """Let go of a thing."""
