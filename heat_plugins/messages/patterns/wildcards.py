# SPDX-License-Identifier: Apache-2.0
"""Text with ``*`` for any characters, matched in one pass."""
import re

# A backslash with what follows it, if anything; a star; a run of the rest.
_TOKEN = re.compile(r'\\.?|\*|[^\\*]+', re.DOTALL)
_ESCAPES = {'\\*': '*', '\\\\': '\\'}


def split(text):
    r"""Split at each ``*``, and resolve ``\*`` and ``\\``.

    :returns: a list of the literal texts between the stars, one more than
        there are stars.
    :raises ValueError: two stars in a row, or another escape; the text says
        what is allowed.
    """
    pieces = ['']
    before = ''
    for token in _TOKEN.findall(text):
        if token == '*':
            if before == '*':
                raise ValueError('"*" must not be followed by another "*"')
            pieces.append('')
        elif token[0] == '\\' and token not in _ESCAPES:
            raise ValueError('a backslash must be followed by "*" or by '
                             'another backslash')
        else:
            pieces[-1] += _ESCAPES.get(token, token)
        before = token
    return pieces


def matches(pieces, text):
    """Whether the text is the pieces, with anything between each two.

    The first place of a piece leaves the most for those after it, so that
    no other place need be tried.
    """
    first, *middle = pieces
    if not middle:
        return text == first
    last = middle.pop()
    start, end = len(first), len(text) - len(last)
    if start > end or not (text.startswith(first) and text.endswith(last)):
        return False
    for piece in middle:
        found = text.find(piece, start, end)
        if found < 0:
            return False
        start = found + len(piece)
    return True
