# SPDX-License-Identifier: Apache-2.0
"""Zaqar::Messaging::Flavor."""
from heat.common.i18n import _
from heat.engine import attributes
from heat.engine import constraints
from heat.engine import properties
from heat.engine import resource

from heat_plugins.resources import registered
from heat_plugins.zaqar import flavors


class Flavor(registered.Registered, resource.Resource):
    """A group of pools with a name that queues can ask for.

    For administrators of a Zaqar with pooling and admin_mode. Queues ask for
    it by the property flavor of Zaqar::Messaging::Queue; with Zaqar's SQL and
    MongoDB drivers, only queues in the stack's own project can. A queue whose
    flavor is deleted keeps its messages, but its metadata can no longer be
    changed. Reference id: the flavor's name.
    """

    PROPERTIES = (
        NAME, POOLS,
    ) = (
        'name', 'pools',
    )

    ATTRIBUTES = (
        NAME_ATTR, HREF, POOLS_ATTR, CAPABILITIES,
    ) = (
        'name', 'href', 'pools', 'capabilities',
    )

    properties_schema = {
        NAME: registered.name(
            _('The name of the flavor. By default it is made from the names '
              'of the stack and the resource. An update that changes it must '
              'change the pools too, because both flavors exist for a '
              'while.')),
        POOLS: properties.Schema(
            properties.Schema.LIST,
            _('The names of its pools, at least one. A pool belongs to at '
              'most one flavor. Queues stay in a pool that is taken out.'),
            required=True, update_allowed=True,
            constraints=[constraints.Length(1)],
            schema=properties.Schema(
                properties.Schema.STRING, _('The name of a pool.'),
                constraints=[constraints.Length(1)])),
    }

    attributes_schema = {
        **registered.name_and_href('flavor'),
        POOLS_ATTR: attributes.Schema(
            _('The names of its current pools.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.LIST),
        CAPABILITIES: attributes.Schema(
            _("What its pools can do, in Zaqar's terms such as FIFO and "
              'DURABILITY.'),
            cache_mode=attributes.Schema.CACHE_NONE,
            type=attributes.Schema.LIST),
    }

    attribute_methods = {
        NAME_ATTR: 'get_reference_id',
        HREF: 'href',
        POOLS_ATTR: '_pools',
        CAPABILITIES: '_capabilities',
    }

    def _show_resource(self):
        return {'name': self.resource_id, 'href': self.href(),
                **self.registry().get(self.resource_id)}

    def parse_live_resource_data(self, resource_properties, resource_data):
        given, live = resource_properties[self.POOLS], resource_data['pools']
        # Zaqar keeps no order.
        return {self.POOLS: given if set(given) == set(live) else live}

    def registry(self):
        return flavors.Flavors(self.client())

    def wanted(self):
        return self.properties[self.POOLS]

    def _pools(self):
        return self.registry().get(self.resource_id)['pools']

    def _capabilities(self):
        return self.registry().get(self.resource_id)['capabilities']
