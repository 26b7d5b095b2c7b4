# SPDX-License-Identifier: Apache-2.0
"""The property ``delivery_retry``, or ``retry``, and ``_retry_policy``."""
from heat.common.i18n import _

# The keys that Zaqar names otherwise.
_STORED = {'backoff': 'retry_backoff_function'}
_GIVEN = {stored: given for given, stored in _STORED.items()}
# Zaqar's defaults, which count where nothing is given, and its rule.
_MINIMUM_DELAY = 5
_MAXIMUM_DELAY = 30
_SPAN = 10


def problem(retry):
    """What is wrong with a property's value, or None."""
    low = _or((retry or {}).get('minimum_delay'), _MINIMUM_DELAY)
    high = _or((retry or {}).get('maximum_delay'), _MAXIMUM_DELAY)
    if high - low >= _SPAN:
        return None
    return _('maximum_delay (%(high)d) must be at least %(span)d more than '
             'minimum_delay (%(low)d).') % {
                 'high': high, 'low': low, 'span': _SPAN}


def stored(retry):
    """A property's value as Zaqar has it; None for nothing given."""
    return {_STORED.get(key, key): value
            for key, value in (retry or {}).items()
            if value is not None} or None


def given(policy):
    """The way back."""
    return {_GIVEN.get(key, key): value for key, value in policy.items()}


def _or(value, default):
    return default if value is None else value
