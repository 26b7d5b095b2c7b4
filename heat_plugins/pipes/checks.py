# SPDX-License-Identifier: Apache-2.0
"""What may be wrong with a pipe, as a template has it."""
from heat_plugins.checks import json_value
from heat_plugins.checks import targets
from heat_plugins.messages import patterns
from heat_plugins.pipes import inputs
from heat_plugins.pipes.targets import signal
from heat_plugins.zaqar import limits

#: The targets that a pipe may have.
TARGETS = (targets.FORWARD_TO, targets.WEBHOOK, targets.SIGNAL)
# Property → the only target that it has a meaning for.
_ONLY_FOR = {targets.HEADERS: targets.WEBHOOK, 'timeout': targets.WEBHOOK,
             'ttl': targets.FORWARD_TO}
# Bytes of the metadata of a queue that are left for anything else.
_SPARE = 2048


def problems(values, given, is_known):
    """What is wrong: pairs of a property and the reason.

    :param values: the properties that are known, or not given.
    :param given: those that are given, in which something stands for what is
        not known.
    :param is_known: whether a value of ``given`` is known.
    """
    found = list(targets.problems(
        {key: values.get(key) for key in (*TARGETS, targets.HEADERS)},
        {key: given.get(key) for key in (*TARGETS, targets.HEADERS)
         if key in given}, is_known, values.get('source'), TARGETS))
    yield from found
    if not found:
        yield from _foreign(given)
    for key, check in _CHECKS.items():
        reason = values.get(key) is not None and check(values[key])
        if reason:
            yield key, reason
    yield from _dead_letters(values)
    size = json_value.problem(
        {key: values.get(key) for key in ('match', 'input', 'headers')},
        limits.METADATA_SIZE - _SPARE)
    if size:
        yield 'input', 'with match and headers: ' + size


def _foreign(given):
    [target] = targets.given(given, TARGETS)
    for key, only in _ONLY_FOR.items():
        if given.get(key) not in (None, {}) and target != only:
            yield key, 'does not apply to the target %s.' % target


def _dead_letters(values):
    dead_letter = values.get('dead_letter') or {}
    name = dead_letter.get('queue')
    if name and name == values.get('source'):
        yield 'dead_letter.queue', (
            '"%s" is the source: what cannot be delivered would be taken '
            'again for ever.' % name)


def _match(pattern):
    try:
        patterns.compile(pattern)
    except patterns.PatternError as error:
        return str(error)
    return None


def _input(value):
    problem = json_value.problem(value)
    if problem:
        return problem
    try:
        inputs.Input(value)
    except ValueError as error:
        return str(error)
    return None


def _signal(url):
    return None if signal.path(url) else '"%s": %s.' % (url, signal.NOT_ONE)


def _retry(retry):
    low, high = retry.get('minimum_delay'), retry.get('maximum_delay')
    if None in (low, high) or low <= high:
        return None
    return 'maximum_delay (%g) must not be less than minimum_delay (%g).' % (
        high, low)


_CHECKS = {'match': lambda pattern: pattern and _match(pattern),
           'input': _input, 'retry': _retry,
           targets.SIGNAL: lambda url: url and _signal(url)}
