# SPDX-License-Identifier: Apache-2.0
"""What strangers say, made fit to be shown in events, errors and logs."""

#: Characters of a stranger's text that are shown.
LENGTH = 500
#: Characters of a whole account, of which such texts are parts.
ACCOUNT = 2000
_CUT = '...'


def line(text, limit=LENGTH):
    """A text as one line that cannot pretend to be another.

    Newlines, escape sequences of a terminal, marks that turn the direction of
    writing and all else that is not printable are shown as Python writes them,
    such as ``\\n``.

    :param limit: characters of the line; a longer one is cut.
    """
    # Escapes only make it longer: what is cut here would be cut below.
    shown = ''.join(_shown(each) for each in text[:limit + 1])
    if len(shown) <= limit:
        return shown
    return shown[:limit - len(_CUT)] + _CUT


def _shown(character):
    if character.isprintable():
        return character
    return character.encode('unicode_escape').decode()
