# SPDX-License-Identifier: Apache-2.0
"""Asking workers: requests that are posted, and their replies.

Knows Zaqar and the contract of custom resources, but not Heat: a resource
composes these parts.
"""
