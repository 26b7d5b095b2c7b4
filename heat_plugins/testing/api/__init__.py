# SPDX-License-Identifier: Apache-2.0
"""The resources of the v2 API, one module each.

A handler takes a ``call.Call`` and gives a ``call.Answer``, or raises
``refusals.Refusal``.
"""
