# SPDX-License-Identifier: Apache-2.0
"""Captures what this version stores in Heat's database."""
