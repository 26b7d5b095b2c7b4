# SPDX-License-Identifier: Apache-2.0
"""Strangers' texts, as they are shown."""
import pytest

from heat_plugins.messages import texts


@pytest.mark.parametrize('text', [
    '', 'disk full', 'Ünïcödé', '磁盘已满', 'a "quoted" \\ text'])
def test_what_is_printable_stays(text):
    assert texts.line(text) == text


@pytest.mark.parametrize(('text', 'shown'), [
    ('a\nb', 'a\\nb'), ('a\r\tb', 'a\\r\\tb'), ('\x1b[31m', '\\x1b[31m'),
    ('\0', '\\x00'), ('\u202eback', '\\u202eback'),
    ('\u2028', '\\u2028'), ('\x85', '\\x85'), ('\ud800', '\\ud800')])
def test_what_is_not_is_escaped(text, shown):
    assert texts.line(text) == shown


def test_what_is_long_is_cut():
    assert texts.line('x' * 250000) == 'x' * 497 + '...'
    assert texts.line('x' * 500) == 'x' * 500
    assert texts.line('x' * 20, 10) == 'xxxxxxx...'


def test_escapes_count_as_they_are_shown():
    assert texts.line('\n' * 10, 10) == '\\n\\n\\n\\...'
