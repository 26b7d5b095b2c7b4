# SPDX-License-Identifier: Apache-2.0
"""What Heat's threads exchange is parsed as Heat parses it."""
import ast

from heat.engine import sync_point

from heat_plugins.localcloud.serve import parsing


def test_heat_parses_as_before_one_thread_at_a_time(monkeypatch):
    monkeypatch.setattr(sync_point, 'ast', sync_point.ast)
    parsing.install()
    stored = sync_point.serialize_input_data({(7, True): {'id': 'x'}})

    assert sync_point.ast is not ast
    assert sync_point.deserialize_input_data(stored) == {
        (7, True): {'id': 'x'}}
