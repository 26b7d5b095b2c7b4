# SPDX-License-Identifier: Apache-2.0
"""Tokens that Keystone gave by the trusts of stacks, kept for the next check.

Heat makes a context for each check of a resource, and would get a token with
each: most of the time that the check of a wait takes, and most of what
Keystone has to do for it.
"""
import collections
import threading

# How many trusts; that is at most some megabytes of tokens and catalogs.
_MOST = 500

_lock = threading.Lock()
_known = collections.OrderedDict()


def share(context):
    """Have a context use the token of earlier ones by the same trust.

    keystoneauth gets another one when that ends, or is refused.

    :param context: a ``heat.common.context.RequestContext``.
    """
    if context.trust_id is None:
        return
    with _lock:
        plugin = _known.pop(context.trust_id, None)
        if plugin is None:
            plugin = context.trusts_auth_plugin
        _known[context.trust_id] = context._trusts_auth_plugin = plugin
        if len(_known) > _MOST:
            _known.popitem(last=False)
