# SPDX-License-Identifier: Apache-2.0
"""YAQL on messages, worked out where it cannot hurt.

An expression may be endless, or hold Python's lock in a regular expression:
only a process of its own can be ended. It is started for some messages, and
ends with them, with the time, or with the process that started it.
"""
import collections.abc  # noqa: F401 - yaql uses it and does not import it
import functools
import json
import signal
import subprocess
import sys
import threading

from oslo_log import log as logging
from yaql.language import exceptions
from yaql.language import factory

from heat_plugins.messages import texts

LOG = logging.getLogger(__name__)

#: Characters of an expression. Longer ones take long to be parsed, and that
#: is done in the process that asks.
LENGTH = 4096
# Seconds that a turn is waited for.
_PATIENCE = 1
# Characters of an expression, and of what is wrong with it, that are shown.
_SHOWN = 60
_REASON = 200
_WORKER = 'heat_plugins.waiting.expression_worker'


class ExpressionError(ValueError):
    """The text is no expression."""


class Expression:
    """Tells which messages an expression is true for.

    :param text: the expression, on ``$``: a map of id, body, age and ttl.
    :param limit_iterators: elements of a collection it may go through.
    :param memory_quota: bytes it may use for collections.
    :param timeout: seconds of processor time for one message.
    :param processes: how many may work at a time in this process, of all
        expressions that are made with the same number.
    :raises ExpressionError: a syntax error; the text says where.
    """

    def __init__(self, text, limit_iterators, memory_quota, timeout,
                 processes):
        _check(text)
        self._settings = {'text': text, 'limit_iterators': limit_iterators,
                          'memory_quota': memory_quota, 'timeout': timeout}
        self._turns = _turns(processes)

    def __call__(self, messages, is_late):
        """Work it out for messages, one after the other.

        :param is_late: called after each; when it gives True, the rest is to
            be asked for another time.
        :returns: for each of the first of the messages, or for all of them,
            '' if it is true, else why the message does not count. A list
            without any, if no turn was to be had.
        """
        if not self._turns.acquire(timeout=_PATIENCE):
            return []
        try:
            return self._work(messages, is_late)
        except OSError as error:
            # Too many processes on this machine, or too little memory.
            LOG.warning('Could not start a process to evaluate an expression; '
                        'trying again: %s', error)
            return []
        finally:
            self._turns.release()

    def _work(self, messages, is_late):
        documents = [{'id': each.id, 'body': each.body, 'age': each.age,
                      'ttl': each.ttl} for each in messages]
        reasons = []
        # -P: the folder it runs in has no say in what is imported.
        with subprocess.Popen(
                [sys.executable, '-P', '-W', 'ignore', '-m', _WORKER],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL) as worker:
            writer = threading.Thread(target=_write, args=(worker.stdin, [
                self._settings, *documents]), daemon=True)
            writer.start()
            try:
                for line in worker.stdout:
                    reasons.append(json.loads(line))
                    if len(reasons) == len(messages) or is_late():
                        return reasons
            finally:
                worker.kill()
                writer.join()
        return [*reasons, self._ended(worker.returncode)]

    def _ended(self, status):
        """Why there is no answer for a message."""
        if status == -signal.SIGPROF:
            return 'the expression took more than %g seconds' % (
                self._settings['timeout'])
        return 'the process of the expression ended with status %d' % status


def _check(text):
    try:
        factory.YaqlFactory().create()(text)
    # An escape or a number in it may be what Python cannot read.
    except (exceptions.YaqlParsingException, ValueError) as error:
        raise ExpressionError('"%s" is not valid YAQL: %s' % (
            texts.line(text, _SHOWN),
            texts.line(str(error), _REASON))) from error


@functools.cache
def _turns(processes):
    return threading.BoundedSemaphore(processes)


def _write(stream, documents):
    try:
        with stream:
            for each in documents:
                stream.write(json.dumps(each).encode() + b'\n')
                stream.flush()
    except OSError:
        pass  # the worker has ended; who reads its answers knows
