# SPDX-License-Identifier: Apache-2.0
"""Parts by themselves, against a Zaqar in memory."""
