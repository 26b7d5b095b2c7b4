# SPDX-License-Identifier: Apache-2.0
"""What the senders' programs take for JSON is what Python takes for it."""
import json
import os
import subprocess

from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
import pytest

from heat_plugins.messages import nesting
from heat_plugins.sending import programs

from . import strategies

PROGRAM = programs.text('json.awk')


@pytest.fixture(params=['dash', 'busybox'], scope='module')
def is_json(request, shells):
    """Asks the awk that goes with a shell."""
    path = '%s:%s' % (shells[request.param], os.environ['PATH'])

    def ask(text):
        judged = subprocess.run(
            ['awk', PROGRAM], input=text + b'\n', capture_output=True,
            env={'PATH': path, 'LC_ALL': 'C'})
        assert (judged.stdout, judged.stderr) == (b'', b'')
        return judged.returncode
    return ask


def refuse(constant):
    raise ValueError(constant)


def expected(text):
    try:
        value = json.loads(text, parse_constant=refuse)
    except ValueError:
        return 1
    return 3 if nesting.is_deeper(value, nesting.DEPTH) else 0


WRITTEN = st.builds(json.dumps, strategies.JSON,
                    ensure_ascii=st.booleans(), indent=st.sampled_from(
                        [None, 0, 1]))
PIECES = st.sampled_from([*'{}[]":, 0123456789.-+eE\\/u\n\t\r\x7f', '1}, {"a"',
                          'true', 'nul', '\\u00e9', '""', '\x01', '\x02'])


@st.composite
def mutated(draw):
    """JSON with a piece put in, or a character taken out, here and there."""
    text = draw(WRITTEN)
    for _change in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(PIECES | st.just('')) + text[
            at + draw(st.integers(0, 1)):]
    return text


@settings(max_examples=150)
@given(text=WRITTEN | mutated() | st.lists(PIECES).map(''.join))
def test_it_takes_what_python_takes(is_json, text):
    assert is_json(text.encode(errors='surrogatepass')) == expected(text)


@pytest.mark.parametrize('text', [
    '', ' ', '1 2', '01', '1.', '.5', '-', '+1', '1e', 'NaN', '-Infinity',
    'truefalse', 'tru e', '"a" "b"', '"', '"\\x"', '"\\u12g4"', '"a\nb"',
    '[1,]', '[,1]', '[1 2]', '{1: 2}', '{"a"}', '{"a": 1,}', '{"a": 1} {}',
    "{'a': 1}", '1}, {"body": 2', '\x01', '\x02', '[\x02]', '"\x02"',
    '[1][2]', '{"a": 1: 2}', '[1}', '// no\n1', '1\x01', '\x0b1'])
def test_what_is_no_json_is_refused(is_json, text):
    assert is_json(text.encode()) == expected(text) == 1


@pytest.mark.parametrize('text', [
    '["%s"]' % ('é' * 130_000), json.dumps('"' * 130_000),
    '[%s]' % ','.join(['1'] * 130_000), '{"a": {"b": [%s]}}' % (
        ', '.join(['{"c": "d"}'] * 20_000)),
    '[' * 100 + ']' * 100])
def test_a_message_of_the_largest_size_is_judged(is_json, text):
    assert is_json(text.encode()) == 0


def test_what_is_nested_too_deeply_is_told_apart(is_json):
    assert is_json(b'[' * 100_000 + b']' * 100_000) == 3
    assert is_json(b'[' * 100_000) == 1
