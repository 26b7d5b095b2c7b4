# SPDX-License-Identifier: Apache-2.0
"""A plugin of Horizon: icons of our types in the topology of a stack."""
