# SPDX-License-Identifier: Apache-2.0
"""Fragments of property schemas that several resources share.

Each function returns a plain Heat ``properties.Schema``; keyword arguments
it does not name go there as they are.
"""
from heat.common.i18n import _
from heat.engine import constraints
from heat.engine import properties

from heat_plugins.zaqar import limits

Schema = properties.Schema

#: What a resource does with the queue that a property names.
USES = (OWNS, READS, WAITS_ON, TAKES_FROM, POSTS_TO, SIGNS) = (
    'owns', 'reads', 'waits on', 'takes from', 'posts to', 'signs')


def queue_name(use, description, **kwargs):
    """The name of a queue, a plain string so that it works across stacks.

    :param use: one of ``USES``, which is the attribute ``use`` of the schema.
    """
    return using(use, Schema(Schema.STRING, description, constraints=[
        constraints.CustomConstraint('zaqar.queue_name')], **kwargs))


def using(use, made):
    """A schema, which says what is done with the queue of that name."""
    made.use = use
    return made


def message_ttl(description, **kwargs):
    """Seconds that messages live."""
    return integer(description, *limits.MESSAGE_TTL, **kwargs)


def integer(description, low, high=None, **kwargs):
    """A whole number within inclusive limits."""
    return Schema(Schema.INTEGER, description,
                  constraints=[constraints.Range(low, high)], **kwargs)


def seconds(description, **kwargs):
    """A time of one second or more; fractions are fine."""
    return Schema(Schema.NUMBER, description,
                  constraints=[constraints.Range(min=1)], **kwargs)


def event_pattern(description):
    """A pattern on the bodies of messages."""
    return Schema(Schema.MAP, description, update_allowed=True)


def rearm(description):
    """Any value; a changed one does the resource's work again."""
    return Schema(Schema.STRING, description, update_allowed=True)


def delivery_retry():
    """How deliveries to subscribers are tried again: ``_retry_policy``."""
    def number(description):
        return integer(description, 0)

    return Schema(
        Schema.MAP,
        _('How Zaqar tries again to deliver a message to a subscriber that '
          'could not be reached. The phases follow one another: at once, '
          'after minimum_delay, with growing delays, after maximum_delay. Any '
          'answer from the subscriber, even an error, counts as a delivery.'),
        update_allowed=True,
        schema={
            'retries_with_no_delay': number(
                _('Retries at once. Default of the server: 3.')),
            'minimum_delay': number(
                _('Seconds between the first delayed retries. Default of '
                  'the server: 5.')),
            'minimum_delay_retries': number(
                _('Retries with minimum_delay. Default of the server: 3.')),
            'maximum_delay': number(
                _('Seconds between the last retries, at least 10 more than '
                  'minimum_delay. Default of the server: 30.')),
            'maximum_delay_retries': number(
                _('Retries with maximum_delay. Default of the server: 3.')),
            'backoff': Schema(
                Schema.STRING,
                _('How delays grow from the minimum to the maximum.'),
                constraints=[constraints.AllowedValues(
                    ['linear', 'arithmetic', 'geometric', 'exponential'])]),
            'ignore_subscription_override': Schema(
                Schema.BOOLEAN,
                _('Whether this overrides the retry policies of the '
                  'subscriptions themselves.')),
        })


def inherit_status(status, schemas):
    """Give a support status to all schemas that have none of their own.

    :param status: of the type, or the property, that the schemas are part of
    """
    for each in schemas:
        if each.support_status.version is None:
            each.support_status = status
        inherit_status(each.support_status, (each.schema or {}).values())
