# SPDX-License-Identifier: Apache-2.0
"""How deliveries are tried again: ``delivery_retry``, or ``retry``."""

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
    return ('maximum_delay (%d) must be at least %d more than minimum_delay '
            '(%d).' % (high, _SPAN, low))


def _or(value, default):
    return default if value is None else value
