# SPDX-License-Identifier: Apache-2.0
"""Tells heat-dashboard which icon each of our types has."""
from django import apps

#: Part of the name of a type → what heat-dashboard calls an icon that it has.
ICONS = {
    'Zaqar::Workflow::WaitCondition': 'WAIT',
    'Zaqar::Workflow::CustomResource': 'CONFIG',
    'Zaqar::Messaging::Queue': 'VOLUME',
    'Zaqar::Messaging::Topic': 'VOLUME',
    'Zaqar::Messaging::Message': 'PORT',
    'Zaqar::Messaging::Subscription': 'ROUTER',
    'Zaqar::Messaging::Pipe': 'ROUTER',
    'Zaqar::Messaging::SignedURL': 'KEYPAIR',
    'Zaqar::Messaging::Pool': 'DB',
    'Zaqar::Messaging::Flavor': 'FLAVOR',
}


class Dashboard(apps.AppConfig):
    """Its entries come first: else a Pool would be a load balancer's."""

    name = 'heat_plugins.dashboard'
    label = 'heat_zaqar_dashboard'

    def ready(self):
        from heat_dashboard.content.stacks import mappings
        others = dict(mappings.resource_types)
        mappings.resource_types.clear()
        mappings.resource_types.update(ICONS)
        mappings.resource_types.update(others)
