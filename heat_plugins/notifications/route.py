# SPDX-License-Identifier: Apache-2.0
"""From a notification to what is posted where, as the section says."""
from heat_plugins.notifications import choice
from heat_plugins.notifications import event
from heat_plugins.notifications import options
from heat_plugins.notifications import sender


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
        #: Posts a list of bodies to a place: see ``sender.Own.post``.
        self.post = self._sender.post

    def of(self, context, message):
        """The place and the body of a notification; None if it goes nowhere.

        :param message: of plain JSON.
        """
        made = event.Event.of(context, message)
        if not self._choice.is_wanted(made):
            return None
        place = self._sender.place(made.project_id, self._choice.queue(made))
        return place and (place, made.body(self._envelope))
