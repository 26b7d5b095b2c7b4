# SPDX-License-Identifier: Apache-2.0
"""A subscriber, as Subscription and Topic take it: properties to Zaqar's."""
import re

from heat.common.i18n import _
from heat.engine import properties

from heat_plugins import schema
from heat_plugins.engine import known
from heat_plugins.resources import delivery_retry
from heat_plugins.resources import json_body
from heat_plugins.resources import targets
from heat_plugins.zaqar import limits
from heat_plugins.zaqar import subscriptions

TTL = 'ttl'
PROPERTIES = (*targets.TARGETS, TTL, targets.BODY, targets.HEADERS,
              targets.RETRY)


def schemata():
    """The schema of each property; all can be updated in place."""
    Schema = properties.Schema
    return {
        targets.WEBHOOK: Schema(
            Schema.STRING,
            _('An http or https URL that each message is posted to.'),
            update_allowed=True),
        targets.SIGNAL: Schema(
            Schema.STRING,
            _("The URL of Heat's signal API for a resource, such as "
              '{get_attr: [POLICY, signal_url]}. It is called with a token of '
              'the user who created the stack, by means of a trust.'),
            update_allowed=True),
        # A constraint, or a required key, would refuse a null.
        targets.FORWARD_TO: schema.using(schema.POSTS_TO, Schema(
            Schema.STRING,
            _('The name of another queue of the same OpenStack project, to '
              'which each message is posted. Our wait conditions and custom '
              'resources read it there as if it had been posted directly.'),
            update_allowed=True)),
        targets.EMAIL: Schema(
            Schema.ANY,
            _('An address that each message is mailed to, or a map of "to", '
              '"subject" and "from".'),
            update_allowed=True),
        targets.WORKFLOW: Schema(
            Schema.MAP,
            _('A Mistral workflow to start for each message, which it finds '
              'in its environment as env().notification.'),
            update_allowed=True,
            schema={
                targets.ID: Schema(
                    Schema.STRING, _('The id of the workflow, required.')),
                targets.INPUT: Schema(
                    Schema.MAP, _('The input of the workflow.')),
                targets.PARAMS: Schema(
                    Schema.MAP, _('The parameters of the execution.')),
            }),
        targets.SUBSCRIBER: Schema(
            Schema.STRING,
            _('Any other URI that the server has a driver for.'),
            update_allowed=True),
        TTL: schema.integer(
            _('Seconds until the subscription ends. By default it does not '
              'end.'), *limits.SUBSCRIPTION_TTL, update_allowed=True),
        targets.BODY: Schema(
            Schema.ANY,
            _('What is sent instead of the message: any JSON, in which the '
              'string "$zaqar_message$" stands for the message with its '
              '"body", "ttl" and "queue_name". By default a webhook is sent '
              'that alone, and a signal is sent {"status": "SUCCESS", "data": '
              '"$zaqar_message$"}.'),
            update_allowed=True),
        targets.HEADERS: Schema(
            Schema.MAP, _('HTTP headers that are sent along.'),
            update_allowed=True),
        targets.RETRY: schema.delivery_retry(),
    }


def is_known(given):
    """Whether all that makes up the target's URI is known by now.

    :param given: the properties as ``heat_plugins.engine.known`` gives them.
    """
    [name] = _given_targets(given)
    return known.is_known(given[name])


def is_trusted(props):
    """Whether Zaqar calls the target with a token, by a trust.

    :returns: None if there is no target.
    """
    name = _name(props)
    return name and (targets.TARGETS[name].is_trusted or
                     name == targets.SUBSCRIBER and
                     props[name].startswith(targets.TRUST))


def problems(props, plugin, queue_name=None, given=None):
    """What is wrong: pairs of a property and the reason.

    :param props: the properties; what is not known yet is empty.
    :param plugin: the client plugin, which knows the endpoints.
    :param queue_name: the queue that is subscribed, if known.
    :param given: the properties as ``heat_plugins.engine.known`` gives them,
        to tell what is not known yet from what is not there.
    """
    given = props if given is None else given
    names = _given_targets(given)
    if len(names) != 1:
        yield targets.WEBHOOK, _(
            'exactly one of %(all)s is needed; given: %(given)s.') % {
                'all': ', '.join(targets.TARGETS),
                'given': ' and '.join(names) or _('none')}
        return
    [name] = names
    for foreign in targets.TARGETS[name].foreign:
        if _is_given(given.get(foreign)):
            yield foreign, _('does not apply to the target %s.') % name
    if known.is_known(given[name]):
        for reason in targets.TARGETS[name].problems(props[name], queue_name,
                                                     plugin):
            yield name, reason
    for key, check in _CHECKS.items():
        reason = known.is_known(given.get(key)) and check(props[key])
        if reason:
            yield key, reason


def wanted(props, queue_name, plugin):
    """The subscription that properties ask for.

    :param plugin: the client plugin, which knows the endpoints.
    :rtype: heat_plugins.zaqar.subscriptions.Wanted
    """
    uri, options = targets.TARGETS[_name(props)].translate(
        props, queue_name, plugin)
    retry = delivery_retry.stored(props[targets.RETRY])
    if retry:
        options['_retry_policy'] = retry
    return subscriptions.Wanted(
        uri, subscriptions.FOR_EVER if props[TTL] is None else props[TTL],
        options)


def _name(props):
    # Heat makes an empty text of a null.
    return next((name for name in targets.TARGETS if props[name]), None)


def _given_targets(given):
    return [name for name in targets.TARGETS if _is_given(given.get(name))]


def _is_given(value):
    # Heat makes an empty map of a map that is not given.
    return value is not None and value != {}


def _headers_problem(headers):
    for key, value in (headers or {}).items():
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", key):
            return _('"%s" is not a valid name of an HTTP header.') % key
        if not (isinstance(value, str | int | float) and
                re.fullmatch(r'[\x20-\x7e\t]*', str(value))):
            return _('the value of "%s" must be one line of ASCII text.') % key
    return None


_CHECKS = {
    targets.BODY: json_body.problem,
    targets.WORKFLOW: json_body.problem,
    targets.HEADERS: _headers_problem,
    targets.RETRY: delivery_retry.problem,
}
