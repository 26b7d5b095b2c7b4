# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Messaging::Topic."""
import itertools
import json

from heat.common import exception
from heat.common.i18n import _
from heat.engine import attributes
from heat.engine import constraints
from heat.engine import properties

from heat_plugins.checks import targets as checks
from heat_plugins.engine import known
from heat_plugins.resources import forwarding
from heat_plugins.resources import queue
from heat_plugins.resources import subscriber
from heat_plugins.resources import trusts
from heat_plugins.zaqar import subscriptions
from heat_plugins.zaqar import uris

#: MySQL has 65535 bytes for the ids of their subscriptions and trusts.
MOST_SUBSCRIBERS = 800


class Topic(queue.Queue):
    """A queue, together with the subscribers that are sent its messages.

    Queue and subscribers work as Zaqar::Messaging::Queue and
    Zaqar::Messaging::Subscription describe. A subscriber is identified by its
    URI: an update adds, changes and ends only those that differ, and leaves
    alone those that were subscribed elsewhere. Each message also stays in the
    queue until its ttl is over. Reference id: the queue's name.
    """

    PROPERTIES = (
        *queue.Queue.PROPERTIES, SUBSCRIBERS,
    ) = (
        *queue.Queue.PROPERTIES, 'subscribers',
    )

    ATTRIBUTES = (
        *queue.Queue.ATTRIBUTES, SUBSCRIPTION_IDS,
    ) = (
        *queue.Queue.ATTRIBUTES, 'subscription_ids',
    )

    properties_schema = {
        **queue.Queue.properties_schema,
        SUBSCRIBERS: properties.Schema(
            properties.Schema.LIST,
            _('Who is sent each message: a list of maps, each with exactly '
              'one target.'),
            default=[], update_allowed=True,
            constraints=[constraints.Length(max=MOST_SUBSCRIBERS)],
            schema=properties.Schema(
                properties.Schema.MAP,
                _('A subscriber.'), schema=subscriber.schemata())),
    }

    attributes_schema = {
        **queue.Queue.attributes_schema,
        SUBSCRIPTION_IDS: attributes.Schema(
            _('The ids of the subscriptions, in the order of "subscribers".'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.LIST),
    }

    attribute_methods = {
        **queue.Queue.attribute_methods,
        SUBSCRIPTION_IDS: '_subscription_ids',
    }

    # Key of the resource's data: JSON of subscription id → trust id or null.
    _SUBSCRIPTIONS = 'subscriptions'

    def problems(self, props):
        yield from super().problems(props)
        given = known.known(props.data.get(self.SUBSCRIBERS))
        if not isinstance(given, known.Unknown):
            yield from self._subscribers_problems(
                props[self.SUBSCRIBERS],
                given if isinstance(given, list) else itertools.repeat(None))

    def validate(self):
        super().validate()
        forwarding.refuse_circles(self)

    def forwards(self):
        given = known.known(self.properties.data.get(self.SUBSCRIBERS))
        for index, one in enumerate(given if isinstance(given, list) else ()):
            if isinstance(one, dict) and checks.FORWARD_TO in one:
                yield ('%s.%d.%s' % (self.SUBSCRIBERS, index,
                                     checks.FORWARD_TO),
                       known.Unknown(frozenset([self.name])),
                       one[checks.FORWARD_TO])

    def handle_create(self):
        super().handle_create()
        self._converge()

    def handle_update(self, json_snippet, tmpl_diff, prop_diff):
        after = json_snippet.properties(self.properties_schema, self.context)
        super().handle_update(json_snippet, tmpl_diff, prop_diff)
        self.properties = after
        self._converge()

    def restore_prev_rsrc(self, convergence=False):
        """After a rollback queue and subscriptions are this resource's."""
        super().restore_prev_rsrc(convergence)
        self._converge()

    def handle_check(self):
        super().handle_check()
        gone = set(self._trusts()) - {each.id for each in self._there()}
        if gone:
            raise exception.Error(_(
                'The queue "%(queue)s" has lost the subscriptions %(ids)s.') %
                {'queue': self.resource_id, 'ids': ', '.join(sorted(gone))})

    def handle_delete(self):
        if self.resource_id is None:
            return
        trusts.delete_lost(self, self._stamp(), self._there())
        left = self._trusts()
        for each in list(self._there()):
            trust_id = left.pop(each.id, None)
            # a stamp is lost when somebody replaces the options; with
            # another one it is a replacement's by now, or somebody else's
            if each.stamp == self._stamp() or (each.stamp is None and
                                               each.id in self._trusts()):
                trusts.delete(self, each.trust_id or trust_id)
                self._there().delete(each.id)
        for trust_id in left.values():
            trusts.delete(self, trust_id)
        super().handle_delete()

    def _show_resource(self):
        return {**super()._show_resource(), 'subscribers': [
            uris.redacted(each) for each in self._as_wanted(self.properties)]}

    def parse_live_resource_data(self, resource_properties, resource_data):
        live = super().parse_live_resource_data(resource_properties,
                                                resource_data)
        wanted = {each.subscriber
                  for each in self._wanted(resource_properties)}
        # Which property it was cannot be told: all are set again.
        live[self.SUBSCRIBERS] = (
            resource_properties[self.SUBSCRIBERS]
            if wanted == set(self._as_wanted(resource_properties)) else [])
        return live

    def _subscribers_problems(self, subscribers, given):
        """What is wrong with each, and two that are the same."""
        seen = {}
        for index, (props, one) in enumerate(zip(
                subscribers, given, strict=False)):
            if isinstance(one, known.Unknown):
                continue
            path = '%s.%d' % (self.SUBSCRIBERS, index)
            one = one if isinstance(one, dict) else props
            wrong = [('%s.%s' % (path, key), reason) for key, reason
                     in subscriber.problems(props, self.client_plugin(),
                                            self.physical_resource_name(),
                                            one)]
            yield from wrong
            if wrong or not subscriber.is_known(one):
                continue
            uri = self._wanted_one(props).subscriber
            if uri in seen:
                yield path, _(
                    '%(uri)s is already the URI of %(other)s. Zaqar keeps one '
                    'subscription for each URI.') % {
                        'uri': uris.redacted(uri), 'other': seen[uri]}
            seen.setdefault(uri, path)

    def _converge(self):
        """Make the subscriptions as wanted, and end trusts without one."""
        before = self._trusts()
        wanted = self._wanted(self.properties)
        with trusts.noted(self, self._stamp(), self._there(), wanted):
            made = self._there().converge(wanted, self._stamp(), before)
        kept = {each.id: each.trust_id or before.get(each.id)
                for each in made}
        for subscription_id in before.keys() - kept.keys():
            trusts.delete(self, before[subscription_id])
        self.data_set(self._SUBSCRIPTIONS, json.dumps(kept))

    def _wanted(self, props):
        return [self._wanted_one(each) for each in props[self.SUBSCRIBERS]]

    def _wanted_one(self, props):
        return subscriber.wanted(props, self.physical_resource_name(),
                                 self.client_plugin())

    def _as_wanted(self, props):
        """The URIs of those that are as these properties say."""
        wanted = self._wanted(props)
        return [each.subscriber for each in self._there()
                if each.wanted in wanted and
                self._stamp().is_same_resource(each.stamp)]

    def _there(self):
        return subscriptions.Subscriptions(self._queue())

    def _trusts(self):
        return json.loads(self.data().get(self._SUBSCRIPTIONS, '{}'))

    def _subscription_ids(self):
        return list(self._trusts())
