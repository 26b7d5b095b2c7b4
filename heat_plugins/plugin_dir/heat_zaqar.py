# SPDX-License-Identifier: Apache-2.0
"""The one module Heat scans for the resource types of heat_plugins.

Heat loads it by its path, perhaps from several folders and several times.
The classes are imported by their absolute names, so that there is only one
of each however often that happens.
"""
from oslo_log import log as logging

LOG = logging.getLogger(__name__)


def available_resource_mapping():
    """Heat's hook: type name to class; empty when something is missing."""
    try:
        from heat_plugins import releases
        from heat_plugins import resources
        from heat_plugins.engine import parking
        from heat_plugins.engine import parsing
        releases.check_heat()
        parsing.install()
        parking.arrange(releases.has_known_interior())
        return resources.mapping()
    # A plugin that does not load must not keep heat-engine from starting.
    except Exception as error:
        LOG.error('The Zaqar::* resource types are not available: %s: %s. Is '
                  'heat-zaqar-plugins installed with all its dependencies for '
                  'the Python that runs heat-engine?',
                  type(error).__name__, error)
        return {}
