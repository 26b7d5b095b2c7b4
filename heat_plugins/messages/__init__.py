# SPDX-License-Identifier: Apache-2.0
"""Messages, and what they say: pure values, knowing neither Heat nor HTTP."""
