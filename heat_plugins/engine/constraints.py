# SPDX-License-Identifier: Apache-2.0
"""Custom constraints for the parameters and properties of templates."""
import re

from heat.common.i18n import _

from heat_plugins.zaqar import limits


class QueueNameConstraint:
    """``zaqar.queue_name``: a name that every driver of Zaqar takes.

    Nobody is asked: Zaqar makes a queue of any name at its first message.
    """

    message = _('Value must be a name for a queue: 1 to 64 of A-Z a-z 0-9 _ -')

    def validate(self, value, context):
        return (isinstance(value, str) and
                re.fullmatch(limits.QUEUE_NAME, value) is not None)

    def error(self, value):
        return _('"%s" is no name for a queue: 1 to 64 of A-Z a-z 0-9 _ - '
                 'are allowed') % (value,)
