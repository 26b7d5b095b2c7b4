# SPDX-License-Identifier: Apache-2.0
"""Custom resources: what is asked of a worker, answered, and what follows.

Pure values, for both sides: heat-engine asks, a worker answers. Both validate
by the JSON Schemas ``request.json`` and ``reply.json`` beside this file.
"""
