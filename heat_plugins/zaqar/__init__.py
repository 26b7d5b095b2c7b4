# SPDX-License-Identifier: Apache-2.0
"""python-zaqarclient on a keystoneauth session, corrected.

``client.Client`` is python-zaqarclient's own v2 client, so everything it
offers is there. What differs: one transport that lives as long as its
keystoneauth adapter (``transport``), errors that name their cause
(``errors``) and queues that tell the truth (``queue``).
"""
