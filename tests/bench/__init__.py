# SPDX-License-Identifier: Apache-2.0
"""Ours and Heat's own side by side, in one run on one cloud."""
