# SPDX-License-Identifier: Apache-2.0
"""Mistral: workflows."""
from heat_plugins.localcloud import further


class Mistral(further.Further):
    """Mistral's API, engine and executor in one process."""

    name = 'mistral'
    type = 'workflowv2'
    path = '/v2'

    def environment(self):
        return {'MISTRAL_CONFIG_FILE': str(self.config_file)}

    def settings(self):
        return {
            # Actions are run where the engine is.
            'executor': {'type': 'local'},
            'cron_trigger': {'enabled': False},
            # Workflows talk to the services of this machine.
            'action_std_http': {'denied_cidrs': ''},
            'healthcheck': {'enabled': True},
        }
