# SPDX-License-Identifier: Apache-2.0
"""Stacks that are there, as Heat's API shows them to a user."""
