# SPDX-License-Identifier: Apache-2.0
"""What heat-engine loads by entry point: client, constraints, options."""
