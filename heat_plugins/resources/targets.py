# SPDX-License-Identifier: Apache-2.0
"""The targets of a subscription: what each takes, and what Zaqar is told."""
from collections import abc
import dataclasses
import re
import urllib.parse
import uuid

from heat.common import exception
from heat.common.i18n import _

from heat_plugins.engine import constraints
from heat_plugins.messages import notification

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

WORKFLOW_KEYS = (ID, INPUT, PARAMS) = ('id', 'input', 'params')
EMAIL_KEYS = (TO, SUBJECT, FROM) = ('to', 'subject', 'from')

#: Zaqar calls what follows with a token, by a trust.
TRUST = 'trust+'
# What a signal says unless "body" is given: a success, and the message.
_SIGNAL_BODY = {'status': 'SUCCESS', 'data': notification.PLACEHOLDER}
# Heat's signal API, around the id of the project.
_SIGNAL_PATH = re.compile(
    r'(/v1/)[^/]+(/stacks/[^/]+/[^/]+/resources/[^/]+/signal)$')


@dataclasses.dataclass(frozen=True)
class Target:
    """One kind of target.

    :ivar problems: function of its value, the queue's name, which may be
        None, and the client plugin: yields what is wrong.
    :ivar translate: function of the properties, the queue's name and the
        client plugin: the subscriber's URI and Zaqar's options for it.
    :ivar foreign: properties that have no meaning for it.
    :ivar is_trusted: whether Zaqar calls it with a token.
    """
    problems: abc.Callable
    translate: abc.Callable
    foreign: tuple = ()
    is_trusted: bool = False


def _url_problems(value, _queue_name, _plugin):
    try:
        url = urllib.parse.urlsplit(value)
        hostname, _port = url.hostname, url.port
    except ValueError as error:
        yield _('"%(url)s" is not a URL: %(error)s') % {
            'url': value, 'error': error}
        return
    if url.scheme not in ('http', 'https'):
        yield _('"%s" is not an http or https URL.') % value
    elif not hostname:
        yield _('"%s" has no host.') % value


def _forward_problems(value, queue_name, _plugin):
    constraint = constraints.QueueNameConstraint()
    if not constraint.validate(value, None):
        yield constraint.error(value)
    if value == queue_name:
        yield _('"%s" is the queue itself: messages would be forwarded in an '
                'endless loop.') % value


def _email_problems(value, _queue_name, _plugin):
    if not isinstance(value, dict):
        value = {TO: value}
    unknown = sorted(set(value) - set(EMAIL_KEYS))
    if unknown:
        yield _('unknown key %(unknown)s; %(known)s are allowed.') % {
            'unknown': ', '.join(map(str, unknown)),
            'known': ', '.join(EMAIL_KEYS)}
    address = value.get(TO)
    if not (isinstance(address, str) and
            re.fullmatch(r'[^@\s?]+@[^@\s?]+', address)):
        yield _('"%s" is not an address such as "name@example.com".') % (
            address,)
    for key in (SUBJECT, FROM):
        text = value.get(key, '')
        if not isinstance(text, str) or '\n' in text or '\r' in text:
            yield _('"%s" must be one line of text.') % key


def _workflow_problems(value, _queue_name, plugin):
    if not value.get(ID):
        yield _('the key "%s" is missing.') % ID
    try:
        plugin.workflow_endpoint()
    except exception.Error as error:
        yield str(error)


def _uri_problems(value, _queue_name, _plugin):
    scheme, colon, rest = value.partition(':')
    if not (scheme and colon and rest):
        yield _('"%s" is not a URI of the form SCHEME:ADDRESS.') % value
    elif scheme.removeprefix(TRUST) in ('http', 'https'):
        yield from _url_problems(value.removeprefix(TRUST), None, None)


def _posted(props, body):
    """The options of what is posted over HTTP."""
    options = {}
    if body is not None:
        options['post_data'] = notification.post_data(body)
    if props[HEADERS]:
        options['post_headers'] = {key: str(value) for key, value
                                   in props[HEADERS].items()}
    return options


def _webhook(props, _queue_name, _plugin):
    return props[WEBHOOK], _posted(props, props[BODY])


def _signal(props, _queue_name, plugin):
    body = _SIGNAL_BODY if props[BODY] is None else props[BODY]
    # A stock wait condition handle gives the URL for a user of its own, in
    # another project; Heat refuses a token that is not for the project.
    url = _SIGNAL_PATH.sub(r'\g<1>%s\g<2>' % plugin.context.project_id,
                           props[SIGNAL])
    return TRUST + url, _posted(props, body)


def _forward(props, queue_name, plugin):
    body = props[BODY]
    messages = [{'body': notification.PLACEHOLDER if body is None else body}]
    url = '%s/v2/queues/%s/messages' % (plugin.client().endpoint(),
                                        props[FORWARD_TO])
    return TRUST + url, {
        'post_data': notification.post_data({'messages': messages}),
        # Zaqar asks every client for an id; always the same, so that
        # nothing seems to have changed.
        'post_headers': {'Client-ID': str(uuid.uuid5(
            uuid.NAMESPACE_URL, '%s from %s' % (url, queue_name)))}}


def _email(props, _queue_name, _plugin):
    value = props[EMAIL]
    if not isinstance(value, dict):
        value = {TO: value}
    return 'mailto:' + value[TO], {
        key: value[key] for key in (SUBJECT, FROM) if key in value}


def _workflow(props, _queue_name, plugin):
    workflow = props[WORKFLOW]
    params = dict(workflow[PARAMS] or {})
    params['env'] = {**(params.get('env') or {}),
                     'notification': notification.PLACEHOLDER}
    return ('%s%s/executions' % (TRUST, plugin.workflow_endpoint()),
            {'post_data': notification.post_data({
                'workflow_id': workflow[ID], 'input': workflow[INPUT] or {},
                'params': params})})


def _any(props, _queue_name, _plugin):
    return props[SUBSCRIBER], _posted(props, props[BODY])


TARGETS = {
    WEBHOOK: Target(_url_problems, _webhook),
    SIGNAL: Target(_url_problems, _signal, is_trusted=True),
    FORWARD_TO: Target(_forward_problems, _forward, (HEADERS,), True),
    EMAIL: Target(_email_problems, _email, (BODY, HEADERS, RETRY)),
    WORKFLOW: Target(_workflow_problems, _workflow, (BODY, HEADERS), True),
    SUBSCRIBER: Target(_uri_problems, _any),
}
