# SPDX-License-Identifier: Apache-2.0
"""Heat resource plugins that drive workflows through Zaqar messages."""
