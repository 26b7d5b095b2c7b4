# SPDX-License-Identifier: Apache-2.0
"""The resource types, a module each."""
import importlib

#: Type name to module and class, as the reference tells of them.
TYPES = {
    'Zaqar::Workflow::WaitConditionHandle': (
        'wait_condition_handle', 'WaitConditionHandle'),
    'Zaqar::Workflow::WaitCondition': ('wait_condition', 'WaitCondition'),
    'Zaqar::Workflow::CustomResource': ('custom_resource', 'CustomResource'),
    'Zaqar::Messaging::Queue': ('queue', 'Queue'),
    'Zaqar::Messaging::Topic': ('topic', 'Topic'),
    'Zaqar::Messaging::Subscription': ('subscription', 'Subscription'),
    'Zaqar::Messaging::Pipe': ('pipe', 'Pipe'),
    'Zaqar::Messaging::Message': ('message', 'Message'),
    'Zaqar::Messaging::SignedURL': ('signed_url', 'SignedURL'),
    'Zaqar::Messaging::Pool': ('pool', 'Pool'),
    'Zaqar::Messaging::Flavor': ('flavor', 'Flavor'),
}


def mapping():
    """Type name to class, of all types.

    :raises ImportError: something they need is not installed.
    """
    return {name: getattr(importlib.import_module(
                'heat_plugins.resources.' + module), cls)
            for name, (module, cls) in TYPES.items()}
