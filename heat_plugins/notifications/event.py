# SPDX-License-Identifier: Apache-2.0
"""A notification, as what is posted."""
import dataclasses
import datetime
import typing
import urllib.parse

from heat_plugins.messages import envelopes

_TYPE = 'org.openstack.'
# Where whom it belongs to and who did it are named: in the context; else in
# the payload, or in the initiator of one in CADF, as of Keystone.
_OWNERS = ('project_id', 'tenant_id', 'project', 'tenant', 'owner')
_USERS = ('user_id', 'user')


@dataclasses.dataclass(frozen=True)
class Event:
    """A notification of a service.

    :ivar message: as oslo.messaging has it, of plain JSON: ``message_id``,
        ``publisher_id``, ``event_type``, ``priority``, ``payload`` and
        ``timestamp``.
    :ivar project_id: whose it is; None if nothing says so.
    :ivar user_id: who caused it; None if nothing says so.
    """
    message: typing.Any
    project_id: str | None
    user_id: str | None

    @classmethod
    def of(cls, context, message):
        """An event of what a driver of oslo.messaging gets.

        :param context: a map, or an object with attributes of its names.
        """
        context, payload = _context(context), _map(message.get('payload'))
        initiator = _map(payload.get('initiator'))
        return cls(
            message,
            _first(context, _OWNERS) or _first(payload, _OWNERS) or
            _first(initiator, _OWNERS),
            _first(context, _USERS) or _first(initiator, _USERS))

    @property
    def fields(self):
        """The parts that may be in the name of a queue."""
        return {'service': str(self.message.get('publisher_id')).partition(
                    '.')[0],
                'event_type': str(self.message.get('event_type')),
                'priority': str(self.message.get('priority')).lower(),
                'project_id': self.project_id or ''}

    def body(self, envelope=envelopes.NONE):
        """What is posted, and what patterns are about without an envelope."""
        if envelope == envelopes.NONE:
            return {**self.message, 'project_id': self.project_id,
                    'user_id': self.user_id}
        return envelopes.cloudevent(
            self.message.get('payload'),
            id=str(self.message.get('message_id')),
            source=urllib.parse.quote(str(self.message.get('publisher_id'))),
            type=_TYPE + str(self.message.get('event_type')),
            time=_moment(self.message.get('timestamp')),
            subject=self.project_id)


def _moment(written):
    """A time as oslo.messaging writes it; now if it is none."""
    try:
        return datetime.datetime.fromisoformat(written).replace(
            tzinfo=datetime.UTC)
    except (TypeError, ValueError):
        return datetime.datetime.now(datetime.UTC)


def _context(context):
    if isinstance(context, dict):
        return context
    to_dict = getattr(context, 'to_dict', None)
    return to_dict() if callable(to_dict) else {}


def _map(value):
    return value if isinstance(value, dict) else {}


def _first(given, keys):
    """The first text under some keys; None if there is none."""
    return next((given[key] for key in keys
                 if given.get(key) and isinstance(given[key], str)), None)
