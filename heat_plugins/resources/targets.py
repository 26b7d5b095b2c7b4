# SPDX-License-Identifier: Apache-2.0
"""The targets of a subscription: what each takes, and what Zaqar is told."""
from collections import abc
import dataclasses
import re
import uuid

from heat_plugins.checks import targets as checks
from heat_plugins.messages import notification

#: Keys of a workflow, beside its id.
INPUT, PARAMS = 'input', 'params'

# What a signal says unless "body" is given: a success, and the message.
_SIGNAL_BODY = {'status': 'SUCCESS', 'data': notification.PLACEHOLDER}
# Heat's signal API, around the id of the project.
_SIGNAL_PATH = re.compile(
    r'(/v1/)[^/]+(/stacks/[^/]+/[^/]+/resources/[^/]+/signal)$')


@dataclasses.dataclass(frozen=True)
class Target:
    """One kind of target.

    :ivar translate: function of the properties, the queue's name and the
        client plugin: the subscriber's URI and Zaqar's options for it.
    :ivar is_trusted: whether Zaqar calls it with a token.
    """
    translate: abc.Callable
    is_trusted: bool = False


def _posted(props, body):
    """The options of what is posted over HTTP."""
    options = {}
    if body is not None:
        options['post_data'] = notification.post_data(body)
    if props[checks.HEADERS]:
        options['post_headers'] = {key: str(value) for key, value
                                   in props[checks.HEADERS].items()}
    return options


def _webhook(props, _queue_name, _plugin):
    return props[checks.WEBHOOK], _posted(props, props[checks.BODY])


def _signal(props, _queue_name, plugin):
    body = _SIGNAL_BODY if props[checks.BODY] is None else props[checks.BODY]
    # A stock wait condition handle gives the URL for a user of its own, in
    # another project; Heat refuses a token that is not for the project.
    url = _SIGNAL_PATH.sub(r'\g<1>%s\g<2>' % plugin.context.project_id,
                           props[checks.SIGNAL])
    return checks.TRUST + url, _posted(props, body)


def _forward(props, queue_name, plugin):
    body = props[checks.BODY]
    messages = [{'body': notification.PLACEHOLDER if body is None else body}]
    url = '%s/v2/queues/%s/messages' % (plugin.client().endpoint(),
                                        props[checks.FORWARD_TO])
    return checks.TRUST + url, {
        'post_data': notification.post_data({'messages': messages}),
        # Zaqar asks every client for an id; always the same, so that
        # nothing seems to have changed.
        'post_headers': {'Client-ID': str(uuid.uuid5(
            uuid.NAMESPACE_URL, '%s from %s' % (url, queue_name)))}}


def _email(props, _queue_name, _plugin):
    value = props[checks.EMAIL]
    if not isinstance(value, dict):
        value = {checks.TO: value}
    return 'mailto:' + value[checks.TO], {
        key: value[key] for key in (checks.SUBJECT, checks.FROM)
        if key in value}


def _workflow(props, _queue_name, plugin):
    workflow = props[checks.WORKFLOW]
    params = dict(workflow[PARAMS] or {})
    params['env'] = {**(params.get('env') or {}),
                     'notification': notification.PLACEHOLDER}
    return ('%s%s/executions' % (checks.TRUST, plugin.workflow_endpoint()),
            {'post_data': notification.post_data({
                'workflow_id': workflow[checks.ID],
                'input': workflow[INPUT] or {}, 'params': params})})


def _any(props, _queue_name, _plugin):
    return props[checks.SUBSCRIBER], _posted(props, props[checks.BODY])


TARGETS = {
    checks.WEBHOOK: Target(_webhook),
    checks.SIGNAL: Target(_signal, is_trusted=True),
    checks.FORWARD_TO: Target(_forward, is_trusted=True),
    checks.EMAIL: Target(_email),
    checks.WORKFLOW: Target(_workflow, is_trusted=True),
    checks.SUBSCRIBER: Target(_any),
}
