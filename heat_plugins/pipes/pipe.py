# SPDX-License-Identifier: Apache-2.0
"""A pipe, ready for use."""
from heat_plugins.messages import patterns
from heat_plugins.pipes import definition as definitions
from heat_plugins.pipes import inputs


class Pipe:
    """One pipe.

    :ivar queue: the name of its queue.
    :ivar definition: its ``definition.Definition``.
    :raises heat_plugins.pipes.definition.NotUsable: its pattern or its input
        is none.
    """

    def __init__(self, queue, definition):
        self.queue = queue
        self.definition = definition
        try:
            self._pattern = (definition.match and
                             patterns.compile(definition.match))
            self._input = inputs.Input(definition.input)
        except (ValueError, patterns.PatternError) as error:
            raise definitions.NotUsable(str(error)) from error

    def __str__(self):
        return self.definition.name

    def takes(self, message):
        """Whether it takes a ``taken.Message``."""
        try:
            return not self._pattern or self._pattern.matches(message.body)
        except patterns.TooCostly:
            return False

    def made(self, message):
        """What it delivers of a ``taken.Message``."""
        return self._input.of(message)
