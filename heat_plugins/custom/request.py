# SPDX-License-Identifier: Apache-2.0
"""What a worker is asked."""
import dataclasses
import datetime
import enum

from heat_plugins.custom import contract


class RequestType(enum.StrEnum):
    """What to do."""
    CREATE = 'Create'
    UPDATE = 'Update'
    DELETE = 'Delete'


@dataclasses.dataclass(frozen=True)
class ReplyTo:
    """Where to answer, by one HTTP POST.

    :ivar url: where to POST ``{"messages": [{"body": REPLY}]}``.
    :ivar headers: the HTTP headers that allow it, a map.
    :ivar queue: the name of the queue that the URL posts to.
    :ivar expires: until when: UTC, ``YYYY-MM-DDTHH:MM:SS``.
    """
    url: str
    headers: dict
    queue: str
    expires: str

    @classmethod
    def from_body(cls, reply):
        """Make one of the map ``reply`` in the body of a message.

        :raises heat_plugins.custom.contract.ContractError: it is none.
        """
        contract.check(contract.REPLY_TO, reply)
        made = cls(**{each.name: reply[each.name]
                      for each in dataclasses.fields(cls)})
        _moment(made.expires, 'reply.expires')
        return made

    @property
    def until(self):
        """``expires`` as a time."""
        return _moment(self.expires, 'reply.expires')


@dataclasses.dataclass(frozen=True)
class Request:
    """One request; ``request.json`` says what each field is.

    The fields that a shell script looks for come before those that hold what
    the author of a template wrote.
    """
    request_id: str
    request_type: str
    resource_type: str
    resource_name: str
    stack_id: str
    stack_name: str
    project_id: str
    physical_id: str | None
    heartbeat: float | None
    deadline: str | None = dataclasses.field(default=None, kw_only=True)
    reply: ReplyTo
    properties: dict
    old_properties: dict | None = None

    @classmethod
    def from_body(cls, body):
        """Make one of the body of a message.

        :raises heat_plugins.custom.contract.ContractError: it is none.
        """
        contract.check(contract.REQUEST, body)
        fields = {each.name: body.get(each.name)
                  for each in dataclasses.fields(cls)}
        fields['reply'] = ReplyTo.from_body(body['reply'])
        made = cls(**fields)
        made.until  # noqa: B018 - it has to be a time
        return made

    @property
    def until(self):
        """``deadline`` as a time, or None."""
        return self.deadline and _moment(self.deadline, 'deadline')

    def to_body(self):
        """As the body of a message."""
        body = dataclasses.asdict(self)
        contract.check(contract.REQUEST, body)
        return body


def time_text(moment):
    """An aware ``datetime`` as a request has it."""
    return moment.astimezone(datetime.UTC).strftime('%Y-%m-%dT%H:%M:%S')


def _moment(text, name):
    """A time of day in UTC.

    :raises heat_plugins.custom.contract.ContractError: it is none.
    """
    try:
        return datetime.datetime.fromisoformat(text).replace(
            tzinfo=datetime.UTC)
    except ValueError as error:
        raise contract.ContractError(
            'request.%s: %s' % (name, error)) from error
