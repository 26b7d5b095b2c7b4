# SPDX-License-Identifier: Apache-2.0
"""Templates as data, for tools: needs neither Heat nor a cloud."""
