# SPDX-License-Identifier: Apache-2.0
"""Pipes: what comes to a queue, filtered, shaped, and delivered to a target.

A ``Zaqar::Messaging::Pipe`` writes down in the metadata of a queue of its own
what it is to do; ``heat-zaqar pipes`` does it, in two steps. Each step is a
lane, which one process serves at a time::

    source ── sorting ──> queue of each pipe ── delivering ──> its target
              match                             input, retries,
                                                dead letters

A message is deleted from one queue when it is in the next one, or delivered:
whatever is killed in between, it is delivered at least once, with the same id.
"""
