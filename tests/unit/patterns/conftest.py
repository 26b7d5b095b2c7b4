# SPDX-License-Identifier: Apache-2.0
"""The other implementation is not to be had for every Python."""
import importlib.util

collect_ignore = [] if importlib.util.find_spec('event_ruler') else [
    'test_oracle.py']
