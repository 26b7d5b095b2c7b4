# SPDX-License-Identifier: Apache-2.0
"""The property ``delivery_retry``, or ``retry``, and ``_retry_policy``."""
# The keys that Zaqar names otherwise.
_STORED = {'backoff': 'retry_backoff_function'}
_GIVEN = {stored: given for given, stored in _STORED.items()}


def stored(retry):
    """A property's value as Zaqar has it; None for nothing given."""
    return {_STORED.get(key, key): value
            for key, value in (retry or {}).items()
            if value is not None} or None


def given(policy):
    """The way back."""
    return {_GIVEN.get(key, key): value for key, value in policy.items()}
