# SPDX-License-Identifier: Apache-2.0
"""To be linked into openstack_dashboard/local/enabled."""
FEATURE = 'heat-zaqar-plugins'
ADD_INSTALLED_APPS = ['heat_plugins.dashboard']
