# SPDX-License-Identifier: Apache-2.0
"""The process that works an expression out: JSON lines in, reasons out."""
import collections.abc  # noqa: F401 - yaql uses it and does not import it
import json
import resource
import signal
import sys

import yaql
from yaql.language import factory

# Bytes of memory, beyond which Python raises or the process ends.
_MEMORY = 512 * 1024 ** 2


def main():
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    settings = json.loads(sys.stdin.readline())
    evaluate = factory.YaqlFactory().create(options={
        'yaql.limitIterators': settings['limit_iterators'],
        'yaql.memoryQuota': settings['memory_quota']})(settings['text'])
    context = yaql.create_context()
    for line in sys.stdin:
        # The kernel ends the process, even while it holds Python's lock or
        # nobody is left to read its answer. A busy machine costs no time.
        signal.setitimer(signal.ITIMER_PROF, settings['timeout'])
        print(json.dumps(reason(evaluate, context, json.loads(line))),
              flush=True)


def reason(evaluate, context, document):
    """Why a message does not count; '' if the expression is true."""
    try:
        value = evaluate.evaluate(
            data=document, context=context.create_child_context())
    # Whatever an expression does is told to its author.
    except Exception as error:
        return 'the expression failed: %s' % _cause(error)
    return '' if value is True else (
        'the expression gave %s' % repr(value)[:60])


def _cause(error):
    if isinstance(error, KeyError):
        return 'there is no key %s' % error
    return str(error)[:200] or type(error).__name__


if __name__ == '__main__':
    main()
