# SPDX-License-Identifier: Apache-2.0
"""A page in the user's browser that shows stacks as they go on.

The page gets what it shows from a server on loopback, which pushes what is
new; credentials stay in this process.
"""
