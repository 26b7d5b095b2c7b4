# SPDX-License-Identifier: Apache-2.0
"""The target of a subscription, and what belongs to it."""
import re
import urllib.parse

from heat_plugins.checks import json_value
from heat_plugins.checks import retries
from heat_plugins.zaqar import limits

WEBHOOK = 'webhook'
SIGNAL = 'signal'
FORWARD_TO = 'forward_to'
EMAIL = 'email'
WORKFLOW = 'workflow'
SUBSCRIBER = 'subscriber'
# Properties beside them that not every target takes.
BODY = 'body'
HEADERS = 'headers'
RETRY = 'retry'

EMAIL_KEYS = (TO, SUBJECT, FROM) = ('to', 'subject', 'from')
#: The key of a workflow that is required.
ID = 'id'
#: Zaqar calls what follows with a token, by a trust.
TRUST = 'trust+'


def _url(value, _queue_name):
    try:
        url = urllib.parse.urlsplit(value)
        hostname, _port = url.hostname, url.port
    except ValueError as error:
        yield '"%s" is not a URL: %s' % (value, error)
        return
    if url.scheme not in ('http', 'https'):
        yield '"%s" is not an http or https URL.' % value
    elif not hostname:
        yield '"%s" has no host.' % value


def _forward(value, queue_name):
    if not re.fullmatch(limits.QUEUE_NAME, value):
        yield ('"%s" is not a valid queue name: use 1 to 64 of the characters '
               'A-Z a-z 0-9 _ -' % value)
    if value == queue_name:
        yield ('"%s" is the queue itself: messages would be forwarded in an '
               'endless loop.' % value)


def _email(value, _queue_name):
    if not isinstance(value, dict):
        value = {TO: value}
    unknown = sorted(set(value) - set(EMAIL_KEYS))
    if unknown:
        yield 'unknown key %s; %s are allowed.' % (
            ', '.join(map(str, unknown)), ', '.join(EMAIL_KEYS))
    address = value.get(TO)
    if not (isinstance(address, str) and
            re.fullmatch(r'[^@\s?]+@[^@\s?]+', address)):
        yield '"%s" is not an address such as "name@example.com".' % (
            address,)
    for key in (SUBJECT, FROM):
        text = value.get(key, '')
        if not isinstance(text, str) or '\n' in text or '\r' in text:
            yield '"%s" must be one line of text.' % key


def _workflow(value, _queue_name):
    if not value.get(ID):
        yield 'the key "%s" is missing.' % ID


def _uri(value, _queue_name):
    scheme, colon, rest = value.partition(':')
    if not (scheme and colon and rest):
        yield '"%s" is not a URI of the form SCHEME:ADDRESS.' % value
    elif scheme.removeprefix(TRUST) in ('http', 'https'):
        yield from _url(value.removeprefix(TRUST), None)


#: Name of a target → function of its value, and of the queue's name, which
#: may be None: yields what is wrong.
TARGETS = {WEBHOOK: _url, SIGNAL: _url, FORWARD_TO: _forward, EMAIL: _email,
           WORKFLOW: _workflow, SUBSCRIBER: _uri}
#: Name of a target → properties that have no meaning for it.
FOREIGN = {FORWARD_TO: (HEADERS,), EMAIL: (BODY, HEADERS, RETRY),
           WORKFLOW: (BODY, HEADERS)}


def given(values, targets=tuple(TARGETS)):
    """The names of the targets that are given.

    Heat makes an empty map of a map that is not.

    :param targets: names of those that there may be.
    """
    return [name for name in targets if _is_given(values.get(name))]


def problems(values, known_as, is_known, queue_name=None,
             targets=tuple(TARGETS)):
    """What is wrong with a subscriber: pairs of a property and the reason.

    :param values: the properties; what is not known yet is empty.
    :param known_as: the properties, in which something stands for what is not
        known.
    :param is_known: whether a value of ``known_as`` is known.
    :param queue_name: the queue that is subscribed, if known.
    :param targets: names of those that there may be.
    """
    names = given(known_as, targets)
    if len(names) != 1:
        yield WEBHOOK, 'exactly one of %s is needed; given: %s.' % (
            ', '.join(targets), ' and '.join(names) or 'none')
        return
    [name] = names
    for foreign in FOREIGN.get(name, ()):
        if _is_given(known_as.get(foreign)):
            yield foreign, 'does not apply to the target %s.' % name
    if is_known(known_as[name]):
        for reason in TARGETS[name](values[name], queue_name):
            yield name, reason
    for key, check in _CHECKS.items():
        reason = is_known(known_as.get(key)) and check(values.get(key))
        if reason:
            yield key, reason


def _is_given(value):
    return value is not None and value != {}


def _headers(headers):
    for key, value in (headers or {}).items():
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", key):
            return '"%s" is not a valid name of an HTTP header.' % key
        if not (isinstance(value, str | int | float) and
                re.fullmatch(r'[\x20-\x7e\t]*', str(value))):
            return 'the value of "%s" must be one line of ASCII text.' % key
    return None


_CHECKS = {BODY: json_value.problem, WORKFLOW: json_value.problem,
           HEADERS: _headers, RETRY: retries.problem}
