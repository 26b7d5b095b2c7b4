# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Messaging::Queue."""
from heat.common import exception
from heat.common.i18n import _
from heat.engine import attributes
from heat.engine import constraints
from heat.engine import properties
from heat.engine import resource
from oslo_log import log as logging

from heat_plugins import schema
from heat_plugins.checks import metadata as metadata_checks
from heat_plugins.checks import retries
from heat_plugins.engine import known
from heat_plugins.resources import base
from heat_plugins.resources import delivery_retry
from heat_plugins.zaqar import errors
from heat_plugins.zaqar import limits
from heat_plugins.zaqar import ownership
from heat_plugins.zaqar import queue as queues
from heat_plugins.zaqar import reuse

LOG = logging.getLogger(__name__)


class Queue(base.ZaqarResource, resource.Resource):
    """A queue of messages in Zaqar.

    A create that is repeated after a failure uses what the first try made.
    With a ``name``, there may already be such a queue; ``if_exists`` says
    what happens then. Deleting the resource deletes the queue with its
    messages and subscriptions, unless it was only reused. Reference id: the
    queue's name.
    """

    PROPERTIES = (
        NAME, MESSAGE_TTL, MESSAGE_DELAY, MAX_MESSAGE_SIZE, DEAD_LETTER,
        DELIVERY_RETRY, FLAVOR, METADATA, IF_EXISTS,
    ) = (
        'name', 'message_ttl', 'message_delay', 'max_message_size',
        'dead_letter', 'delivery_retry', 'flavor', 'metadata', 'if_exists',
    )

    DEAD_LETTER_KEYS = (
        DEAD_LETTER_QUEUE, MAX_CLAIMS, DEAD_LETTER_TTL,
    ) = (
        'queue', 'max_claims', 'ttl',
    )

    IF_EXISTS_VALUES = (REUSE, OWN, FAIL) = ('reuse', 'own', 'fail')

    ATTRIBUTES = (
        NAME_ATTR, HREF, STATS, METADATA_ATTR,
    ) = (
        'name', 'href', 'stats', 'metadata',
    )

    is_queue = True
    physical_resource_name_limit = limits.QUEUE_NAME_LENGTH

    properties_schema = {
        NAME: schema.queue_name(
            schema.OWNS,
            _('The name of the queue. By default it is made from the names of '
              'the stack and the resource.')),
        MESSAGE_TTL: schema.message_ttl(
            _('Seconds that messages posted without a ttl live. Default of '
              'the server: 3600.'),
            update_allowed=True),
        MESSAGE_DELAY: schema.integer(
            _('Seconds before messages posted without a delay can be seen. '
              'With 0, the server ignores any delay that a sender asks for.'),
            *limits.MESSAGE_DELAY, update_allowed=True),
        MAX_MESSAGE_SIZE: schema.integer(
            _('The largest size of one post in bytes, all its messages '
              'together.'),
            *limits.POST_SIZE, update_allowed=True),
        DEAD_LETTER: properties.Schema(
            properties.Schema.MAP,
            _('Where messages go that were claimed several times but never '
              'deleted.'),
            update_allowed=True,
            schema={
                DEAD_LETTER_QUEUE: schema.queue_name(
                    schema.POSTS_TO,
                    _('The name of the queue they are moved to. With the '
                      'Redis driver both queues must be in one pool.'),
                    required=True),
                MAX_CLAIMS: schema.integer(
                    _('How many times a message may be claimed; the next '
                      'claim moves it.'), 1, required=True),
                DEAD_LETTER_TTL: schema.message_ttl(
                    _('Seconds that messages live after they were moved. By '
                      'default they keep what is left of their own ttl.')),
            }),
        DELIVERY_RETRY: schema.delivery_retry(),
        FLAVOR: properties.Schema(
            properties.Schema.STRING,
            _('The flavor of the pool that stores the messages.'),
            constraints=[constraints.Length(1, 64),
                         constraints.CustomConstraint('zaqar.flavor')]),
        METADATA: properties.Schema(
            properties.Schema.MAP,
            _('Your own metadata. No key may begin with "_".'),
            update_allowed=True),
        IF_EXISTS: properties.Schema(
            properties.Schema.STRING,
            _('What to do when there is already a queue of this name that '
              'this resource did not create. "reuse" uses the queue and never '
              'deletes it. If no other resource owns the queue, the '
              'properties given here are set on it, and reset to what they '
              'were when this resource is deleted; the properties of a queue '
              'that another resource owns must be the same there, or be left '
              'out here. "own" takes over a queue that no resource owns, such '
              'as one that Zaqar created for a message sent before the stack '
              'was, and deletes it with this resource. "fail" fails.'),
            default=REUSE, update_allowed=True,
            constraints=[constraints.AllowedValues(IF_EXISTS_VALUES)]),
    }

    attributes_schema = {
        NAME_ATTR: attributes.Schema(
            _('The name of the queue.'), type=attributes.Schema.STRING),
        HREF: attributes.Schema(
            _('The URL of the queue.'), type=attributes.Schema.STRING),
        STATS: attributes.Schema(
            _('How many messages it holds: a map of "free", "claimed" and '
              '"total".'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.MAP),
        METADATA_ATTR: attributes.Schema(
            _("The metadata as it is now, without Zaqar's own keys."),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.MAP),
    }

    attribute_methods = {
        NAME_ATTR: 'get_reference_id',
        HREF: '_href',
        STATS: '_stats',
        METADATA_ATTR: '_own_metadata',
    }

    # Property → key of Zaqar's metadata, for those that are stored as given.
    _STORED_AS_GIVEN = {
        MESSAGE_TTL: '_default_message_ttl',
        MESSAGE_DELAY: '_default_message_delay',
        MAX_MESSAGE_SIZE: '_max_messages_post_size',
        FLAVOR: '_flavor',
    }
    _STORED_DEAD_LETTER = {
        DEAD_LETTER_QUEUE: '_dead_letter_queue',
        MAX_CLAIMS: '_max_claim_count',
        DEAD_LETTER_TTL: '_dead_letter_queue_messages_ttl',
    }
    _RETRY_POLICY = '_retry_policy'

    def problems(self, props):
        problem = metadata_checks.problem(props[self.METADATA] or {})
        if problem:
            yield self.METADATA, problem
        retry = known.known(props.data.get(self.DELIVERY_RETRY))
        problem = known.is_known(retry) and retries.problem(
            props[self.DELIVERY_RETRY])
        if problem:
            yield self.DELIVERY_RETRY, problem

    def physical_resource_name(self):
        return self.wanted_name(self.NAME) or self.made_queue_name()

    def handle_create(self):
        # The name is the id. It is written before the queue is made, so
        # that an engine killed in between leaves nothing behind.
        self.resource_id_set(self.physical_resource_name())
        wanted = self._metadata(self.properties)
        if not ownership.claim(self._queue(), self._stamp(), wanted,
                               self._takes_unowned(self.properties)):
            self._reuse(self.properties)

    def needs_replace_failed(self):
        """A queue is mended in place: it may hold messages."""
        return self.resource_id is None

    def handle_update(self, json_snippet, tmpl_diff, prop_diff):
        before = self._metadata(self.properties)
        after = json_snippet.properties(self.properties_schema, self.context)
        try:
            if ownership.owns(self._queue(), self._stamp(),
                              self._takes_unowned(after)):
                self._queue().update({
                    **dict.fromkeys(before), **self._metadata(after),
                    **self._stamp().as_metadata(), reuse.KEY: None})
            else:
                self._reuse(after)
        except errors.NotFound as error:
            # deleted by hand: a replacement makes it anew
            raise resource.UpdateReplace(self.name) from error

    def restore_prev_rsrc(self, convergence=False):
        """After a rollback the queue is this resource's again."""
        if ownership.owns(self._queue(), self._stamp()):
            ownership.take_over(self._queue(), self._stamp())
        else:
            self._reuse(self.properties)

    def handle_check(self):
        self.check_queue(self.resource_id)

    def handle_delete(self):
        if self.resource_id is None:
            return
        if not ownership.release(self._queue(), self._stamp(),
                                 self._takes_unowned(self.properties)):
            LOG.info('Queue %s is left in place: %s does not own it',
                     self.resource_id, self)
            with self.client_plugin().ignore_not_found:
                reuse.give_back(self._queue(), self._stamp())

    def get_reference_id(self):
        return self.resource_id or super().get_reference_id()

    def _show_resource(self):
        return {'name': self.resource_id,
                'href': self._queue().href,
                'metadata': self._queue().metadata(),
                'stats': self._queue().stats}

    def parse_live_resource_data(self, resource_properties, resource_data):
        live = self._properties(resource_data['metadata'])
        for key, stored in self._STORED_AS_GIVEN.items():
            # the server answers its default for what was never set
            if live[key] is None and (resource_properties[key] ==
                                      queues.INJECTED.get(stored)):
                live[key] = resource_properties[key]
        if resource_properties[self.DEAD_LETTER]:
            # None would not do for a map with required keys
            live.setdefault(self.DEAD_LETTER,
                            dict.fromkeys(self.DEAD_LETTER_KEYS))
        return {key: live.get(key) for key in self._update_allowed_properties
                if key != self.IF_EXISTS}

    def _takes_unowned(self, props):
        """Whether a queue of this name that nobody owns is taken."""
        # nobody else would use a name that was made for this resource
        return props[self.NAME] is None or props[self.IF_EXISTS] == self.OWN

    def _reuse(self, props):
        """Use a queue that is not ours, as far as that is allowed."""
        if props[self.IF_EXISTS] != self.REUSE:
            raise exception.Error(_(
                'Property if_exists of %(resource)s is "%(given)s", but there '
                'is already a queue "%(name)s", which belongs to %(owner)s. '
                'Choose another name, delete that queue, or allow "reuse".') %
                {'resource': self.name, 'name': self.resource_id,
                 'given': props[self.IF_EXISTS],
                 'owner': self._owner(ownership.Stamp.of(
                     self._queue().metadata()))})
        try:
            reuse.use(self._queue(), self._stamp(), self._metadata(props))
        except reuse.Held as error:
            raise exception.Error(_(
                'Property %(properties)s of %(resource)s: the queue '
                '"%(name)s" has other values, and belongs to %(owner)s. Leave '
                'these properties out here, change them there, or choose '
                'another name.') %
                {'properties': ', '.join(sorted(
                    {self._property_of(key) for key in error.keys})),
                 'resource': self.name, 'name': self.resource_id,
                 'owner': self._owner(error.stamp)}) from error

    @staticmethod
    def _owner(stamp):
        if stamp is None:
            return _('no stack')
        return _('the resource "%(resource)s" of the stack %(stack)s') % {
            'resource': stamp.resource, 'stack': stamp.stack_id}

    def _property_of(self, key):
        """The property that a key of Zaqar's metadata comes from."""
        if key in self._STORED_DEAD_LETTER.values():
            return self.DEAD_LETTER
        if key == self._RETRY_POLICY:
            return self.DELIVERY_RETRY
        return next((name for name, stored in self._STORED_AS_GIVEN.items()
                     if stored == key), self.METADATA)

    def _metadata(self, props):
        """Properties as Zaqar's metadata."""
        metadata = dict(props[self.METADATA] or {})
        for key, stored in self._STORED_AS_GIVEN.items():
            metadata[stored] = props[key]
        for key, stored in self._STORED_DEAD_LETTER.items():
            metadata[stored] = (props[self.DEAD_LETTER] or {}).get(key)
        metadata[self._RETRY_POLICY] = delivery_retry.stored(
            props[self.DELIVERY_RETRY])
        return {key: value for key, value in metadata.items()
                if value is not None}

    def _properties(self, metadata):
        """Zaqar's metadata as properties: the way back."""
        props = {key: metadata.get(stored)
                 for key, stored in self._STORED_AS_GIVEN.items()}
        dead_letter = {key: metadata.get(stored) for key, stored
                       in self._STORED_DEAD_LETTER.items()}
        if any(dead_letter.values()):
            props[self.DEAD_LETTER] = dead_letter
        if self._RETRY_POLICY in metadata:
            props[self.DELIVERY_RETRY] = delivery_retry.given(
                metadata[self._RETRY_POLICY])
        own = self._own(metadata)
        if own:
            props[self.METADATA] = own
        return props

    @staticmethod
    def _own(metadata):
        return {key: value for key, value in metadata.items()
                if not key.startswith('_')}

    def _queue(self):
        return self.client().queue(self.resource_id)

    def _stamp(self):
        return ownership.Stamp(self.stack.id, self.name, self.uuid)

    def _href(self):
        return self._queue().href

    def _stats(self):
        return self._queue().stats

    def _own_metadata(self):
        return self._own(self._queue().metadata())
