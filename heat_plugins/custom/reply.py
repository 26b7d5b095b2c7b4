# SPDX-License-Identifier: Apache-2.0
"""What a worker answers."""
import dataclasses
import enum
import json

from heat_plugins.custom import contract
from heat_plugins.messages import nesting

#: Bytes of ``data`` as JSON. It shares a row of Heat's database.
DATA_SIZE = 12288


class Status(enum.StrEnum):
    """How a request stands."""
    SUCCESS = 'SUCCESS'
    FAILED = 'FAILED'
    IN_PROGRESS = 'IN_PROGRESS'


@dataclasses.dataclass(frozen=True)
class Reply:
    """One reply; ``reply.json`` says what each field is."""
    request_id: str
    status: str
    reason: str = ''
    physical_id: str | None = None
    data: dict = dataclasses.field(default_factory=dict)

    @classmethod
    def from_body(cls, body):
        """Make one of the body of a message.

        :raises heat_plugins.custom.contract.ContractError: it is none.
        """
        if nesting.is_deeper(body, nesting.DEPTH):
            raise contract.ContractError(
                'reply: nested deeper than %d levels' % nesting.DEPTH)
        contract.check(contract.REPLY, body)
        _check_data(body.get('data'))
        return cls(**{key: value for key, value in body.items()
                      if value is not None})

    @property
    def is_final(self):
        """Whether it ends the request."""
        return self.status != Status.IN_PROGRESS

    @property
    def has_failed(self):
        """Whether what was asked could not be done."""
        return self.status == Status.FAILED

    def to_body(self):
        """As the body of a message.

        :raises heat_plugins.custom.contract.ContractError: ``data`` or
            another field is not as it is to be.
        """
        body = {key: value
                for key, value in dataclasses.asdict(self).items()
                if value or key in ('request_id', 'status')}
        Reply.from_body(body)
        return body


def _check_data(data):
    try:
        size = len(json.dumps(data, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise contract.ContractError(
            'reply.data: is not JSON: %s' % error) from error
    if size > DATA_SIZE:
        raise contract.ContractError(
            'reply.data: %d bytes as JSON, at most %d are allowed' %
            (size, DATA_SIZE))
