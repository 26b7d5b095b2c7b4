# SPDX-License-Identifier: Apache-2.0
"""The command ``heat-zaqar``: parsing and printing only."""
