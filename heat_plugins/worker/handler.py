# SPDX-License-Identifier: Apache-2.0
"""What a handler is: for those who check types, no base class is needed."""
import typing

from heat_plugins.worker import result
from heat_plugins.worker import task as tasks

#: What a method of a handler returns; a map is the ``data`` of a ``Result``.
Outcome = result.Result | dict | None


class Handler(typing.Protocol):
    """Makes, changes and removes things, each for a resource.

    A method raises ``Failed``, or anything else, for a failure.
    """

    def create(self, task: tasks.Task) -> Outcome:
        """Make a thing."""

    def update(self, task: tasks.Task) -> Outcome:
        """Change it, or make another one in its place."""

    def delete(self, task: tasks.Task) -> Outcome:
        """Remove it; one that is gone is no failure."""
