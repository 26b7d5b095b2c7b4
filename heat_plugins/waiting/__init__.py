# SPDX-License-Identifier: Apache-2.0
"""Waiting for messages: what is new on a queue, and what it amounts to.

Knows Zaqar and messages, but not Heat: a resource composes these parts.
"""
