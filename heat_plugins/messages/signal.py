# SPDX-License-Identifier: Apache-2.0
"""What a message says to somebody who waits for it.

The body may be anything. A map may carry ``id`` (the sender's own key, so
that a repeated message counts once), ``status``, ``reason`` and ``data``;
without ``data``, what else it holds is the data. Other words for these are
understood, see ``dialects``. Any other JSON value is a success and is the data
itself.
"""
import dataclasses
import json
import typing

from heat_plugins.messages import dialects
from heat_plugins.messages import nesting
from heat_plugins.messages import notification

SUCCESS = 'SUCCESS'
FAILURE = 'FAILURE'
#: Neither counts nor fails: a sign of life.
IN_PROGRESS = 'IN_PROGRESS'
STATUSES = (SUCCESS, FAILURE, IN_PROGRESS)

_ENVELOPE = ('id', 'status', 'reason', 'data')

CannotJudge = dialects.CannotJudge


@dataclasses.dataclass(frozen=True)
class Signal:
    """One message, judged.

    :ivar key: what it counts under: the sender's ``id``, or the message's.
    :ivar status: one of ``STATUSES``.
    :ivar reason: why, in the sender's words; may be empty.
    :ivar data: any JSON value.
    :ivar body: the whole body it came from.
    """
    key: str
    status: str
    reason: str
    data: typing.Any
    body: typing.Any

    @classmethod
    def judge(cls, message):
        """Judge a ``heat_plugins.messages.message.Message``.

        :raises CannotJudge: ``status`` or ``id`` make no sense, or the body
            is nested too deeply to be kept.
        """
        body = message.body
        if nesting.is_deeper(body, nesting.DEPTH):
            raise CannotJudge('the body is nested deeper than %d levels' %
                              nesting.DEPTH)
        if isinstance(body, str):
            dialects.refuse_encoded(body)
        if not isinstance(body, dict):
            return cls(message.id, SUCCESS, '', body, body)
        said = dialects.translate(body)
        return cls(_key(said, message.id), _status(said), _reason(said),
                   _data(said), body)


def _key(body, message_id):
    key = body.get('id')
    if key is None:
        return message_id
    if isinstance(key, dict | list):
        raise CannotJudge('"id" must be a string or a number, not %s' %
                          json.dumps(key)[:60])
    return key if isinstance(key, str) else json.dumps(key)


def _status(body):
    status = body.get('status')
    if status is None:
        return SUCCESS
    if status not in STATUSES:
        raise CannotJudge('"status" must be one of %s, not %s' %
                          (', '.join(STATUSES), json.dumps(status)[:60]))
    return status


def _reason(body):
    reason = body.get('reason')
    if reason is None:
        return ''
    return reason if isinstance(reason, str) else json.dumps(reason)


def _data(body):
    if 'data' in body:
        # a subscription's signal brings the notification as its data
        return notification.unwrap(body['data'])
    rest = {key: value for key, value in body.items() if key not in _ENVELOPE}
    return rest or None
