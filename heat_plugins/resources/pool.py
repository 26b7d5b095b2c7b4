# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Messaging::Pool."""
import dataclasses

from heat.common.i18n import _
from heat.engine import attributes
from heat.engine import constraints
from heat.engine import properties
from heat.engine import resource

from heat_plugins import schema
from heat_plugins.checks import json_value
from heat_plugins.resources import registered
from heat_plugins.zaqar import pools


class Pool(registered.Registered, resource.Resource):
    """A database that Zaqar stores messages in.

    For administrators of a Zaqar with pooling and admin_mode. Each new queue
    is put into one pool, chosen by weight: one of its flavor's pools, or any
    pool if it has no flavor. It stays there: when a pool is deleted, its
    messages can no longer be seen. The only pool of a flavor cannot be
    deleted. Reference id: the pool's name.
    """

    PROPERTIES = (
        NAME, URI, WEIGHT, OPTIONS, FLAVOR,
    ) = (
        'name', 'uri', 'weight', 'options', 'flavor',
    )

    ATTRIBUTES = (
        NAME_ATTR, HREF, FLAVOR_ATTR,
    ) = (
        'name', 'href', 'flavor',
    )

    properties_schema = {
        NAME: registered.name(
            _('The name of the pool. By default it is made from the names of '
              'the stack and the resource. An update that changes it must '
              'change the uri too, because both pools exist for a while.')),
        URI: properties.Schema(
            properties.Schema.STRING,
            _('Where the database is, such as redis://HOST:PORT?dbid=2. No '
              'other pool may have it. A password in it is hidden in '
              'attributes and errors, but not in the properties that Heat '
              'shows in events. A change moves no messages, and takes effect '
              'when Zaqar is restarted.'),
            required=True, update_allowed=True,
            constraints=[constraints.Length(*pools.URI_LENGTH)]),
        WEIGHT: schema.integer(
            _('The share of new queues that this pool gets, in proportion to '
              'the weights of all pools; with 0 it gets none.'),
            *pools.WEIGHT, default=100, update_allowed=True),
        OPTIONS: properties.Schema(
            properties.Schema.MAP,
            _("Settings of the database's driver, named as in zaqar.conf."),
            default={}, update_allowed=True),
        FLAVOR: properties.Schema(
            properties.Schema.STRING,
            _('The flavor that the pool is added to, if no '
              'Zaqar::Messaging::Flavor says which pools it has.'),
            update_allowed=True,
            constraints=[constraints.CustomConstraint('zaqar.flavor')]),
    }

    attributes_schema = {
        **registered.name_and_href('pool'),
        FLAVOR_ATTR: attributes.Schema(
            _('The name of the flavor it belongs to; empty if none.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.STRING),
    }

    attribute_methods = {
        NAME_ATTR: 'get_reference_id',
        HREF: 'href',
        FLAVOR_ATTR: '_flavor',
    }

    def problems(self, props):
        problem = json_value.problem(props[self.OPTIONS])
        if problem:
            yield self.OPTIONS, problem

    def handle_update(self, json_snippet, tmpl_diff, prop_diff):
        before = self.properties[self.FLAVOR]
        super().handle_update(json_snippet, tmpl_diff, prop_diff)
        if before and not self.properties[self.FLAVOR]:
            self.ensure(dataclasses.replace(self.wanted(), flavor=''))

    def _show_resource(self):
        shown = dataclasses.asdict(self._pool())
        shown[self.URI] = pools.redacted(shown[self.URI])
        return {'name': self.resource_id, 'href': self.href(), **shown}

    def parse_live_resource_data(self, resource_properties, resource_data):
        # what is shown lacks the password
        live = dataclasses.asdict(self._pool())
        if not resource_properties[self.FLAVOR]:
            del live[self.FLAVOR]
        return live

    def registry(self):
        return pools.Pools(self.client())

    def wanted(self):
        return pools.Pool(self.properties[self.URI],
                          self.properties[self.WEIGHT],
                          self.properties[self.OPTIONS],
                          self.properties[self.FLAVOR])

    def _pool(self):
        return self.registry().get(self.resource_id)

    def _flavor(self):
        return self._pool().flavor
