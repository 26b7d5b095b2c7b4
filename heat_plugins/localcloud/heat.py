# SPDX-License-Identifier: Apache-2.0
"""Heat as a whole: the engine, its API and its CFN API, in one process."""
from heat_plugins.localcloud import heat_api


class Heat(heat_api.HeatApi):
    """The APIs with an engine, which they reach through memory."""

    name = 'heat'
    module = 'heat_plugins.localcloud.serve.heat'
    transport_url = 'fake://'
