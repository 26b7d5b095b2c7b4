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
    ('\u2028', '\\u2028'), ('\x85', '\\x85'), ('\ud800', '\\ud800'),
    ('full \U0001f600', 'full \\U0001f600'), ('\uffee', '\uffee')])
def test_what_is_not_is_escaped(text, shown):
    assert texts.line(text) == shown


def test_what_is_long_is_cut():
    assert texts.line('x' * 250000) == 'x' * 497 + '...'
    assert texts.line('x' * 500) == 'x' * 500
    assert texts.line('x' * 20, 10) == 'xxxxxxx...'


def test_escapes_count_as_they_are_shown():
    assert texts.line('\n' * 10, 10) == '\\n\\n\\n\\...'


@pytest.mark.parametrize(('text', 'shown'), [
    ('', ''), ('two\nlines \t\u202e', 'two\nlines \t\u202e'),
    ('\uffff\U00010000\U0010ffff', '\uffff\\U00010000\\U0010ffff'),
    ('\ud7ff\ud800\udfff\ue000', '\ud7ff\\ud800\\udfff\ue000')])
def test_what_a_database_may_not_hold_is_escaped(text, shown):
    assert texts.storable(text) == shown


@pytest.mark.parametrize(('length', 'stored'), [
    (19999, 19999), (20000, 20000), (20001, 20000)])
def test_the_longest_reason_fits_a_column(length, stored):
    text = texts.storable('\uffee' * length)

    assert len(text) == stored
    assert text.endswith('...') == (length > stored)
    # what Heat writes before it has the name of the resource
    assert len(('\uffee' * 255 + text).encode()) < 65535
