# SPDX-License-Identifier: Apache-2.0
"""From a notification to what is posted where, as the section says."""
from heat_plugins.notifications import choice
from heat_plugins.notifications import event
from heat_plugins.notifications import options
from heat_plugins.notifications import sender
from heat_plugins.zaqar import errors


class Route:
    """Says where notifications go, and posts them.

    :param conf: of a service, with the section of ``options``.
    :raises ValueError: its values make no sense.
    """

    def __init__(self, conf):
        section = conf[options.GROUP]
        self._choice = choice.Choice(section.events, section.queue)
        self._envelope = section.envelope
        self._sender = sender.sender(conf)

    def of(self, context, message):
        """The place and the body of a notification; None if it goes nowhere.

        :param message: of plain JSON.
        """
        made = event.Event.of(context, message)
        if not self._choice.is_wanted(made):
            return None
        queue = self._choice.queue(made)
        # It has no name where its only field is that of a project.
        place = queue and self._sender.place(made.project_id, queue)
        return (place, made.body(self._envelope)) if place else None

    def post(self, place, bodies):
        """Post bodies to a place; of what is refused, the rest is posted.

        :returns: list of the errors of those that Zaqar refuses for good.
        :raises heat_plugins.zaqar.errors.ZaqarError: Zaqar is away; some of
            them may be there.
        """
        try:
            self._sender.post(place, bodies)
        except errors.Refused as error:
            if isinstance(error, errors.PASSING):
                raise
            if len(bodies) == 1:
                return [error]
            # They are too large together, or one of them is refused.
            return [refused for each in bodies
                    for refused in self.post(place, [each])]
        return []
