# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Messaging::Subscription."""
import contextlib
import time

from heat.common import exception
from heat.common.i18n import _
from heat.engine import attributes
from heat.engine import resource

from heat_plugins import schema
from heat_plugins.checks import targets as checks
from heat_plugins.engine import known
from heat_plugins.resources import base
from heat_plugins.resources import forwarding
from heat_plugins.resources import subscriber
from heat_plugins.resources import trusts
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import ownership
from heat_plugins.zaqar import subscriptions
from heat_plugins.zaqar import uris


class Subscription(base.ZaqarResource, resource.Resource):
    """Forwards each message of a queue as soon as it is posted.

    Needs a queue and exactly one target: webhook, signal, forward_to, email,
    workflow or subscriber. Zaqar notifies the subscriber before it stores the
    message, and tries again only if there is no answer: a notification is
    lost when the subscriber answers with an error, or when Zaqar is
    restarted. Read what must not be lost from the queue, where every message
    stays until its ttl is over. Zaqar has no filter: every message is sent.
    Reference id: the subscription's id.
    """

    PROPERTIES = (
        QUEUE, WAIT_FOR_CONFIRMATION, *SUBSCRIBER_PROPERTIES,
    ) = (
        'queue', 'wait_for_confirmation', *subscriber.PROPERTIES,
    )

    ATTRIBUTES = (ID, SUBSCRIBER_ATTR, CONFIRMED) = (
        'id', 'subscriber', 'confirmed')

    properties_schema = {
        QUEUE: schema.queue_name(
            schema.READS,
            _('The name of the queue whose messages are sent on.'),
            required=True),
        WAIT_FOR_CONFIRMATION: schema.integer(
            _('Seconds to wait until the subscriber has confirmed; 0 means '
              'not to wait. Only for clouds whose Zaqar asks for this '
              '([notification] require_confirmation); elsewhere nobody is '
              'asked.'), 0, default=0, update_allowed=True),
        **subscriber.schemata(),
    }

    attributes_schema = {
        ID: attributes.Schema(
            _('The id of the subscription.'), type=attributes.Schema.STRING),
        SUBSCRIBER_ATTR: attributes.Schema(
            _('The URI that messages are sent to.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.STRING),
        CONFIRMED: attributes.Schema(
            _('Whether the subscriber has confirmed. Without '
              'require_confirmation it need not.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.BOOLEAN),
    }

    attribute_methods = {
        ID: 'get_reference_id',
        SUBSCRIBER_ATTR: '_subscriber',
        CONFIRMED: '_confirmed',
    }

    # Key of the resource's data.
    _TRUST_ID = 'trust_id'

    def problems(self, props):
        return subscriber.problems(
            props, self.client_plugin(), props[self.QUEUE],
            known.known(props.data))

    def validate(self):
        super().validate()
        forwarding.refuse_circles(self)

    def forwards(self):
        given = known.known(self.properties.data)
        if checks.FORWARD_TO in given:
            yield (checks.FORWARD_TO, given.get(self.QUEUE),
                   given[checks.FORWARD_TO])

    def handle_create(self):
        self.queue_metadata(self.properties[self.QUEUE])
        wanted = self._wanted()
        with trusts.noted(self, self._stamp(), self._subscriptions(),
                          [wanted]):
            made = self._subscriptions().ensure(wanted, self._stamp())
            self.resource_id_set(made.id)
            if made.trust_id:
                self.data_set(self._TRUST_ID, made.trust_id)
        return self._deadline()

    def check_create_complete(self, deadline):
        return self._is_confirmed(deadline)

    def needs_replace_failed(self):
        """One of ours is mended in place."""
        if self.resource_id is None:
            return True
        try:
            return not self._stamp().is_same_resource(self._shown().stamp)
        except errors.NotFound:
            return True

    def needs_replace_with_prop_diff(self, changed_properties_set,
                                     after_props, before_props):
        """A trust is made at creation, or never."""
        # what is not as it should be, when Heat has looked, is empty
        before = subscriber.is_trusted(before_props)
        return before not in (None, subscriber.is_trusted(after_props))

    def handle_update(self, json_snippet, tmpl_diff, prop_diff):
        self.properties = json_snippet.properties(self.properties_schema,
                                                  self.context)
        try:
            self._restore()
        except errors.NotFound as error:
            # deleted by hand, or its ttl is over
            raise resource.UpdateReplace(self.name) from error
        deadline = self._deadline()
        if deadline and not self._confirmed():
            self._subscriptions().ask_again(self._shown())
        return deadline

    def check_update_complete(self, deadline):
        return self._is_confirmed(deadline)

    def restore_prev_rsrc(self, convergence=False):
        """After a rollback the subscription is this resource's again."""
        with contextlib.suppress(errors.NotFound):
            self._restore()

    def handle_check(self):
        try:
            self._shown()
        except errors.NotFound as error:
            raise exception.Error(_(
                'The subscription %(id)s of the queue "%(queue)s" is gone.') %
                {'id': self.resource_id,
                 'queue': self.properties[self.QUEUE]}) from error

    def handle_delete(self):
        if self.resource_id is None:
            self._delete_unnoted()
        elif self._cannot_be_anothers():
            self._subscriptions().delete(self.resource_id)
            trusts.delete(self, self._trust_id())
        elif self._subscriptions().release(self.resource_id, self._stamp()):
            trusts.delete(self, self._trust_id())
        trusts.delete_lost(self, self._stamp(), self._subscriptions())

    def get_reference_id(self):
        return self.resource_id or super().get_reference_id()

    def _show_resource(self):
        shown = self._shown()
        # not its options, which may hold secrets
        return {'id': shown.id, 'subscriber': uris.redacted(shown.subscriber),
                'ttl': shown.ttl, 'confirmed': shown.confirmed}

    def parse_live_resource_data(self, resource_properties, resource_data):
        live = self._shown()
        if live.wanted == self._wanted(resource_properties):
            return {}
        # Which property it was cannot be told: all are set again.
        return dict.fromkeys(subscriber.PROPERTIES)

    def _restore(self):
        self.queue_metadata(self.properties[self.QUEUE])
        self._subscriptions().update(self.resource_id, self._wanted(),
                                     self._stamp(), self._trust_id())

    def _delete_unnoted(self):
        """Delete what an engine made that died before it wrote down the id."""
        for each in list(self._subscriptions()):
            if each.stamp == self._stamp():
                trusts.delete(self, each.trust_id)
                self._subscriptions().delete(each.id)

    def _cannot_be_anothers(self):
        """Whether no replacement can have taken it over."""
        return (self.stack.convergence and self.replaced_by is None and
                self.replaces is None)

    def _deadline(self):
        """When to give up waiting for the subscriber; None for no wait."""
        seconds = self.properties[self.WAIT_FOR_CONFIRMATION]
        return time.monotonic() + seconds if seconds else None

    def _is_confirmed(self, deadline):
        if deadline is None:
            return True
        shown = self._shown()
        if not shown.confirmed and time.monotonic() > deadline:
            raise exception.Error(_(
                'Property wait_for_confirmation of %(name)s: %(subscriber)s '
                'did not confirm within %(seconds)d seconds. Zaqar asks a '
                'subscriber to confirm, by a message with the key '
                '"WSGISubscribeURL", only if its operator has set '
                '[notification] require_confirmation; otherwise set this '
                'property to 0. A stack update asks again.') %
                {'name': self.name,
                 'subscriber': uris.redacted(shown.subscriber),
                 'seconds': self.properties[self.WAIT_FOR_CONFIRMATION]})
        return shown.confirmed

    def _wanted(self, props=None):
        props = self.properties if props is None else props
        return subscriber.wanted(props, props[self.QUEUE],
                                 self.client_plugin())

    def _subscriptions(self):
        return subscriptions.Subscriptions(
            self.client().queue(self.properties[self.QUEUE]))

    def _shown(self):
        return self._subscriptions().get(self.resource_id)

    def _stamp(self):
        return ownership.Stamp(self.stack.id, self.name, self.uuid)

    def _trust_id(self):
        return self.data().get(self._TRUST_ID)

    def _subscriber(self):
        return self._shown().subscriber

    def _confirmed(self):
        return self._shown().confirmed
