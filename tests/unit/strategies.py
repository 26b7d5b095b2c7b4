# SPDX-License-Identifier: Apache-2.0
"""Any JSON, and bodies that look like those with a meaning."""
from hypothesis import strategies as st

from heat_plugins.messages import signal

# Surrogates by themselves are refused by Zaqar, not by JSON.
TEXT = st.text(st.characters(exclude_categories=()), max_size=8)
SCALARS = (st.none() | st.booleans() | st.integers() |
           st.floats() | TEXT | st.sampled_from(['\0', '\U0001f600']))
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) |
    st.dictionaries(TEXT, inner, max_size=4), max_leaves=20)
STATUS = st.sampled_from(signal.STATUSES) | JSON
OURS = st.fixed_dictionaries({}, optional={
    'id': JSON, 'status': STATUS, 'reason': JSON, 'data': JSON,
    'more': JSON})
BODIES = JSON | OURS
