# SPDX-License-Identifier: Apache-2.0
"""Patterns that a message's body matches or not.

The language is that of the event patterns of Amazon EventBridge: a map of
keys, each with a map again or with a list of alternatives, of which one must
match. All keys must match; what else the body has is ignored.

How arrays and absence are understood:

- An array in the body, also one of arrays, matches when any element does;
  below an array of maps, all keys of one map of the pattern must match
  within the same element.
- A field is absent when no scalar is at its keys, in any element of any
  array on the way; an empty array, and a map, are no scalar.
- A body that is not a map has no fields.

What it costs is bounded: a pattern has a limited size, and a body that it
takes too many steps to judge is ``TooCostly``.

Where it differs from EventBridge, on purpose:

- A lone scalar is a list of one alternative, except below a key that is the
  name of an operator, where it would hide a forgotten list.
- Numbers are compared as numbers, whole ones exactly, without EventBridge's
  limits on size and digits; a value as well as ``numeric``.
- The two bounds of ``numeric`` may come in either order.
- ``anything-but`` takes strings and numbers in one list; strings may be
  empty everywhere.
- Each pattern of an ``$or`` is matched by itself, so that a key that it
  shares with its siblings may match in another element of an array.
- ``exists: false`` considers all elements of arrays, in whatever order the
  keys are written; it ignores what the siblings matched.
- ``$or`` is always the operator, never the name of a field.
- A dot in a key is a dot, and does not lead to a field within.
- A value that is an IP address is a string like any other, but for ``cidr``;
  ``cidr`` takes a single address (/32, /128), and ignores the bits of the
  host.
- Case is ignored as Unicode defines it, in one string as a whole: ``ss``
  equals the German sharp s.
"""
from heat_plugins.messages.patterns.compiled import Pattern
from heat_plugins.messages.patterns.compiler import compile
from heat_plugins.messages.patterns.errors import PatternError
from heat_plugins.messages.patterns.errors import TooCostly

__all__ = ['Pattern', 'PatternError', 'TooCostly', 'compile']
