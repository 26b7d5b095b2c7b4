# SPDX-License-Identifier: Apache-2.0
"""Which messages count for a wait, and as what."""
import dataclasses
import json

from heat_plugins.messages import message as messages
from heat_plugins.messages import patterns
from heat_plugins.messages import signal as signals


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What one message is to a wait.

    :ivar signal: what it says; None if it says nothing to this wait.
    :ivar skipped: why it cannot be judged, or ''.
    :ivar unmatched: why it does not count, or ''.
    """
    message: messages.Message
    signal: signals.Signal | None = None
    skipped: str = ''
    unmatched: str = ''


class Criteria:
    """Judges messages.

    :param match: the ``patterns.Pattern`` of what counts, or None for all.
    :param fail_on: the ``patterns.Pattern`` of failures, which need not match
        ``match``. None: what counts and has the status FAILURE.
    :param distinct_by: keys to a value in the body that a message counts
        under, instead of its ``id``; None for ``id``.
    :param reason_from: keys to the value in the body that says why, instead
        of its ``reason`` where it is there; None for ``reason``.
    :param expression: called with a list of ``Message`` and ``is_late``;
        gives for each, as far as the time allows, why it does not count, or
        ''. None for no such condition.
    :param by_queue: where several queues are waited on: name of each → the
        ``patterns.Pattern`` of what counts there, besides ``match``, or None.
        What counts then does so under ``QUEUE/KEY``.
    """

    def __init__(self, match=None, fail_on=None, distinct_by=None,
                 reason_from=None, expression=None, by_queue=None):
        self._match = match
        self._fail_on = fail_on
        self._distinct_by = distinct_by
        self._reason_from = reason_from
        self._expression = expression
        self._by_queue = by_queue

    def judge(self, batch, is_late=lambda: False):
        """Judge messages, each by itself, in their order.

        :param is_late: called between two messages; when it gives True, the
            rest is to be judged another time.
        :returns: a ``Verdict`` for each of the first of the messages, or for
            all of them. None may be judged when an expression has to wait.
        """
        verdicts = []
        for each in batch:
            verdicts.append(self._judge(each))
            if is_late():
                break
        if self._expression is None:
            return verdicts
        asked = [each.message for each in verdicts if self._is_to_ask(each)]
        reasons = iter(self._expression(asked, is_late) if asked else [])
        return list(self._answered(verdicts, reasons))

    def _answered(self, verdicts, reasons):
        """The verdicts, as far as there are reasons for them."""
        for each in verdicts:
            if not self._is_to_ask(each):
                yield each
                continue
            reason = next(reasons, None)
            if reason is None:
                return
            yield (Verdict(each.message, unmatched=reason) if reason
                   else each)

    def _judge(self, message):
        unmatched = self._mismatch(message)
        try:
            signal = self._of_failures(signals.Signal.judge(message))
            if unmatched and not self._stands_alone(signal):
                return Verdict(message, unmatched=unmatched)
            _check_numbers(message.body)
            return Verdict(message, self._in_its_queue(
                message, self._keyed(self._reasoned(signal))))
        except signals.CannotJudge as error:
            # what is none of ours may look as it likes
            return Verdict(message, unmatched=unmatched,
                           skipped='' if unmatched else str(error))
        except patterns.TooCostly as error:
            # a failure, maybe: it is no success
            return Verdict(message, unmatched=unmatched or str(error))

    def _mismatch(self, message):
        patterns_of_it = self._match, (self._by_queue or {}).get(
            message.queue)
        try:
            return next(filter(None, (
                each.mismatch(message.body)
                for each in patterns_of_it if each)), '')
        except patterns.TooCostly as error:
            return str(error)

    def _of_failures(self, signal):
        """The signal as ``fail_on`` sees it."""
        if self._fail_on is None or signal.status == signals.IN_PROGRESS:
            return signal
        failed = self._fail_on.matches(signal.body)
        return dataclasses.replace(
            signal, status=signals.FAILURE if failed else signals.SUCCESS)

    def _stands_alone(self, signal):
        """A sign of life, or a failure by ``fail_on``: whatever else it is.
        """
        return signal.status == signals.IN_PROGRESS or (
            self._fail_on is not None and signal.status == signals.FAILURE)

    def _is_to_ask(self, verdict):
        return not (verdict.signal is None or
                    self._stands_alone(verdict.signal))

    def _keyed(self, signal):
        if self._distinct_by is None or (
                signal.status == signals.IN_PROGRESS):
            return signal
        value = _at(self._distinct_by, signal.body)
        if value is None or isinstance(value, dict | list):
            if signal.status == signals.FAILURE:
                # it is one, whoever it is from
                return signal
            raise signals.CannotJudge(
                '"%s" of the body must be a string or a number, not %s' % (
                    '.'.join(self._distinct_by), json.dumps(value)[:60]))
        return dataclasses.replace(signal, key=_text(value))

    def _in_its_queue(self, message, signal):
        return signal if self._by_queue is None else dataclasses.replace(
            signal, key='%s/%s' % (message.queue, signal.key))

    def _reasoned(self, signal):
        """The signal with the reason from where ``reason_from`` says."""
        value = (None if self._reason_from is None else
                 _at(self._reason_from, signal.body))
        return signal if value is None else dataclasses.replace(
            signal, reason=_text(value))


def _at(path, body):
    """The value at the end of a path of keys; None if there is none."""
    for key in path:
        body = body.get(key) if isinstance(body, dict) else None
    return body


def _text(value):
    return value if isinstance(value, str) else json.dumps(value)


def _check_numbers(body):
    """Refuse what Python takes for JSON, and a database may not."""
    try:
        json.dumps(body, allow_nan=False)
    except ValueError as error:
        raise signals.CannotJudge(
            'the body holds NaN or Infinity, which JSON does not '
            'have') from error
