# SPDX-License-Identifier: Apache-2.0
"""A subscriber, as Subscription and Topic take it: properties to Zaqar's."""
from heat.common import exception
from heat.common.i18n import _
from heat.engine import properties

from heat_plugins import schema
from heat_plugins.checks import targets as checks
from heat_plugins.engine import known
from heat_plugins.resources import delivery_retry
from heat_plugins.resources import targets
from heat_plugins.zaqar import limits
from heat_plugins.zaqar import subscriptions

TTL = 'ttl'
PROPERTIES = (*targets.TARGETS, TTL, checks.BODY, checks.HEADERS,
              checks.RETRY)


def schemata():
    """The schema of each property; all can be updated in place."""
    Schema = properties.Schema
    return {
        checks.WEBHOOK: Schema(
            Schema.STRING,
            _('An http or https URL that each message is posted to.'),
            update_allowed=True),
        checks.SIGNAL: Schema(
            Schema.STRING,
            _("The URL of Heat's signal API for a resource, such as "
              '{get_attr: [POLICY, signal_url]}. It is called with a token of '
              'the user who created the stack, by means of a trust.'),
            update_allowed=True),
        # A constraint, or a required key, would refuse a null.
        checks.FORWARD_TO: schema.using(schema.POSTS_TO, Schema(
            Schema.STRING,
            _('The name of another queue of the same OpenStack project, to '
              'which each message is posted. Our wait conditions and custom '
              'resources read it there as if it had been posted directly.'),
            update_allowed=True)),
        checks.EMAIL: Schema(
            Schema.ANY,
            _('An address that each message is mailed to, or a map of "to", '
              '"subject" and "from".'),
            update_allowed=True),
        checks.WORKFLOW: Schema(
            Schema.MAP,
            _('A Mistral workflow to start for each message, which it finds '
              'in its environment as env().notification.'),
            update_allowed=True,
            schema={
                checks.ID: Schema(
                    Schema.STRING, _('The id of the workflow, required.')),
                targets.INPUT: Schema(
                    Schema.MAP, _('The input of the workflow.')),
                targets.PARAMS: Schema(
                    Schema.MAP, _('The parameters of the execution.')),
            }),
        checks.SUBSCRIBER: Schema(
            Schema.STRING,
            _('Any other URI that the server has a driver for.'),
            update_allowed=True),
        TTL: schema.integer(
            _('Seconds until the subscription ends. By default it does not '
              'end.'), *limits.SUBSCRIPTION_TTL, update_allowed=True),
        checks.BODY: Schema(
            Schema.ANY,
            _('What is sent instead of the message: any JSON, in which the '
              'string "$zaqar_message$" stands for the message with its '
              '"body", "ttl" and "queue_name". By default a webhook is sent '
              'that alone, and a signal is sent {"status": "SUCCESS", "data": '
              '"$zaqar_message$"}.'),
            update_allowed=True),
        checks.HEADERS: Schema(
            Schema.MAP, _('HTTP headers that are sent along.'),
            update_allowed=True),
        checks.RETRY: schema.delivery_retry(),
    }


def is_known(given):
    """Whether all that makes up the target's URI is known by now.

    :param given: the properties as ``heat_plugins.engine.known`` gives them.
    """
    [name] = checks.given(given)
    return known.is_known(given[name])


def is_trusted(props):
    """Whether Zaqar calls the target with a token, by a trust.

    :returns: None if there is no target.
    """
    name = _name(props)
    return name and (targets.TARGETS[name].is_trusted or
                     name == checks.SUBSCRIBER and
                     props[name].startswith(checks.TRUST))


def problems(props, plugin, queue_name=None, given=None):
    """What is wrong: pairs of a property and the reason.

    :param props: the properties; what is not known yet is empty.
    :param plugin: the client plugin, which knows the endpoints.
    :param queue_name: the queue that is subscribed, if known.
    :param given: the properties as ``heat_plugins.engine.known`` gives them,
        to tell what is not known yet from what is not there.
    """
    given = props if given is None else given
    found = list(checks.problems(props, given, known.is_known, queue_name))
    yield from found
    if not found and _name(props) == checks.WORKFLOW:
        try:
            plugin.workflow_endpoint()
        except exception.Error as error:
            yield checks.WORKFLOW, str(error)


def wanted(props, queue_name, plugin):
    """The subscription that properties ask for.

    :param plugin: the client plugin, which knows the endpoints.
    :rtype: heat_plugins.zaqar.subscriptions.Wanted
    """
    uri, options = targets.TARGETS[_name(props)].translate(
        props, queue_name, plugin)
    retry = delivery_retry.stored(props[checks.RETRY])
    if retry:
        options['_retry_policy'] = retry
    return subscriptions.Wanted(
        uri, subscriptions.FOR_EVER if props[TTL] is None else props[TTL],
        options)


def _name(props):
    # Heat makes an empty text of a null.
    return next((name for name in targets.TARGETS if props[name]), None)
