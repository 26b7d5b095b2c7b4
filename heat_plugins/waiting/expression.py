# SPDX-License-Identifier: Apache-2.0
"""YAQL on messages, worked out where it cannot hurt.

An expression may be endless, or hold Python's lock in a regular expression:
only a process of its own can be ended. It is started for a batch of messages,
and again for what is left of the batch when one took too long, a few times.
"""
import collections.abc  # noqa: F401 - yaql uses it and does not import it
import json
import signal
import subprocess
import sys
import threading

from yaql.language import exceptions
from yaql.language import factory

_WORKER = 'heat_plugins.waiting.expression_worker'
#: How often what takes too long is ended before the rest is given up.
_TRIES = 5


class ExpressionError(ValueError):
    """The text is no expression."""


class Expression:
    """Tells which messages an expression is true for.

    :param text: the expression, on ``$``: a map of id, body, age and ttl.
    :param limit_iterators: elements of a collection it may go through.
    :param memory_quota: bytes it may use for collections.
    :param timeout: seconds for one batch.
    :raises ExpressionError: a syntax error; the text says where.
    """

    def __init__(self, text, limit_iterators, memory_quota, timeout):
        try:
            factory.YaqlFactory().create()(text)
        except exceptions.YaqlParsingException as error:
            raise ExpressionError('"%s" is no YAQL: %s' % (
                text, error)) from error
        self._settings = {'text': text, 'limit_iterators': limit_iterators,
                          'memory_quota': memory_quota}
        self._timeout = timeout

    def __call__(self, messages):
        """Work it out for each message.

        :returns: for each, '' if it is true, else why it does not count.
        """
        reasons = []
        for _try in range(_TRIES):
            if len(reasons) < len(messages):
                reasons += self._work(messages[len(reasons):])
        # the wait itself must not be held up
        reasons += ['the expression was given up, as it took more than %g '
                    'seconds for other messages' % self._timeout] * (
                        len(messages) - len(reasons))
        return reasons

    def _work(self, messages):
        """The reasons for as many messages as the time allows, at least one.
        """
        documents = [{'id': each.id, 'body': each.body, 'age': each.age,
                      'ttl': each.ttl} for each in messages]
        worker = subprocess.Popen(
            [sys.executable, '-W', 'ignore', '-m', _WORKER],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        alarm = threading.Timer(self._timeout, worker.kill)
        with worker:
            alarm.start()
            written = threading.Thread(target=_write, args=(worker.stdin, [
                self._settings, *documents]), daemon=True)
            written.start()
            reasons = [json.loads(line) for line in worker.stdout
                       if line.endswith(b'\n')]
            alarm.cancel()
            written.join()
        if len(reasons) < len(documents):
            reasons.append(
                'the expression took more than %g seconds' % self._timeout
                if worker.returncode == -signal.SIGKILL else
                'the process of the expression ended with status %d' %
                worker.returncode)
        return reasons


def _write(stream, documents):
    try:
        with stream:
            for each in documents:
                stream.write(json.dumps(each).encode() + b'\n')
                stream.flush()
    except OSError:
        pass  # the worker has ended; who reads its answers knows
