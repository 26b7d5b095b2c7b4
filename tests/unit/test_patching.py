# SPDX-License-Identifier: Apache-2.0
"""A change that leaves an author's style as it is."""
from hypothesis import given
from hypothesis import strategies as st
import pytest

from heat_plugins.templates import patching

LINES = st.lists(st.sampled_from('abcde'), max_size=8)


@pytest.mark.parametrize(('text', 'before', 'after', 'patched'), [
    ('a\nb\n', 'a\nb\n', 'a\nc\n', 'a\nc\n'),
    ('a: { x }\nb\n', 'a: {x}\nb\n', 'a: {x}\nc\n', 'a: { x }\nc\n'),
    # a list of the author's is not indented
    ('k:\n- a\n- b: 1\n', 'k:\n  - a\n  - b: 1\n', 'k:\n  - a\n  - c: 1\n',
     'k:\n- a\n- c: 1\n'),
    # a line of the library's is two of the author's
    ('a: [x,\n  y]\nb\n', 'a: [x, y]\nb\n', 'a: [x, y]\nc\n',
     'a: [x, y]\nc\n'),
    ('a: [x,\n  y]\nz\nb\n', 'a: [x, y]\nz\nb\n', 'a: [x, y]\nz\nc\n',
     'a: [x,\n  y]\nz\nc\n'),
    ('a\nb\n', 'a\nb\n', 'b\n', 'b\n'),
    ('b\n', 'b\n', 'a\nb\nc\n', 'a\nb\nc\n')])
def test_only_what_changes_is_changed(text, before, after, patched):
    assert patching.patched(text, before, after) == patched


@given(before=LINES, after=LINES)
def test_in_the_librarys_own_style_it_is_what_the_library_writes(before,
                                                                 after):
    before, after = (''.join(each + '\n' for each in some)
                     for some in (before, after))

    assert patching.patched(before, before, after) == after


@given(text=LINES, before=LINES, after=LINES)
def test_whatever_the_style_is_the_new_lines_are_there(text, before, after):
    text, old, new = (''.join(each + '\n' for each in some)
                      for some in (text, before, after))

    patched = patching.patched(text, old, new)
    assert set(after) - set(before) <= set(patched.split())
