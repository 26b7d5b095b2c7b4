# SPDX-License-Identifier: Apache-2.0
"""What Heat's resources tell each other is parsed, whatever Python does."""
import ast
import subprocess
import sys

from heat.engine import sync_point
import pytest

from heat_plugins.engine import parsing

STORED = sync_point.serialize_input_data({(7, True): {'id': 'x'}})
# Makes trees while a tree is made, as another thread or a finalizer might.
DISTURBED = '''
import ast, gc, sys
from heat.engine import sync_point
from heat_plugins.engine import parsing
if sys.argv[1:]:
    parsing.install()
stored = sync_point.serialize_input_data({(n, True): {} for n in range(1000)})
left = [500]
def disturb(phase, info):
    if left[0]:
        left[0] -= 1
        ast.literal_eval('[[1]]')
gc.callbacks.append(disturb)
gc.set_threshold(10)
try:
    print(len(sync_point.deserialize_input_data(stored)))
except SystemError as error:
    print(error)
'''


@pytest.fixture
def installed(monkeypatch):
    monkeypatch.setattr(sync_point, 'ast', sync_point.ast)
    parsing.install()


def disturbed(*arguments):
    """What a process of its own prints that makes trees within trees."""
    return subprocess.run(
        [sys.executable, '-W', 'ignore', '-c', DISTURBED, *arguments],
        capture_output=True, text=True, check=True).stdout


def test_python_3_11_needs_it_still():
    """When this fails, ``parsing`` says for which Pythons it is kept."""
    is_at_fault = (3, 11) <= sys.version_info < (3, 11, 8)

    assert ('depth mismatch' in disturbed()) == is_at_fault


def test_what_python_failed_to_parse_is_parsed_again():
    assert disturbed('install') == '1000\n'


def test_heat_parses_as_before(installed):
    assert sync_point.ast is not ast
    assert sync_point.deserialize_input_data(STORED) == {
        (7, True): {'id': 'x'}}


def test_what_cannot_be_parsed_says_so(installed, monkeypatch):
    def fail(text):
        raise SystemError('again')

    monkeypatch.setattr(ast, 'literal_eval', fail)
    with pytest.raises(SystemError, match='again'):
        sync_point.deserialize_input_data(STORED)


def test_a_heat_that_parses_by_something_else_is_left_alone(monkeypatch):
    monkeypatch.delattr(sync_point, 'ast')
    parsing.install()

    assert not hasattr(sync_point, 'ast')
