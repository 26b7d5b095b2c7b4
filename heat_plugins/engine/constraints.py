# SPDX-License-Identifier: Apache-2.0
"""Custom constraints for the parameters and properties of templates."""
import re

from heat.common.i18n import _
from heat.engine import constraints
from oslo_serialization import jsonutils

from heat_plugins.engine import client_plugin
from heat_plugins.messages import patterns
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import flavors
from heat_plugins.zaqar import limits


class QueueNameConstraint:
    """``zaqar.queue_name``: a name that every driver of Zaqar takes.

    Nobody is asked: Zaqar makes a queue of any name at its first message.
    """

    message = _('Value must be a queue name: 1 to 64 of the characters A-Z '
                'a-z 0-9 _ -')

    def validate(self, value, context):
        return (isinstance(value, str) and
                re.fullmatch(limits.QUEUE_NAME, value) is not None)

    def error(self, value):
        return _('"%s" is not a valid queue name: use 1 to 64 of the '
                 'characters A-Z a-z 0-9 _ -') % (value,)


class FlavorConstraint(constraints.BaseCustomConstraint):
    """``zaqar.flavor``: a flavor that is there.

    Where Zaqar does not tell, as without pools, any name is one.
    """

    message = _('Value must be the name of a flavor')
    expected_exceptions = (errors.NotFound,)

    def validate_with_client(self, clients, name):
        zaqar = clients.client(client_plugin.NAME)
        if flavors.Flavors(zaqar).is_missing(name):
            raise errors.NotFound(_(
                'Zaqar has no flavor "%s" for this project.') % name)


class EventPatternConstraint:
    """``zaqar.event_pattern``: a pattern, or JSON text of one.

    Heat allows constraints of this kind on strings, but not on maps.
    """

    message = _('Value must be an event pattern, as JSON text')

    def validate(self, value, context):
        return _wrong(value) is None

    def error(self, value):
        return _('Not a valid event pattern: %s') % _wrong(value)


def _wrong(value):
    """What is wrong with an event pattern; None if nothing is."""
    if isinstance(value, str):
        try:
            value = jsonutils.loads(value)
        except (ValueError, RecursionError) as error:
            return _('not JSON: %s') % error
    try:
        patterns.compile(value)
    except patterns.PatternError as error:
        return str(error)
    return None
